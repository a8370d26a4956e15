/**
 * The files that come with what is imported: stored before the records that name them. Until those are committed the same import
 * goes on with what was stored, after a kill too; then, or where it is gone, there is nothing left to go on with.
 */
import { isCode } from '#crypto'
import type { RecordValue } from '#vocab'
import type { Attachment, Draft } from '../formats/format.ts'
import type { RecordId } from '../types.ts'
import type { Files } from './files.ts'
import { blobSource } from './source.ts'
import type { Patience } from '../retry.ts'

export class Attachments {
  readonly #files: Files
  readonly #container: string
  readonly #patience: Patience
  readonly #onProgress: (done: number) => void
  readonly #total: number
  readonly #sources: string[] = []
  #stored = 0

  /** `onProgress` hears the share of all attachments' bytes that is stored. */
  constructor(
    files: Files,
    container: string,
    drafts: readonly Draft[],
    { onProgress, ...patience }: Patience & { onProgress: (done: number) => void },
  ) {
    this.#files = files
    this.#container = container
    this.#patience = patience
    this.#onProgress = onProgress
    this.#total = drafts.flatMap(({ attachments = [] }) => attachments).reduce((sum, { blob }) => sum + blob.size, 0)
  }

  /** The properties that refer to them. */
  async store(id: RecordId, attachments: readonly Attachment[] = []): Promise<RecordValue> {
    const value: RecordValue = {}
    for (const { property, blob, name, mediaType } of attachments) {
      const source = sourceName(id, property)
      this.#sources.push(source)
      const ref = await this.#files.store(
        this.#container,
        blobSource(blob, source),
        { name, mediaType },
        { onProgress: bytes => this.#onProgress((this.#stored + bytes) / this.#total), ...this.#patience },
      )
      this.#stored += blob.size
      value[property] = { ...ref }
    }
    return value
  }

  /** The record is there already: whoever stored them was killed just after it was committed, if at all. */
  async skip(id: RecordId, attachments: readonly Attachment[] = []): Promise<void> {
    for (const { property } of attachments) await this.#files.named(this.#container, sourceName(id, property))
  }

  /** Commits the records that name them. */
  async until(committing: Promise<unknown>): Promise<void> {
    try {
      await committing
    } catch (error) {
      if (isCode(error, 'not-granted')) await this.#end() // parts of an earlier attempt are gone: all are to be stored again
      throw error
    }
    await this.#end()
  }

  async #end(): Promise<void> {
    for (const source of this.#sources) await this.#files.named(this.#container, source)
  }
}

/** The same file imported again makes the same record. */
const sourceName = (id: RecordId, property: string): string => `${id} ${property}`
