/**
 * Preloaded (`node --import`) before a program of ours: notes every key that the program uses, and every error it makes, whatever
 * becomes of them. So what is searched for afterwards is not a list that somebody has to keep in mind. A pod server logs all it can.
 */
import { registerHooks } from 'node:module'

const swapped: [module: string, by: string][] = [
  ['/crypto/primitives.ts', import.meta.resolve('./recorded-primitives.ts')],
  ['/crypto/errors.ts', import.meta.resolve('./recorded-errors.ts')],
  ['/pod-server/cache.ts', import.meta.resolve('./talkative-pod.ts')],
]

registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context)
    const by = swapped.find(([module]) => found.url.endsWith(module))?.[1]
    return by && context.parentURL !== by ? { ...found, url: by } : found
  },
})
