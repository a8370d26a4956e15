/** A pod in bad weather, by a seed: answers are late, requests fail before or after the fact, for a while all do, and the program dies. */
import { AlveoleError, type ErrorCode } from '#crypto'
import type { Pod } from '#core'
import type { Random } from '../fuzz/random.ts'

export interface Climate {
  /** Of a thousand requests: how many fail, and at how many the program dies. */
  failing: number
  dying: number
  /** How many requests in a row fail, once one of a thousand begins it. */
  storm: number
}

export interface StormyPod {
  pod: Pod
  /** Whether its program died: whatever it does from then on reaches nobody. */
  isDead(): boolean
}

const REQUESTS = new Set(['get', 'put', 'post', 'patch', 'delete', 'list'])
const CODES: readonly ErrorCode[] = ['offline', 'server', 'busy', 'full', 'unauthorized']

export function stormyPod(pod: Pod, random: Random, { failing, dying, storm }: Climate): StormyPod {
  let [dead, bad] = [false, 0]
  const fails = (): never => {
    throw new AlveoleError(dead ? 'offline' : random.pick(CODES))
  }
  const request = async (work: () => Promise<unknown>): Promise<unknown> => {
    await late(random)
    if (dead) return fails()
    if (bad > 0) return (bad--, fails())
    const dice = random.below(1000)
    dead = dice < dying
    if (dice === 999) bad = storm
    if (!dead && dice >= dying + failing) return work()
    if (random.below(2)) await work().catch(() => undefined) // the server did it, and nobody heard
    return fails()
  }
  const stormy = new Proxy(pod, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function') return value
      const call = (...args: unknown[]): unknown => value.apply(target, args)
      return REQUESTS.has(String(name)) ? (...args: unknown[]) => request(async () => call(...args)) : call
    },
  })
  return { pod: stormy, isDead: () => dead }
}

/** Some turns of the event loop, so that programs overtake each other. */
async function late(random: Random): Promise<void> {
  for (let turns = random.below(4); turns > 0; turns--) await new Promise(resolve => setImmediate(resolve))
}
