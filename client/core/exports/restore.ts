/**
 * An export put back into a vault: folders by name, records under their own ids, each checked before it is stored. Damage to one
 * leaves that one out and is told; what is there already stays as it is.
 */
import { AlveoleError, isCode, toHex } from '#crypto'
import type { PutMeta } from '../blobs/files.ts'
import type { Progress } from '../blobs/store-blob.ts'
import { inParallel, checkSignal } from '../parallel.ts'
import type { NewRecord, Records } from '../records.ts'
import { patienceOf, type Patience } from '../retry.ts'
import type { BlobRef, CollectionId, CollectionInfo, ImportReport, RecordId } from '../types.ts'
import type { Archive } from './archive.ts'
import { bad, entriesOf, type Entry } from './entries.ts'
import type { ListedCollection, ListedFile } from './manifest.ts'
import { putFiles } from './pointer.ts'
import type { RecordFile } from './record-file.ts'

/** What is written of a vault. */
export interface Restored {
  records: Pick<Records, 'putAll' | 'isTaken'>
  blobs: { put(blob: Blob, meta: PutMeta, progress?: Progress): Promise<BlobRef> }
  /** The folder of this name, made where there is none. */
  folder(name: string): Promise<CollectionInfo>
  clock(): number
}
export interface RestoreOptions extends Patience {
  /** Between 0 and 1. */
  onProgress: (done: number) => void
}
type FileReport = ImportReport['files'][number]

/** Records of one commit, and bytes of their JSON. */
const BATCH = 1000
const BATCH_BYTES = 16 * 1024 * 1024
/** Milliseconds: so much later than our own clock another may be. */
const SKEW = 24 * 3600_000

export class Restorer {
  readonly #vault: Restored
  readonly #archive: Archive
  readonly #report: FileReport
  readonly #options: RestoreOptions
  readonly #listed: Map<string, ListedFile>
  readonly #used = new Set<string>()
  readonly #ids = new Set<string>()
  readonly #total: number
  #done = 0

  constructor(vault: Restored, archive: Archive, report: FileReport, options: RestoreOptions) {
    this.#vault = vault
    this.#archive = archive
    this.#report = report
    this.#options = options
    const files = archive.manifest.collections.flatMap(collection => collection.files)
    this.#listed = new Map(files.map(file => [file.path, file]))
    this.#total = files.reduce((sum, { size }) => sum + size, 1)
  }

  async restore(): Promise<void> {
    for (const collection of this.#archive.manifest.collections) {
      await this.#collection(collection).catch((error: unknown) => this.#tell(error))
    }
  }

  async #collection(collection: ListedCollection): Promise<void> {
    const { id } = await this.#vault.folder(collection.name)
    const entries = entriesOf(collection, this.#archive.manifest.form, file => this.#checked(file))
    for await (const batch of batches(entries)) {
      const read = await inParallel(batch, entry => this.#one(entry, id))
      checkSignal(this.#options.signal)
      const fresh = read.filter(record => record !== null)
      await this.#vault.records.putAll(fresh, id)
      for (const { kind } of fresh) this.#report.records[kind] = (this.#report.records[kind] ?? 0) + 1
    }
  }

  /** null: there already, or damaged. */
  async #one(entry: Entry, collection: CollectionId): Promise<NewRecord | null> {
    checkSignal(this.#options.signal)
    if (entry.id && (await this.#vault.records.isTaken(entry.id as RecordId))) return (this.#report.duplicates++, null)
    try {
      if (entry.id && this.#ids.has(entry.id)) throw bad(entry.where, 'same-id')
      if (entry.id) this.#ids.add(entry.id)
      const record = await entry.read()
      this.#progress(entry.size)
      const { id, kind, modified } = record
      const value = putFiles(record.value, await this.#store(record, entry.where, collection))
      return { id, kind, value, ...(modified <= this.#vault.clock() + SKEW && { modified }) }
    } catch (error) {
      this.#tell(error)
      return null
    }
  }

  /** What is damaged is left out; anything else ends it. */
  #tell(error: unknown): void {
    if (!isCode(error, 'bad-file')) throw error
    const { where, reason } = error.detail
    this.#report.problems.push({ where: String(where), reason: String(reason) })
  }

  async #store(record: RecordFile, from: string, collection: CollectionId): Promise<{ at: string; ref: BlobRef }[]> {
    const blobs = []
    for (const file of record.files) blobs.push({ ...file, blob: await this.#checked(this.#claim(file.path, from)) })
    const stored = []
    for (const { at, name, mediaType, blob } of blobs) {
      const meta = { collection, source: `${record.id} ${at}`, name, mediaType }
      const ref = await this.#vault.blobs.put(blob, meta, patienceOf(this.#options))
      this.#progress(blob.size)
      stored.push({ at, ref })
    }
    return stored
  }

  /** A file is one record's: no few bytes become many. */
  #claim(path: string, where: string): ListedFile {
    const listed = this.#listed.get(path)
    if (!listed || listed.record || listed.graph) throw bad(where, 'missing-target')
    if (this.#used.has(path)) throw bad(where, 'same-id')
    this.#used.add(path)
    return listed
  }

  /** Its bytes are those that the manifest lists. */
  async #checked({ path, size, sha256 }: ListedFile): Promise<Blob> {
    const blob = this.#archive.file(path)
    if (!blob) throw bad(path, 'missing-target')
    if (blob.size !== size || (await hashOf(blob, this.#options.signal)) !== sha256) throw bad(path, 'altered')
    return blob
  }

  #progress(bytes: number): void {
    this.#done += bytes
    this.#options.onProgress(this.#done / this.#total)
  }
}

async function* batches(entries: AsyncIterable<Entry>): AsyncGenerator<Entry[]> {
  let [batch, bytes]: [Entry[], number] = [[], 0]
  for await (const record of entries) {
    if (batch.length === BATCH || (batch.length && bytes + record.size > BATCH_BYTES)) {
      yield batch
      ;[batch, bytes] = [[], 0]
    }
    batch.push(record)
    bytes += record.size
  }
  if (batch.length) yield batch
}

/** null: some of it does not open, in an age file. */
async function hashOf(blob: Blob, signal: AbortSignal | undefined): Promise<string | null> {
  const { streamHash } = await import('./listing.ts') // only who restores pays for it
  const digest = streamHash()
  const reader = blob.stream().getReader()
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      checkSignal(signal)
      digest.update(next.value)
    }
  } catch (error) {
    if (isCode(error, 'bad-file')) return null
    throw error instanceof AlveoleError ? error : new AlveoleError('source-changed', 'a file went', { cause: error })
  }
  return toHex(digest.digest())
}
