/** `npm run fuzz -- [--seconds N] [--seed S] [--parser NAME]`: every parser in a thread of its own, watched (README.md). */
import { mkdirSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { INPUT_BYTES } from './mutate.ts'
import { parsers, type Parser } from './parsers.ts'
import { fileName, fromFile } from './try.ts'
import type { Report, Task } from './worker.ts'

const HANG_MS = 5000
const HEAP_MB = 512
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

/** A worker that dies or hangs leaves its last input behind as the finding. */
function watch(parser: Parser, milliseconds: number): Promise<Report & { inputs: number }> {
  const task: Task = {
    parser: parser.name,
    seed: Number(values.seed),
    milliseconds,
    counts: new Int32Array(shared(8)),
    current: new Uint8Array(shared(INPUT_BYTES + 1)),
  }
  const worker = new Worker(new URL('worker.ts', import.meta.url), {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  })
  const { promise, resolve } = Promise.withResolvers<Report & { inputs: number }>()
  const ended = (report: Report): void => resolve({ ...report, inputs: task.counts[0]! })
  const died = (why: string): void => {
    const file = task.current.slice(0, task.counts[1])
    ended({ refused: 0, accepted: 0, findings: [{ why, file }] })
  }
  const stop = watchForHang(task, () => died('hangs'))
  worker.once('message', ended)
  worker.once('error', error => died(String(error)))
  worker.once('exit', () => died('ended without a report')) // nothing, where it has reported
  return promise.finally(() => {
    stop()
    return worker.terminate() // a library may keep the thread alive
  })
}

function watchForHang({ counts }: Task, hangs: () => void): () => void {
  let [last, since] = [-1, performance.now()]
  const timer = setInterval(() => {
    const now = Atomics.load(counts, 0)
    if (now !== last || now === 0) [last, since] = [now, performance.now()] // 0: the worker still starts
    else if (performance.now() - since > HANG_MS) hangs()
  }, 250)
  return () => clearInterval(timer)
}

const rows: object[] = []
let found = 0
for (const parser of chosen) {
  const { inputs, refused, accepted, findings } = await watch(parser, (Number(values.seconds) * 1000) / chosen.length)
  rows.push({ parser: parser.name, inputs, refused, accepted, findings: findings.length })
  found += findings.length
  for (const { why, file } of findings) {
    mkdirSync(corpus, { recursive: true })
    const name = fileName(parser, fromFile(file))
    writeFileSync(new URL(name, corpus), file)
    console.error(`${name}\n${why}\n`)
  }
}
console.table(rows)
process.exitCode = found ? 1 : 0
