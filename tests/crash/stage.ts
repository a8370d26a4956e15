/**
 * A stage for the programs of several devices. Each request and each disk write of theirs waits until the director lets it
 * through, in whatever order; a program may die in between, and from then on nothing that it asks for happens.
 */
import { vi } from 'vitest'
import { AlveoleError } from '#crypto'
import type { Pod, Store } from '#core'

const REQUESTS = ['get', 'put', 'post', 'patch', 'delete', 'list', 'profile'] as const
type Request = (typeof REQUESTS)[number]
const isRequest = (name: PropertyKey): name is Request => REQUESTS.some(one => one === name)

/** What a program waits for. */
export interface Step {
  program: string
  /** `PUT https://…`, or `KEEP key` of a disk write. */
  line: string
  /** What is written, if anything is. */
  body: Uint8Array | null
}

export const changes = ({ line }: Step): boolean => !/^(GET|LIST|PROFILE) /.test(line)
/** Known to its own device alone. */
export const isLocal = ({ line }: Step): boolean => line.startsWith('KEEP ')

/** Which step is next, and whether its program dies of it: before it happens, or after it and before hearing so. */
export interface Cue<S extends Step = Step> {
  step: S
  dies?: 'before' | 'after'
}
export type Director = <S extends Step>(waiting: readonly S[]) => Cue<S>

interface Waiting extends Step {
  go(): Promise<void>
  drop(): void
}

export interface Ending {
  error: unknown
  died: boolean
}

/** Turns of the event loop that a program may think for; reading a file takes some. */
const PATIENCE = 100_000

/** Told of every step, and whether the server or the disk did it. */
export type Witness = (step: Step, done: boolean) => void

export class Stage {
  readonly #witness: Witness
  readonly #waiting: Waiting[] = []
  readonly #running = new Set<string>()
  readonly #dead = new Set<string>()

  constructor(witness: Witness = () => undefined) {
    this.#witness = witness
  }

  /** The surroundings of a program; they let everything through while it does not play. */
  around<A extends { pod: Pod; store: Store }>(program: string, around: A): A {
    const ask = <T>(line: string, body: Uint8Array | null, work: () => Promise<T>): Promise<T> =>
      this.#ask({ program, line, body }, work)
    const pod = new Proxy(around.pod, {
      get(target, property) {
        const value: unknown = Reflect.get(target, property, target)
        if (typeof value !== 'function') return value
        if (!isRequest(property)) return value.bind(target)
        return (...args: unknown[]) =>
          ask(`${property.toUpperCase()} ${String(args[0])}`, args[1] instanceof Uint8Array ? args[1] : null, () =>
            Promise.resolve(value.apply(target, args)),
          )
      },
    })
    const store: Store = {
      get: key => (this.#dead.has(program) ? Promise.reject(death()) : around.store.get(key)),
      set: (key, value) => ask(`KEEP ${key}`, value, () => around.store.set(key, value)),
    }
    return { ...around, pod, store }
  }

  #ask<T>(step: Step, work: () => Promise<T>): Promise<T> {
    if (this.#dead.has(step.program)) return Promise.reject(death())
    const seen = (): Promise<T> => {
      const asked = work()
      asked.then(
        () => this.#witness(step, true),
        () => this.#witness(step, false),
      )
      return asked
    }
    if (!this.#running.has(step.program)) return seen()
    return new Promise((resolve, reject) => {
      const drop = (): void => {
        this.#witness(step, false)
        reject(death())
      }
      this.#waiting.push({ ...step, go: () => seen().then(resolve, reject), drop })
    })
  }

  /** Plays the programs to their ends, one step at a time. */
  async play(
    acts: { [program: string]: () => Promise<unknown> },
    direct: Director,
  ): Promise<{ [program: string]: Ending }> {
    const endings: { [program: string]: Ending } = {}
    for (const [program, act] of Object.entries(acts)) {
      this.#running.add(program)
      const end = (error: unknown): void => {
        endings[program] = { error, died: this.#dead.has(program) }
        this.#running.delete(program)
      }
      act().then(() => end(null), end)
    }
    while (await this.#someoneWaits()) {
      const { step, dies } = direct(this.#waiting)
      this.#waiting.splice(this.#waiting.indexOf(step), 1)
      if (dies) this.#dies(step.program)
      if (dies === 'before') step.drop()
      else await step.go().catch(() => undefined)
    }
    return endings
  }

  #dies(program: string): void {
    this.#dead.add(program)
    for (const step of this.#waiting.filter(one => one.program === program)) {
      this.#waiting.splice(this.#waiting.indexOf(step), 1)
      step.drop()
    }
  }

  /** When every program that runs waits; false: all have ended. */
  async #someoneWaits(): Promise<boolean> {
    for (let turn = 0; turn < PATIENCE; turn++) {
      await new Promise(resolve => setImmediate(resolve))
      if (!this.#running.size) return false
      const waits = (program: string): boolean => this.#waiting.some(step => step.program === program)
      if ([...this.#running].every(waits)) return true
      if (vi.isFakeTimers() && vi.getTimerCount()) vi.advanceTimersToNextTimer()
    }
    throw new Error(`stuck: ${[...this.#running].join()}`)
  }
}

const death = (): AlveoleError => new AlveoleError('offline', 'this program is dead')
