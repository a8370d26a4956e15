/**
 * Benchmarks: figures of this machine as ratios to a baseline in the same run, as a Markdown table.
 *
 *   node tests/bench/run.ts [--json] [store] [scale] [many] [open] [add] [grant] [group] [blob] [reads] [size] [crypto] [crypto-browser]
 *
 * Exits 1 where a target is missed.
 */
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { add } from './add.ts'
import { blob } from './blob.ts'
import { grant } from './grant.ts'
import { group } from './group.ts'
import { open } from './open.ts'
import { reads } from './reads.ts'
import { scale } from './scale.ts'
import { size } from './size.ts'
import { store } from './store.ts'
import { machine, markdown, type Bench } from './table.ts'

const BENCHES: { [name: string]: () => Promise<Bench> } = {
  store,
  scale,
  open,
  add,
  grant,
  group,
  blob,
  reads,
  size,
  many: async () => (await import('./many.ts')).many(), // minutes; with a bundler and a browser
  crypto: async () => (await import('./crypto.ts')).cryptoInNode(), // with a bundler and another library: only when asked
  'crypto-browser': async () => (await import('./crypto.ts')).cryptoInChromium(),
}

const { values, positionals } = parseArgs({ options: { json: { type: 'boolean' } }, allowPositionals: true })
const unknown = positionals.find(name => !BENCHES[name])
if (unknown) throw new Error(`no bench ${unknown}: ${Object.keys(BENCHES).join(', ')}`)

const before = loadavg()[0]!
const done: Bench[] = []
for (const [name, bench] of Object.entries(BENCHES)) {
  if (positionals.length && !positionals.includes(name)) continue
  process.stderr.write(`${name} …\n`)
  done.push(await bench())
}
const load = { before, after: loadavg()[0]! }
console.log(values.json ? JSON.stringify({ machine: machine(), load, benches: done }, null, 2) : markdown(done, load))
// Sessions keep a timer until their tokens end.
process.exit(done.every(({ rows }) => rows.every(({ met }) => met)) ? 0 : 1)
