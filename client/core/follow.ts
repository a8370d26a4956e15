/**
 * Follows a vault while it is open: brings it and its pod together at once, then at each hint of the server (notifications.ts), and
 * by polling: rarely where hints come, more often where the server has none, and less and less while nothing answers.
 */
import { AlveoleError } from '#crypto'
import type { Notifications } from './notifications.ts'

/** Milliseconds. With hints, without, and between attempts while the pod does not answer; each ± a fifth, so that devices spread. */
const [HINTED, POLLED] = [5 * 60_000, 30_000]
const [SOONEST, LATEST] = [1000, 60_000]
/** Long enough for the answer to a write of our own to come before the hint that it makes. */
const SETTLING = 200

/** What is followed. */
export interface Followed {
  sync(): Promise<void>
  /** Whether the object behind `topic` is another one; `state`: the ETag that it is said to have. */
  look(topic: string, state: string | null): Promise<void>
  topics(): string[]
  /** Called when there is another topic. */
  onTopic: () => void
}

export interface FollowOptions {
  notifications?: Notifications
  /** Calls `work` after so many milliseconds; gives what calls it off. */
  after?: (ms: number, work: () => void) => () => void
  /** From 0 to 1. */
  random?: () => number
}

const byTimer = (ms: number, work: () => void): (() => void) => {
  const timer = setTimeout(work, ms)
  return () => clearTimeout(timer)
}

export class Follower {
  readonly #followed: Followed
  readonly #notifications: Notifications | undefined
  readonly #after: NonNullable<FollowOptions['after']>
  readonly #random: () => number
  /** What ends the watch of each topic. */
  readonly #watches = new Map<string, () => void>()
  #callOff: () => void = () => undefined
  #failures = 0
  #isRunning = false
  #isWatchable = true
  #isOver = false

  constructor(followed: Followed, { notifications, after = byTimer, random = Math.random }: FollowOptions = {}) {
    this.#followed = followed
    this.#notifications = notifications
    this.#after = after
    this.#random = random
    followed.onTopic = () => this.#in(SOONEST)
    this.wake()
  }

  /** The network is back, or somebody looks: now. */
  wake(): void {
    this.#failures = 0
    this.#in(0)
  }

  stop(): void {
    this.#isOver = true
    this.#followed.onTopic = () => undefined
    this.#callOff()
    for (const end of this.#watches.values()) end()
    this.#watches.clear()
  }

  #in(ms: number): void {
    this.#callOff()
    if (!this.#isOver) this.#callOff = this.#after(ms, () => void this.#run())
  }

  async #run(): Promise<void> {
    if (this.#isRunning) return
    this.#isRunning = true
    this.#failures = (await succeeds(() => this.#followed.sync())) ? 0 : this.#failures + 1
    if (!this.#failures) await succeeds(() => this.#watch())
    this.#isRunning = false
    this.#in(this.#pause() * (0.8 + 0.4 * this.#random()))
  }

  #pause(): number {
    if (this.#failures) return Math.min(LATEST, SOONEST * 2 ** (this.#failures - 1))
    return this.#isHinted() ? HINTED : POLLED
  }

  #isHinted(): boolean {
    return this.#watches.size > 0 && this.#followed.topics().every(topic => this.#watches.has(topic))
  }

  /** Subscribes to what is not watched yet. Where that fails, it is polled, and tried again then. */
  async #watch(): Promise<void> {
    if (!this.#notifications || !this.#isWatchable) return
    for (const topic of this.#followed.topics().filter(topic => !this.#watches.has(topic))) {
      const end = await this.#notifications.watch(topic, {
        onHint: state => this.#hinted(topic, state),
        onEnd: () => this.#ended(topic),
      })
      if (this.#isOver) return end?.()
      if (end) this.#watches.set(topic, end)
      else return void (this.#isWatchable = false)
    }
  }

  #hinted(topic: string, state: string | null): void {
    this.#after(SETTLING, () => {
      if (this.#isOver) return
      void succeeds(() => this.#followed.look(topic, state)).then(isDone => isDone || this.#in(SOONEST))
    })
  }

  /** Anything may have happened meanwhile. */
  #ended(topic: string): void {
    this.#watches.delete(topic)
    this.#in(SOONEST * (0.8 + 0.4 * this.#random()))
  }
}

/** Whoever reads or writes is told why not. */
async function succeeds(work: () => Promise<void>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    if (!(error instanceof AlveoleError)) throw error
    return false
  }
}
