/** A bucket of requests for each address, filled again all the time (token bucket); the addresses seen last are known. */
import { Recent } from '../fast-read/recent.ts'

type Bucket = { left: number; at: number }

export class Rate {
  readonly #perMinute: number
  readonly #buckets = new Recent<Bucket>(20_000)

  constructor(perMinute: number) {
    this.#perMinute = perMinute
  }

  /** 0: come in; else how many seconds to wait. */
  wait(address: string, now: number): number {
    if (this.#perMinute === 0) return 0
    const bucket = this.#buckets.get(address) ?? { left: this.#perMinute, at: now }
    const filled = ((now - bucket.at) / 60_000) * this.#perMinute
    const left = Math.min(this.#perMinute, bucket.left + Math.max(0, filled))
    const taken = left >= 1
    this.#buckets.set(address, { left: taken ? left - 1 : left, at: now })
    return taken ? 0 : Math.ceil(((1 - left) / this.#perMinute) * 60)
  }
}
