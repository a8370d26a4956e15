/**
 * The files that are to be sealed anew, as this device keeps them until all are (SPEC D8): so that whoever was interrupted goes on
 * where it stopped, and the old parts of each go, whatever happened in between.
 *
 *   list   = [1, job, [[collection, the old reference as JSON], …]]          place in it = [1, job, number done]
 */
import {
  decode,
  encode,
  equal,
  hash32,
  id16,
  isCode,
  list,
  literal,
  openForDevice,
  sealForDevice,
  struct,
  text,
  toHex,
  uint,
  type Codec,
} from '#crypto'
import type { Context } from '../context.ts'
import type { BlobRef } from '../types.ts'

const listFormat = struct({ version: literal(1), job: hash32, files: list(struct({ collection: id16, ref: text })) })
const placeFormat = struct({ version: literal(1), job: hash32, done: uint })

export interface OldFile {
  collection: Uint8Array
  ref: BlobRef
}

export class ReencryptList {
  readonly #context: Pick<Context, 'store' | 'me'>
  readonly #job: Uint8Array

  constructor(context: Pick<Context, 'store' | 'me'>, job: Uint8Array) {
    this.#context = context
    this.#job = job
  }

  /** What is left of the one that was begun, or what `draw` gives, noted before anything is done. */
  async open(draw: () => Promise<OldFile[]>): Promise<{ files: OldFile[]; done: number }> {
    const known = await this.#read('', listFormat)
    if (known) {
      const files = known.files.map(({ collection, ref }) => ({ collection, ref: JSON.parse(ref) as BlobRef }))
      return { files, done: (await this.#read(' place', placeFormat))?.done ?? 0 }
    }
    const files = await draw()
    const noted = files.map(({ collection, ref }) => ({ collection, ref: JSON.stringify(ref) }))
    await this.#write(' place', null)
    await this.#write('', encode(listFormat, { version: 1, job: this.#job, files: noted }))
    return { files, done: 0 }
  }

  /** So many, from the first on, are sealed anew and the old ones deleted. */
  reached(done: number): Promise<void> {
    return this.#write(' place', encode(placeFormat, { version: 1, job: this.#job, done }))
  }

  async end(): Promise<void> {
    await this.#write('', null)
    await this.#write(' place', null)
  }

  async #read<T extends { job: Uint8Array }>(of: string, format: Codec<T>): Promise<T | null> {
    const sealed = await this.#context.store.get(this.#key(of))
    try {
      const read = sealed && decode(format, openForDevice(this.#context.me.seeds, sealed))
      return read && equal(read.job, this.#job) ? read : null
    } catch (error) {
      if (isCode(error, 'tampered')) return null // as after a restored disk: then all is done again
      throw error
    }
  }

  #write(of: string, content: Uint8Array | null): Promise<void> {
    const { store, me } = this.#context
    return store.set(this.#key(of), content && sealForDevice(me.seeds, content))
  }

  #key(of: string): string {
    return `reencrypt ${toHex(this.#job)}${of}`
  }
}
