/** Buffers for reading, used again: a new one for each read makes the collector walk the whole heap every few reads. */
const LARGEST = 512 * 1024
const SMALL = 16 * 1024
const KEPT = 8

export class Buffers {
  readonly #free: Buffer[] = []

  /** Enough for `size`, or for a part of it. */
  take(size: number): Buffer {
    if (size <= SMALL) return Buffer.allocUnsafe(size)
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(LARGEST)
  }

  give(buffer: Buffer): void {
    if (buffer.length === LARGEST && this.#free.length < KEPT) this.#free.push(buffer)
  }
}
