/** A Blob whose bytes are made when they are read, such as those of an encrypted file; slices of it are the same. */

/** Bytes from `from` up to `to`, both within the size. */
export type ReadAt = (from: number, to: number) => Promise<Uint8Array<ArrayBuffer>>

/** A stream is read in such steps. */
const STEP = 1 << 20

export class LazyBlob implements Blob {
  readonly size: number
  readonly type: string
  readonly #read: ReadAt
  readonly #from: number

  constructor(read: ReadAt, size: number, from = 0, type = '') {
    this.#read = read
    this.#from = from
    this.size = size
    this.type = type
  }

  slice(start = 0, end = this.size, type = ''): Blob {
    const [from, to] = [this.#place(start), this.#place(end)]
    return new LazyBlob(this.#read, Math.max(0, to - from), this.#from + from, type)
  }

  /** As Blob does: below zero counts from the end. */
  #place(at: number): number {
    return Math.max(0, Math.min(at < 0 ? this.size + at : at, this.size))
  }

  bytes(): Promise<Uint8Array<ArrayBuffer>> {
    return this.#read(this.#from, this.#from + this.size)
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    const { buffer, byteOffset, byteLength } = await this.bytes()
    return buffer.slice(byteOffset, byteOffset + byteLength)
  }

  async text(): Promise<string> {
    return new TextDecoder().decode(await this.bytes())
  }

  stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    let at = 0
    return new ReadableStream(
      {
        pull: async controller => {
          const to = Math.min(this.size, at + STEP)
          if (to > at) controller.enqueue(await this.#read(this.#from + at, this.#from + to))
          at = to
          if (at === this.size) controller.close()
        },
      },
      { highWaterMark: 0 },
    )
  }
}
