/**
 * Watches a worker that feeds a parser: one that does not start, hangs at an input, dies, or grows beyond bounds, in its heap or
 * beside it, where V8's own limit does not hold (buffers, WebAssembly), is ended, and its last input is the finding.
 */
import { Worker } from 'node:worker_threads'
import type { Report, Task } from './worker.ts'

export interface Limits {
  /** Milliseconds until the first input, imports and samples included; and for one input. */
  start: number
  input: number
  /** MiB: of the worker's heap; of what it holds beside it; by which the whole process grows. */
  heap: number
  beside: number
  process: number
}
export const LIMITS: Limits = { start: 120_000, input: 5000, heap: 512, beside: 256, process: 1024 }

export interface Watched extends Report {
  inputs: number
  /** MiB beside the heap, at most. */
  beside: number
}

const MIB = 2 ** 20
const EVERY_MS = 100

export async function watch(program: URL, task: Task, limits: Limits): Promise<Watched> {
  const worker = new Worker(program, {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: limits.heap },
  })
  const { promise, resolve } = Promise.withResolvers<Report>()
  const lastInput = (): Uint8Array | null => (task.counts[0] ? task.current.slice(0, task.counts[1]) : null)
  const died = (why: string): void => resolve({ refused: 0, accepted: 0, findings: [{ why, file: lastInput() }] })
  const memory = watchMemory(worker, task, limits, died)
  const stop = [watchProgress(task, limits, died), memory.stop]
  worker.once('message', resolve)
  worker.once('error', error => died(String(error)))
  worker.once('exit', () => died('ended without a report')) // nothing, where it has reported
  const report = await promise
  for (const end of stop) end()
  await worker.terminate() // a library may keep the thread alive
  return { ...report, inputs: task.counts[0]!, beside: Math.round(memory.peak()) }
}

function watchProgress({ counts }: Task, { start, input }: Limits, died: (why: string) => void): () => void {
  let [last, since] = [0, performance.now()]
  const timer = setInterval(() => {
    const now = Atomics.load(counts, 0)
    if (now !== last) [last, since] = [now, performance.now()]
    else if (performance.now() - since > (now ? input : start)) died(now ? 'hangs' : 'does not start')
  }, EVERY_MS)
  return () => clearInterval(timer)
}

function watchMemory(
  worker: Worker,
  { counts }: Task,
  { beside, process: whole }: Limits,
  died: (why: string) => void,
): { stop: () => void; peak: () => number } {
  const atStart = process.memoryUsage.rss()
  let [peak, asked] = [0, false]
  const holds = (mib: number): void => {
    peak = Math.max(peak, mib)
    if (mib > beside) died(`holds ${Math.round(mib)} MiB beside its heap`)
  }
  const look = async (): Promise<void> => {
    const grown = (process.memoryUsage.rss() - atStart) / MIB
    if (grown > whole) died(`the process grew by ${Math.round(grown)} MiB`)
    holds(Atomics.load(counts, 2))
    if (asked || !counts[0]) return // before it runs it never answers
    asked = true
    holds((await worker.getHeapStatistics()).external_memory / MIB) // in the midst of an input
    asked = false
  }
  const timer = setInterval(() => void look().catch(() => undefined), EVERY_MS) // a worker that has ended says so itself
  return { stop: () => clearInterval(timer), peak: () => peak }
}
