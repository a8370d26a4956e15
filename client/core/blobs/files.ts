/** The files of an open vault, on their way in and out: what one opening knows of the line, of uploads begun and of lists read. */
import type { Collections } from '../collections/collections.ts'
import type { Context } from '../context.ts'
import { fallingWith } from '../parallel.ts'
import type { BlobRef } from '../types.ts'
import type { Folders } from './folders.ts'
import { openBlob, type ByteRange } from './open-blob.ts'
import { Pages } from './parts.ts'
import type { Source } from './source.ts'
import { storeBlob, type BlobMeta, type Progress } from './store-blob.ts'
import { UploadJournal, uploadName } from './upload-journal.ts'
import { Uplink } from './uplink.ts'

export class Files {
  readonly #context: Context
  readonly #folders: Folders
  readonly #journal: UploadJournal
  readonly #uplink: Uplink
  readonly #pages = new Pages()

  constructor(context: Context, { folders }: Collections) {
    this.#context = context
    this.#folders = folders
    this.#uplink = new Uplink(context.clock)
    this.#journal = new UploadJournal(context)
  }

  /** A source with a name goes on where it was stopped, until `named` says that a record refers to what came of it. */
  store(container: string, source: Source, meta: BlobMeta, progress: Progress = {}): Promise<BlobRef> {
    const { pod, locked } = this.#context
    const folder = (name: string): Promise<string> => this.#folders.next(container, name)
    const to = { pod, container, folder, uplink: this.#uplink, journal: this.#journal }
    const until = fallingWith(progress.signal, locked)
    const stored = storeBlob(to, source, meta, { ...progress, signal: until.signal })
    return stored.finally(() => until.abort())
  }

  /** The upload of this source is over. */
  named(container: string, source: string): Promise<void> {
    return this.#journal.end(uploadName(container, source))
  }

  /** `gone` is asked before what is not there is called missing. */
  open(container: string, ref: BlobRef, range?: ByteRange, gone?: () => Promise<void>): ReadableStream<Uint8Array> {
    const { pod, locked } = this.#context
    return openBlob({ pod, container, pages: this.#pages, ...(gone && { gone }) }, ref, range, { signal: locked })
  }

  lock(): void {
    this.#pages.lock()
  }
}
