/**
 * Text that grows line by line and is read once it is whole: kept as the bytes that it will be, since objects or text of as many files as
 * a vault may have would take some times the room.
 */
import { streamOf } from './stream.ts'

const BLOCK = 64 * 1024

export class Lines {
  readonly #encoder = new TextEncoder()
  readonly #full: Uint8Array[] = []
  #last = new Uint8Array(BLOCK)
  #used = 0
  /** In bytes. */
  size = 0

  add(text: string): void {
    for (let left = text; left;) {
      const { read, written } = this.#encoder.encodeInto(left, this.#last.subarray(this.#used))
      this.#used += written
      this.size += written
      left = left.slice(read)
      if (left) this.#next()
    }
  }

  /** No room is left for the next character. */
  #next(): void {
    this.#full.push(this.#last.subarray(0, this.#used))
    this.#last = new Uint8Array(BLOCK)
    this.#used = 0
  }

  stream(): ReadableStream<Uint8Array> {
    return streamOf(this.#pieces())
  }

  async *#pieces(): AsyncGenerator<Uint8Array> {
    yield* this.#full
    if (this.#used) yield this.#last.subarray(0, this.#used)
  }
}
