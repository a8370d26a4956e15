/** A worker, a process of its own, that is started anew where it died, hung or grew, and answers one order at a time. */
import { fork, type ChildProcess } from 'node:child_process'
import type { Order, Report } from './messages.ts'

export type Outcome = Extract<Report, { kind: 'measured' | 'tried' }>
export type Running = Extract<Report, { kind: 'running' }>['test']

const HEAP_MB = 2048
/** Modules of past mutants are never given back, and near its limit a heap is mostly swept. */
const GROWN_MB = 600
const LOST = new Set<string | null>(['timeout', 'the process died'])

const lost = (killedBy: string, why: string): Outcome => ({ kind: 'tried', killedBy, why, heapMb: 0 })

export class Runner {
  #worker: ChildProcess | null = null
  #heard: (report: Report) => void = () => {}

  /**
   * What is late or dies is asked once more, of a new worker: past mutants or a busy machine may have been why.
   * `limit`: how many milliseconds a test, or the start of its file, may take.
   */
  async ask(order: Order, limit: (running: Running) => number): Promise<Outcome> {
    const first = await this.#askOnce(order, limit)
    return first.kind === 'tried' && LOST.has(first.killedBy) ? this.#askOnce(order, limit) : first
  }

  async #askOnce(order: Order, limit: (running: Running) => number): Promise<Outcome> {
    let timer: NodeJS.Timeout | undefined
    const answered = Promise.withResolvers<Outcome>()
    this.#heard = report => {
      clearTimeout(timer)
      if (report.kind !== 'running') return answered.resolve(report)
      const late = (): void => answered.resolve(lost('timeout', JSON.stringify(report.test)))
      timer = setTimeout(late, limit(report.test))
    }
    this.#worker ??= this.#start()
    this.#worker.send(order)
    const outcome = await answered.promise
    if (outcome.kind === 'tried' && (LOST.has(outcome.killedBy) || outcome.heapMb > GROWN_MB)) this.end()
    return outcome
  }

  #start(): ChildProcess {
    const execArgv = ['--no-warnings', `--max-old-space-size=${HEAP_MB}`]
    const worker = fork(new URL('worker.ts', import.meta.url), {
      execArgv,
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    const heard = (report: Report): void => {
      if (worker === this.#worker) this.#heard(report)
    }
    worker.on('message', report => heard(report as Report))
    worker.on('exit', (code, signal) => heard(lost('the process died', signal ?? `exit ${code}`)))
    return worker
  }

  /** The next order gets a new worker. */
  end(): void {
    const worker = this.#worker
    this.#worker = null
    worker?.kill('SIGKILL')
  }
}
