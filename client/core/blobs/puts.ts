/**
 * Which uploads the files that are put are, so that one goes on where an earlier opening was killed. A file comes with nothing but
 * itself: the first of a name, type and size in a folder goes on with the first of these, a second with the second. Bytes are compared
 * before a part is taken for stored (SPEC D7), so a mistake costs time alone.
 */
import { concat, fromBase64Url, kdf, label, toHex, utf8 } from '#crypto'
import type { Context } from '../context.ts'
import type { BlobRef, CollectionId } from '../types.ts'

/** The source of a put, and where its parts go. */
export interface Put {
  container: string
  source: string
}

export class Puts {
  readonly #context: Context
  /** Sources under way, or given to the caller and in no record yet. */
  readonly #taken = new Set<string>()
  /** What was given, by the id of the file. */
  readonly #given = new Map<string, Put>()

  constructor(context: Context) {
    this.#context = context
  }

  /** A name of its own for the next file that is called so. */
  take(collection: CollectionId, called: string): string {
    for (let number = 0; ; number++) {
      const source = this.#sourceOf(collection, JSON.stringify(['put', called, number]))
      if (this.#taken.has(source)) continue
      this.#taken.add(source)
      return source
    }
  }

  /** Keyed, so that it says nothing to who holds the device (A23). */
  #sourceOf(collection: CollectionId, identity: string): string {
    const { secret } = this.#context.account.state
    return toHex(kdf(secret, label.recordId, concat(fromBase64Url(collection), utf8(identity)), 16))
  }

  /** It failed: the next of its kind goes on with it. */
  leave(source: string): void {
    this.#taken.delete(source)
  }

  give({ blob }: BlobRef, put: Put): void {
    this.#given.set(blob, put)
  }

  /** What was given as this file, which a record refers to now. */
  named({ blob }: BlobRef): Put | undefined {
    const put = this.#given.get(blob)
    this.#given.delete(blob)
    if (put) this.#taken.delete(put.source)
    return put
  }

  lock(): void {
    this.#taken.clear()
    this.#given.clear()
  }
}
