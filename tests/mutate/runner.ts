/** A worker that is started anew where it died, hung or grew, and answers one order at a time. */
import { Worker } from 'node:worker_threads'
import type { Order, Report } from './messages.ts'

export type Outcome = Extract<Report, { kind: 'measured' | 'tried' }>
export type Running = Extract<Report, { kind: 'running' }>['test']

/** Modules of past mutants are never given back. */
const ORDERS = 150
const HEAP_MB = 2048

export class Runner {
  #worker: Worker | null = null
  #orders = 0
  #heard: (report: Report) => void = () => {}

  /** `limit`: how many milliseconds a test, or the start of its file, may take. */
  async ask(order: Order, limit: (running: Running) => number): Promise<Outcome> {
    if (this.#orders++ % ORDERS === 0) this.end()
    let timer: NodeJS.Timeout | undefined
    const answered = Promise.withResolvers<Outcome>()
    this.#heard = report => {
      clearTimeout(timer)
      if (report.kind !== 'running') return answered.resolve(report)
      const late = (): void =>
        answered.resolve({ kind: 'tried', killedBy: 'timeout', why: JSON.stringify(report.test) })
      timer = setTimeout(late, limit(report.test))
    }
    this.#worker ??= this.#start()
    this.#worker.postMessage(order)
    const outcome = await answered.promise
    if (outcome.kind === 'tried' && ['timeout', 'crash'].includes(outcome.killedBy ?? '')) this.end()
    return outcome
  }

  #start(): Worker {
    const resourceLimits = { maxOldGenerationSizeMb: HEAP_MB }
    const worker = new Worker(new URL('worker.ts', import.meta.url), { execArgv: ['--no-warnings'], resourceLimits })
    const heard = (report: Report): void => {
      if (worker === this.#worker) this.#heard(report)
    }
    worker.on('message', heard)
    worker.on('error', error => heard({ kind: 'tried', killedBy: 'crash', why: String(error) }))
    worker.on('exit', code => heard({ kind: 'tried', killedBy: 'crash', why: `exit ${code}` }))
    return worker
  }

  /** The next order gets a new worker. */
  end(): void {
    const worker = this.#worker
    this.#worker = null
    void worker?.terminate()
  }
}
