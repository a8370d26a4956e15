/** `npm run fuzz -- [--seconds N] [--seed S] [--parser NAME]`: every parser in a thread of its own, watched (README.md). */
import { mkdirSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { INPUT_BYTES } from './mutate.ts'
import type { Parser } from './parser.ts'
import { parsers } from './parsers.ts'
import { fileName, fromFile } from './try.ts'
import { LIMITS, watch, type Watched } from './watch.ts'
import type { Task } from './worker.ts'

const program = new URL('worker.ts', import.meta.url)
const corpus = new URL('corpus/', import.meta.url)

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    parser: { type: 'string' },
  },
})
const chosen = parsers.filter(({ name }) => !values.parser || name === values.parser)
if (!chosen.length) throw new Error(`no such parser: ${parsers.map(({ name }) => name).join(', ')}`)

const shared = (bytes: number): SharedArrayBuffer => new SharedArrayBuffer(bytes)

const taskOf = ({ name }: Parser, milliseconds: number): Task => ({
  parser: name,
  seed: Number(values.seed),
  milliseconds,
  counts: new Int32Array(shared(12)),
  current: new Uint8Array(shared(INPUT_BYTES + 1)),
})

/** What no input did leaves none to keep. */
function keep(parser: Parser, { why, file }: Watched['findings'][number]): void {
  const name = file ? fileName(parser, fromFile(file)) : parser.name
  console.error(`${name}\n${why}\n`)
  if (!file) return
  mkdirSync(corpus, { recursive: true })
  writeFileSync(new URL(name, corpus), file)
}

const rows: object[] = []
let found = 0
for (const parser of chosen) {
  const task = taskOf(parser, (Number(values.seconds) * 1000) / chosen.length)
  const { inputs, refused, accepted, findings, beside } = await watch(program, task, LIMITS)
  rows.push({ parser: parser.name, inputs, refused, accepted, MiB: beside, findings: findings.length })
  found += findings.length
  for (const finding of findings) keep(parser, finding)
}
console.table(rows)
process.exitCode = found ? 1 : 0
