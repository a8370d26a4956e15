/**
 * How fast this device sends, measured on what it sends; and how large the parts of a file are to be, so that each takes three
 * seconds at most (protocol §5, Blobs): less is lost when the line drops, and progress is seen.
 */
import { CHUNK_BYTES, PART_BYTES } from '#crypto'

const LONGEST_SECONDS = 3
/** Milliseconds of sending after which an observation counts half. */
const HALF_LIFE = 10_000

export class Uplink {
  readonly #clock: () => number
  #underWay = 0
  #since = 0
  #bytes = 0
  /** Milliseconds in which something was under way. */
  #busy = 0

  constructor(clock: () => number) {
    this.#clock = clock
  }

  /** null: nothing was sent yet. */
  get bytesPerSecond(): number | null {
    return this.#bytes === 0 ? null : (this.#bytes / this.#busy) * 1000
  }

  /** Of the file to be sent next. The smallest is one chunk: below, headers and requests would weigh too much. */
  get partBytes(): number {
    let size = PART_BYTES
    const most = (this.bytesPerSecond ?? Infinity) * LONGEST_SECONDS
    while (size > most && size > CHUNK_BYTES) size /= 2
    return size
  }

  async sending<T>(bytes: number, send: () => Promise<T>): Promise<T> {
    this.#passes()
    this.#underWay++
    let sent = 0
    try {
      const answer = await send()
      sent = bytes
      return answer
    } finally {
      this.#passes()
      this.#underWay--
      this.#bytes += sent
    }
  }

  #passes(): void {
    const now = this.#clock()
    const passed = this.#underWay ? Math.max(0, now - this.#since) : 0
    const kept = 0.5 ** (passed / HALF_LIFE)
    this.#busy = this.#busy * kept + passed
    this.#bytes *= kept
    this.#since = now
  }
}
