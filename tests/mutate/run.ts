/**
 * Mutation testing of crypto/: every place of the code is made wrong in turn, and the tests of tests/crypto must notice.
 *
 *   node tests/mutate/run.ts [--again] [--alive] [--workers N] [crypto/head.ts …]
 *
 * Files whose result still stands are left out, unless named or with --again; --alive tries only what survived last time. Results
 * are kept in .cache/mutate. Exits 1 where less than 90 % are killed or a survivor is not explained in survivors.md.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { root } from './modules.ts'
import { apply, mutantsOf, type Mutant } from './mutants.ts'
import { Tests } from './plan.ts'
import { nameOf, readResult, survivors, table, writeResult, type Fate } from './results.ts'
import { Runner } from './runner.ts'

const SHARE = 0.9
/** What these do wrong may outlive them, in libsodium's memory. */
const LASTING = new Set(['crypto/scratch.ts', 'crypto/primitives.ts', 'crypto/password.ts'])

const { values, positionals } = parseArgs({
  options: { again: { type: 'boolean' }, alive: { type: 'boolean' }, workers: { type: 'string' } },
  allowPositionals: true,
})
const project = fileURLToPath(root)
const read = (file: string): string => readFileSync(join(project, file), 'utf8')
const within = (folder: string, pattern: RegExp): string[] =>
  readdirSync(join(project, folder))
    .filter(name => pattern.test(name))
    .map(name => `${folder}/${name}`)

const files = within('crypto', /^(?!index\.ts).*\.ts$/)
const unknown = positionals.find(name => !files.includes(name))
if (unknown) throw new Error(`no file ${unknown}`)
const sources = new Map(files.map(file => [file, read(file)]))
const mutants = [...sources].flatMap(([file, source]) => mutantsOf(file, source))
const places = mutants.map(({ file, start }, id) => ({ id, file, start }))

const stands = (file: string): boolean =>
  !values.again && !values.alive && !positionals.includes(file) && readResult(file, sources.get(file)!) !== null
const wanted = (positionals.length ? positionals : files).filter(file => !stands(file))

async function measured(): Promise<Tests> {
  const runner = new Runner()
  const order = { kind: 'measure', files: within('tests/crypto', /^(?!every-object).*\.test\.ts$/), places } as const
  const outcome = await runner.ask(order, () => 600_000)
  runner.end()
  if (outcome.kind !== 'measured') throw new Error(`the tests do not run: ${outcome.why}`)
  const failing = outcome.files.flatMap(({ file, tests }) =>
    tests.filter(({ failed }) => failed).map(one => ({ ...one, file })),
  )
  for (const { file, name, failed } of failing)
    console.error(`left out, for it fails as things are: ${file}: ${name}: ${failed}`)
  return new Tests(outcome.files, outcome.atStart, places)
}

async function fateOf(runner: Runner, tests: Tests, id: number): Promise<Fate> {
  const mutant = mutants[id]!
  const plan = tests.planFor(id)
  if (!plan.length) return { ...mutant, killedBy: null, why: 'no test runs it', ms: 0 }
  const start = performance.now()
  const change = { file: mutant.file, text: apply(sources.get(mutant.file)!, mutant) }
  const outcome = await runner.ask({ kind: 'try', change, tests: plan }, running => tests.limit(running))
  if (LASTING.has(mutant.file)) runner.end()
  if (outcome.kind !== 'tried') throw new Error('another answer than asked for')
  if (outcome.killedBy) tests.killed(plan, outcome.killedBy.split(':')[0]!)
  return { ...mutant, killedBy: outcome.killedBy, why: outcome.why, ms: Math.round(performance.now() - start) }
}

/** Each worker takes the next mutant until none is left. */
async function fatesOf(tests: Tests, ids: number[]): Promise<Fate[]> {
  const fates = new Map<number, Fate>()
  const queue = [...ids]
  const work = async (): Promise<void> => {
    const runner = new Runner()
    for (let id = queue.shift(); id !== undefined; id = queue.shift()) fates.set(id, await fateOf(runner, tests, id))
    runner.end()
  }
  await Promise.all(Array.from({ length: Number(values.workers ?? availableParallelism()) }, work))
  return ids.map(id => fates.get(id)!)
}

async function mutate(tests: Tests, file: string): Promise<void> {
  const known = values.alive ? readResult(file, sources.get(file)!) : null
  const dead = new Map((known ?? []).filter(({ killedBy }) => killedBy).map(fate => [key(fate), fate]))
  const ids = places.filter(place => place.file === file).map(({ id }) => id)
  const start = performance.now()
  const open = ids.filter(id => !dead.has(key(mutants[id]!)))
  const tried = new Map((await fatesOf(tests, open)).map(fate => [key(fate), fate]))
  const fates = ids.map(id => tried.get(key(mutants[id]!)) ?? dead.get(key(mutants[id]!))!)
  writeResult(file, sources.get(file)!, fates)
  const alive = survivors(fates)
  console.log(
    `${file}: ${fates.length} mutants, ${alive.length} alive and not explained, ${Math.round((performance.now() - start) / 1000)} s`,
  )
  for (const fate of alive)
    console.log(`  ${fate.line} ${fate.operator}: ${nameOf(fate)}${fate.why && ` (${fate.why})`}`)
}
const key = ({ start, end, text }: Mutant): string => `${start} ${end} ${text}`

if (wanted.length) {
  const tests = await measured()
  for (const file of wanted) await mutate(tests, file)
}
const results = new Map<string, Fate[]>()
for (const [file, source] of sources) {
  const fates = readResult(file, source)
  if (fates?.length) results.set(file, fates)
}
console.log(table(results))
const all = [...results.values()].flat()
const killed = all.filter(({ killedBy }) => killedBy).length
process.exit(killed >= SHARE * all.length && !survivors(all).length ? 0 : 1)
