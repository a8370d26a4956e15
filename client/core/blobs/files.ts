/** The files of an open vault, on their way in and out: what one opening knows of the line, of uploads begun and of lists read. */
import { AlveoleError, toBase64Url } from '#crypto'
import { blobsIn } from '../blob-refs.ts'
import type { Collections } from '../collections/collections.ts'
import { filesNow } from '../collections/own-files.ts'
import type { Context } from '../context.ts'
import { fallingWith } from '../parallel.ts'
import type { BlobRef, CollectionId, CollectionInfo } from '../types.ts'
import { copyBlob } from './copy-blob.ts'
import { openBlob, type ByteRange } from './open-blob.ts'
import { Pages } from './parts.ts'
import { Puts } from './puts.ts'
import { blobSource, type Source } from './source.ts'
import { storeBlob, type BlobMeta, type Progress } from './store-blob.ts'
import { UploadJournal, uploadName } from './upload-journal.ts'
import { Uplink } from './uplink.ts'

export interface PutMeta extends BlobMeta {
  collection: CollectionId
  /** Says which file it is, in that folder: it goes on where the same was stopped. By name, type and size unless given. */
  source?: string
}

export class Files {
  readonly #context: Context
  readonly #collections: Collections
  readonly #journal: UploadJournal
  readonly #puts: Puts
  readonly #uplink: Uplink
  readonly #pages = new Pages()

  constructor(context: Context, collections: Collections) {
    this.#context = context
    this.#collections = collections
    this.#uplink = new Uplink(context.clock)
    this.#journal = new UploadJournal(context)
    this.#puts = new Puts(context)
  }

  /**
   * Stores a file that a record is to refer to; the same one, put again after the program was killed, goes on until `recorded` is told.
   * Throws `offline` soon where there is no line at all, and where it is lost on the way after two minutes.
   */
  async put(blob: Blob, { collection, source: given, ...meta }: PutMeta, progress: Progress = {}): Promise<BlobRef> {
    const { id, url: container } = await this.#folder(collection)
    const { name, mediaType } = meta
    const source = this.#puts.take(id, given ?? JSON.stringify([name, mediaType, blob.size]))
    try {
      const from = { ...blobSource(blob, source), isRecorded: (file: Uint8Array) => this.#isNamed(id, file) }
      const answered = progress.answered ?? this.#context.line.watch()
      const ref = await this.store(container, from, meta, { ...progress, answered })
      this.#puts.give(ref, { container, source })
      return ref
    } catch (error) {
      this.#puts.leave(source)
      throw error
    }
  }

  async #folder(collection: CollectionId): Promise<CollectionInfo> {
    const found = await this.#collections.find(collection)
    if (!found) throw new AlveoleError('not-granted', 'no such folder')
    return found
  }

  async #isNamed(collection: CollectionId, file: Uint8Array): Promise<boolean> {
    return (await filesNow(await this.#collections.open(collection))).has(toBase64Url(file))
  }

  /** A source with a name goes on where it was stopped, until `named` says that a record refers to what came of it. */
  store(container: string, source: Source, meta: BlobMeta, progress: Progress = {}): Promise<BlobRef> {
    const { pod, locked } = this.#context
    const folder = (name: string): Promise<string> => this.#collections.folders.next(container, name)
    const to = { pod, container, folder, uplink: this.#uplink, journal: this.#journal }
    const until = fallingWith(progress.signal, locked)
    const stored = storeBlob(to, source, meta, { ...progress, signal: until.signal })
    return stored.finally(() => until.abort())
  }

  /** The same ciphertext into another collection's folder, under the same reference. */
  copy(from: string, to: string, ref: BlobRef): Promise<void> {
    const { pod, locked } = this.#context
    return copyBlob({ pod, uplink: this.#uplink, from, to }, ref, { signal: locked })
  }

  /** Its contents under a new key, in another collection's folder. */
  storeAnew(from: string, to: string, ref: BlobRef, meta: BlobMeta): Promise<BlobRef> {
    const read: Source['read'] = async (start, end) =>
      new Uint8Array(await new Response(this.open(from, ref, { start, end })).arrayBuffer())
    return this.store(to, { size: ref.size, fixed: true, read }, meta)
  }

  /** The upload of this source is over. */
  named(container: string, source: string): Promise<void> {
    return this.#journal.end(uploadName(container, source))
  }

  /** Records that say this stand, or wait on this device: the uploads of the files that they refer to are over. */
  async recorded(values: Iterable<unknown>): Promise<void> {
    for (const value of values)
      for (const ref of blobsIn(value)) {
        const put = this.#puts.named(ref)
        if (put) await this.named(put.container, put.source)
      }
  }

  /** `gone` is asked before what is not there is called missing. */
  open(container: string, ref: BlobRef, range?: ByteRange, gone?: () => Promise<void>): ReadableStream<Uint8Array> {
    const { pod, locked } = this.#context
    return openBlob({ pod, container, pages: this.#pages, ...(gone && { gone }) }, ref, range, { signal: locked })
  }

  lock(): void {
    this.#pages.lock()
    this.#puts.lock()
  }
}
