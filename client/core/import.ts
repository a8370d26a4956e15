/**
 * Import: files become records. What a file holds is named by its content, so that importing it again adds nothing; blobs go
 * first and the records last, in one commit a file, so that a file is either in or not (vocabulary, Limits).
 */
import { concat, fromBase64Url, isCode, kdf, label, toHex, utf8 } from '#crypto'
import type { Json, Language, RecordValue } from '#vocab'
import { Attachments } from './blobs/attachments.ts'
import type { Files } from './blobs/files.ts'
import type { AgeKeys } from './exports/age.ts'
import { restoreAmong } from './exports/among.ts'
import type { Restored } from './exports/restore.ts'
import type { Collections } from './collections/collections.ts'
import type { Context } from './context.ts'
import { calledBy, type Draft, type Item, type Problem, type SourceFile } from './formats/format.ts'
import { madeThumbnail, type MakeThumbnail } from './formats/photo/thumbnail.ts'
import { recognise } from './formats/registry.ts'
import { checkSignal } from './parallel.ts'
import type { Records, NewRecord } from './records.ts'
import { patienceOf, type Patience } from './retry.ts'
import type { CollectionId, CollectionInfo, ImportReport, RecordId } from './types.ts'

export interface ImportOptions {
  /** Name or id of a folder, made where there is none; by the kind of file unless given. */
  into?: string
  language?: Language
  onProgress?: (progress: { file: string; done: number }) => void
  signal?: AbortSignal
  /** Milliseconds of pauses where a file's line is lost on the way; two minutes unless given. Without any line it fails at once. */
  patience?: number
  /** Of age files, which are then opened and restored; without, they are kept like any other file. */
  age?: AgeKeys
  /** Of images, and of whatever else the program can draw. */
  thumbnail?: MakeThumbnail
}
type FileReport = ImportReport['files'][number]
/** One import is one action: a line that is lost between two of its files is lost on the way. */
type Doing = Omit<ImportOptions, 'patience'> & Patience

/** Where a file goes that nobody chose a folder for. */
const FOLDERS: { [format: string]: { en: string; fr: string } } = {
  fhir: { en: 'Health', fr: 'Santé' },
  gedcom: { en: 'Family', fr: 'Famille' },
  jpeg: { en: 'Photos', fr: 'Photos' },
  image: { en: 'Photos', fr: 'Photos' },
  file: { en: 'Files', fr: 'Fichiers' },
}

export class Importer {
  readonly #context: Context
  readonly #collections: Collections
  readonly #records: Records
  readonly #blobs: Restored['blobs']
  readonly #files: Files

  constructor(
    context: Context,
    collections: Collections,
    records: Records,
    { blobs, files }: { blobs: Restored['blobs']; files: Files },
  ) {
    this.#context = context
    this.#collections = collections
    this.#records = records
    this.#blobs = blobs
    this.#files = files
  }

