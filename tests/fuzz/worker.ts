/** Feeds one parser until its time is over. Each input stands in shared memory first, so that one that kills or hangs is known. */
import { getHeapStatistics } from 'node:v8'
import { parentPort, workerData } from 'node:worker_threads'
import { parsers } from './parsers.ts'
import { randomFrom } from './random.ts'
import { attempt, draw, minimised, toFile } from './try.ts'

export interface Task {
  parser: string
  seed: number
  milliseconds: number
  /** Number of inputs begun, length of the current one, MiB held beside the heap after the last. */
  counts: Int32Array
  current: Uint8Array
}
export interface Report {
  refused: number
  accepted: number
  /** `file`: the input, as `toFile` writes it; null where none had begun. */
  findings: { why: string; file: Uint8Array | null }[]
}

const FINDINGS = 3
const MIB = 2 ** 20
const { parser: name, seed, milliseconds, counts, current } = workerData as Task
const parser = parsers.find(one => one.name === name)!
const random = randomFrom(seed)
const report: Report = { refused: 0, accepted: 0, findings: [] }
const end = performance.now() + milliseconds

while (performance.now() < end && report.findings.length < FINDINGS) {
  const input = draw(random, parser)
  const file = toFile(input)
  current.set(file)
  counts[1] = file.length
  Atomics.add(counts, 0, 1)
  const outcome = await attempt(parser, input)
  Atomics.store(counts, 2, getHeapStatistics().external_memory / MIB)
  if (typeof outcome === 'string') report[outcome]++
  else report.findings.push({ why: outcome.finding, file: toFile(await minimised(parser, input)) })
}
parentPort!.postMessage(report)
