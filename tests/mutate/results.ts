/**
 * What became of the mutants: a file of JSON for each source, and a table. It is kept until that source changes, whatever becomes
 * of the tests: to try all again at each edit of one would take an hour. Tests that come are for `--alive`; that nothing lives on
 * because of those that went is known after `--again`.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { root } from './modules.ts'
import type { Mutant } from './mutants.ts'

export type Fate = Mutant & { killedBy: string | null; why: string; ms: number }

interface Result {
  file: string
  /** Of the source. */
  hash: string
  fates: Fate[]
}

const project = fileURLToPath(root)
const folder = join(project, '.cache/mutate')
const pathOf = (file: string): string => join(folder, `${basename(file, '.ts')}.json`)
const hashOf = (source: string): string => createHash('sha256').update(source).digest('hex')

export function writeResult(file: string, source: string, fates: Fate[]): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(pathOf(file), JSON.stringify({ file, hash: hashOf(source), fates } satisfies Result, null, 1))
}

/** null where there is none of this very source. */
export function readResult(file: string, source: string): Fate[] | null {
  try {
    const { hash, fates } = JSON.parse(readFileSync(pathOf(file), 'utf8')) as Result
    return hash === hashOf(source) ? fates : null
  } catch {
    return null
  }
}

/** Why a survivor may live stands in survivors.md, beside the line and what became of it. */
const explanations = (): string => readFileSync(new URL('survivors.md', import.meta.url), 'utf8')
export const nameOf = ({ before, after }: Mutant): string => `\`${before}\` → \`${after}\``

export function table(results: ReadonlyMap<string, Fate[]>): string {
  const explained = explanations()
  const row = (name: string, fates: readonly Fate[]): string => {
    const alive = fates.filter(({ killedBy }) => !killedBy)
    const open = alive.filter(fate => !explained.includes(nameOf(fate)))
    const share = ((100 * (fates.length - alive.length)) / fates.length).toFixed(1)
    return `| ${[name, fates.length, fates.length - alive.length, share, alive.length, open.length].join(' | ')} |`
  }
  return [
    '| file | mutants | killed | % | alive | of these not explained |',
    '|---|---|---|---|---|---|',
    ...[...results].map(([file, fates]) => row(file, fates)),
    row('all', [...results.values()].flat()),
  ].join('\n')
}

export const survivors = (fates: readonly Fate[]): Fate[] => {
  const explained = explanations()
  return fates.filter(fate => !fate.killedBy && !explained.includes(nameOf(fate)))
}