  /** One file failing does not stop the others: its problem stands in the report. A dead network or a full pod does. */
  async import(files: readonly SourceFile[], options: ImportOptions = {}): Promise<ImportReport> {
    const { locked, line } = this.#context
    const signal = options.signal ? AbortSignal.any([options.signal, locked]) : locked
    const folder = (name: string) => this.#foundOrMade(options.into ?? name)
    const { clock } = this.#context
    const doing = { ...options, signal, answered: line.watch() }
    const into: Restored = { records: this.#records, blobs: this.#blobs, folder, clock }
    const { reports, rest } = await restoreAmong(files, into, doing)
    for (const file of rest) {
      checkSignal(signal)
      reports.push(await this.#one(file, doing))
    }
    const total = reports.reduce((sum, { records }) => sum + Object.values(records).reduce((a, b) => a + b, 0), 0)
    return { files: reports, total }
  }

  async #one(file: SourceFile, options: Doing): Promise<FileReport> {
    const report: FileReport = {
      file: calledBy(file),
      format: 'unknown',
      records: {},
      kept: 0,
      duplicates: 0,
      problems: [],
    }
    try {
      const format = await recognise(file)
      report.format = format.name
      const { drafts, problems, repeated } = await readAll(format.read(file, options.signal), done =>
        options.onProgress?.({ file: calledBy(file), done: done / 2 }),
      )
      report.problems.push(...problems)
      report.duplicates += repeated
      const collection = await this.#collectionFor(format.name, options)
      await this.#store(file, format.name, collection, drafts, report, options)
      options.onProgress?.({ file: calledBy(file), done: 1 })
    } catch (error) {
      if (!isCode(error, 'bad-file', 'source-changed') && !(isCode(error, 'too-large') && error.detail['file']))
        throw error
      report.problems.push({
        where: String(error.detail['where'] ?? file.name),
        reason: String(error.detail['reason'] ?? error.code),
      })
    }
    return report
  }

  async #collectionFor(format: string, { into, language = 'en' }: Doing): Promise<CollectionInfo> {
    const both = FOLDERS[format] ?? FOLDERS['file']!
    if (into) return this.#foundOrMade(into)
    const known = (await this.#collections.find(both.en)) ?? (await this.#collections.find(both.fr))
    return known ?? this.#foundOrMade(both[language])
  }

  async #foundOrMade(name: string): Promise<CollectionInfo> {
    const known = await this.#collections.find(name)
    if (known) return known
    try {
      return await this.#collections.create(name)
    } catch (error) {
      const made = isCode(error, 'taken') && (await this.#collections.find(name)) // by another device meanwhile
      if (made) return made
      throw error
    }
  }

  async #store(
    file: SourceFile,
    format: string,
    collection: CollectionInfo,
    drafts: Draft[],
    report: FileReport,
    options: Doing,
  ): Promise<void> {
    const { index } = await this.#collections.open(collection.id)
    const idOf = (identity: string): RecordId => this.#idOf(collection.id, identity)
    const fresh: NewRecord[] = []
    const tell = (done: number): void => options.onProgress?.({ file: calledBy(file), done: 0.5 + done / 2 })
    const attached = new Attachments(this.#files, collection.url, drafts, { ...patienceOf(options), onProgress: tell })
    const origin = { file: file.name, format, at: new Date(this.#context.clock()).toISOString() }
    for (const draft of drafts) {
      const id = idOf(draft.identity)
      if (index.row(id)) {
        report.duplicates++
        await attached.skip(id, draft.attachments)
        continue
      }
      const files = await attached.store(id, draft.attachments)
      const made = await madeThumbnail(draft, options.thumbnail)
      fresh.push({ id, kind: draft.kind, value: { ...resolve(draft.value, idOf), ...made, ...files, origin } })
      report.records[draft.kind] = (report.records[draft.kind] ?? 0) + 1
      if (draft.raw) report.kept++
    }
    checkSignal(options.signal)
    await attached.until(this.#records.putAll(fresh, collection.id, tell, true))
  }

  /** Keyed, so that a name says nothing about the content (A23), and the same on every device of the vault. */
  #idOf(collection: CollectionId, identity: string): RecordId {
    const { secret } = this.#context.account.state
    return toHex(kdf(secret, label.recordId, concat(fromBase64Url(collection), utf8(identity)), 16)) as RecordId
  }
}

async function readAll(items: AsyncIterable<Item>, onProgress: (done: number) => void) {
  const drafts = new Map<string, Draft>()
  const problems: Problem[] = []
  let repeated = 0
  for await (const item of items) {
    if ('draft' in item) drafts.set(item.draft.identity, item.draft)
    else if ('problem' in item) problems.push(item.problem)
    else if ('duplicate' in item) repeated++
    else onProgress(item.progress)
  }
  return { drafts: [...drafts.values()], problems, repeated }
}

/** `{ref: identity}` becomes `{ref: record id}`, wherever it stands. */
function resolve(value: RecordValue, idOf: (identity: string) => string): RecordValue {
  const visit = (json: Json): Json => {
    if (Array.isArray(json)) return json.map(visit)
    if (json === null || typeof json !== 'object') return json
    if (typeof json['ref'] === 'string') return { ...json, ref: idOf(json['ref']) }
    return Object.fromEntries(Object.entries(json).map(([key, child]) => [key, visit(child)]))
  }
  return visit(value) as RecordValue
}
