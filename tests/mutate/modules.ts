/**
 * The project's modules as one mutant has them: each mutant imports all of them anew, under addresses of its own (`?mutant=7`),
 * and one of them with another text. Packages are loaded once.
 */
import { readFileSync } from 'node:fs'
import { registerHooks, stripTypeScriptTypes } from 'node:module'

/** One file, relative to the project, with another text. */
export interface Change {
  file: string
  text: string
}

export const root = new URL('../../', import.meta.url).href
const tools = new URL('./', import.meta.url).href
const suite = new URL('suite.ts', import.meta.url).href

const isOurs = (url: string): boolean =>
  url.startsWith(root) && !url.includes('/node_modules/') && !url.startsWith(tools) && url.endsWith('.ts')

/** Positions stay: a type becomes as many spaces. */
const stripped = new Map<string, string>()
function plain(path: string): string {
  const known = stripped.get(path)
  if (known !== undefined) return known
  const text = stripTypeScriptTypes(readFileSync(new URL(path), 'utf8'))
  stripped.set(path, text)
  return text
}

let count = 0
let current: Change | null = null

registerHooks({
  resolve(specifier, context, next) {
    if (specifier === 'vitest' && context.parentURL !== suite) return { url: suite, shortCircuit: true }
    const found = next(specifier, context)
    return isOurs(found.url) ? { ...found, url: `${found.url}?mutant=${count}` } : found
  },
  load(url, context, next) {
    const [path, mark] = url.split('?') as [string, string | undefined]
    if (!mark?.startsWith('mutant=')) return next(url, context)
    const source = path === root + current?.file ? stripTypeScriptTypes(current!.text) : plain(path)
    return { format: 'module', source, shortCircuit: true }
  },
})

/** From here on, imports are of this mutant; null: of the code as it stands. */
export function become(change: Change | null): void {
  count += 1
  current = change
}

/** `file` relative to the project. */
export const load = (file: string): Promise<unknown> => import(`${root}${file}?mutant=${count}`)
