/**
 * R3: chosen files under new keys (protocol §6). Each is read, sealed anew and stored; then one commit writes the cells that refer to
 * it; then its old parts are deleted, which no commit can name any more (collections/files-needed.ts). May be interrupted anywhere.
 */
import { AlveoleError, equal, fromBase64Url, hash, PART_BYTES, toBase64Url, utf8 } from '#crypto'
import type { Json, RecordValue } from '#vocab'
import { blobsIn, isBlob } from '../blob-refs.ts'
import { partUrl } from './ref.ts'
import type { Placed } from '../collections/cell-index.ts'
import type { Collections } from '../collections/collections.ts'
import type { OwnCollection } from '../collections/own-collection.ts'
import { cellsWithFiles, filesNow } from '../collections/own-files.ts'
import type { Write } from '../collections/pack.ts'
import type { Place } from '../collections/sections.ts'
import type { Context } from '../context.ts'
import { checkSignal, inParallel } from '../parallel.ts'
import type { BlobRef, CollectionId, RecordId } from '../types.ts'
import type { Files } from './files.ts'
import { objectsOf } from './parts.ts'
import { ReencryptList, type OldFile } from './reencrypt-list.ts'
import type { Source } from './source.ts'

/** Files of one part each that share a commit. */
const BATCH = 32
/** Of those, side by side. */
const WIDTH = 4

export interface ReencryptProgress {
  /** Bytes sealed anew by this call, of those that were left. */
  onProgress?: ((done: number, total: number) => void) | undefined
  signal?: AbortSignal | undefined
}
export interface Reencrypted {
  files: number
  bytes: number
}
/** Which files: those that cells hold of which `holds` is true. */
export interface Chosen {
  /** The same name goes on with the same files. */
  job: string
  /** null: not known any more; a list that was drawn before is gone on with, none is drawn. */
  collections: CollectionId[] | null
  holds(cell: Placed): boolean
}

export class Reencryption {
  readonly #context: Context
  readonly #collections: Collections
  readonly #files: Files

  constructor(context: Context, collections: Collections, files: Files) {
    this.#context = context
    this.#collections = collections
    this.#files = files
  }

  /** What was begun and not finished goes on; what was finished is done anew. */
  async run(chosen: Chosen, { onProgress, signal }: ReencryptProgress = {}): Promise<Reencrypted> {
    const list = new ReencryptList(this.#context, hash(utf8(chosen.job)))
    const { files, done } = await list.open(() => this.#draw(chosen))
    const left = files.slice(done)
    const total = bytesOf(left)
    let [at, before] = [done, 0]
    for (const batch of batches(left)) {
      checkSignal(signal)
      const tell = (bytes: number): void => onProgress?.(before + bytes, total)
      const id = toBase64Url(batch[0]!.collection) as CollectionId
      await this.#batch(
        id,
        batch.map(({ ref }) => ref),
        { onProgress: tell, signal },
      )
      before += bytesOf(batch)
      await list.reached((at += batch.length))
    }
    await list.end()
    return { files: left.length, bytes: total }
  }

  /** The files of these records. */
  async records(records: readonly RecordId[], progress?: ReencryptProgress): Promise<Reencrypted> {
    const wanted = new Set<string>(records)
    const collections = (await this.#collections.list()).map(({ id }) => id)
    const job = `records ${[...wanted].sort().join(' ')}`
    return this.run({ job, collections, holds: ({ record }) => wanted.has(record) }, progress)
  }

  async #draw({ collections, holds }: Chosen): Promise<OldFile[]> {
    if (!collections)
      throw new AlveoleError('refused', 'which files these were is not known any more', {
        detail: { field: 'forgotten' },
      })
    const files: OldFile[] = []
    for (const id of collections) {
      const collection = await this.#fresh(id)
      const refs = (await cellsWithFiles(collection)).filter(holds).flatMap(({ properties }) => blobsIn(properties))
      for (const ref of new Map(refs.map(one => [one.blob, one])).values())
        files.push({ collection: fromBase64Url(id), ref })
    }
    return files
  }

  async #fresh(id: CollectionId): Promise<OwnCollection> {
    const collection = await this.#collections.open(id)
    await collection.refresh()
    return collection
  }

  /** What nothing names any more was done before, as far as its new cell: only the old parts are left to go. */
  async #batch(id: CollectionId, refs: readonly BlobRef[], progress: BatchProgress): Promise<void> {
    const collection = await this.#fresh(id)
    const { place } = collection
    const named = await filesNow(collection)
    const left = refs.filter(({ blob }) => named.has(blob))
    const anew = await this.#sealAnew(place.container, left, progress)
    // Again, where another device was at the record meanwhile and its cell is the newer
    while (!(await filesNow(collection)).isDisjointFrom(anew)) {
      await this.#collections.write(id, await this.#writes(collection, anew))
      await collection.refresh()
    }
    for (const blob of anew.keys()) await this.#files.named(place.container, sourceName(blob))
    await inParallel(refs, ref => deleteObjects(place, ref))
  }

  /** The new references, by the id of the old. */
  async #sealAnew(
    container: string,
    refs: readonly BlobRef[],
    { onProgress, signal }: BatchProgress,
  ): Promise<Map<string, BlobRef>> {
    const stored = new Map<string, number>()
    const one = async (ref: BlobRef): Promise<[string, BlobRef]> => {
      const { name, mediaType, blob } = ref
      const tell = (bytes: number): void => {
        stored.set(blob, bytes)
        onProgress([...stored.values()].reduce((sum, size) => sum + size, 0))
      }
      const source = this.#sourceOf(container, ref)
      return [blob, await this.#files.store(container, source, { name, mediaType }, { onProgress: tell, signal })]
    }
    return new Map(await inParallel(refs, one, WIDTH))
  }

  #sourceOf(container: string, ref: BlobRef): Source {
    return {
      size: ref.size,
      name: sourceName(ref.blob),
      fixed: true,
      read: async (start, end) =>
        new Uint8Array(await new Response(this.#files.open(container, ref, { start, end })).arrayBuffer()),
    }
  }

  async #writes(collection: OwnCollection, anew: ReadonlyMap<string, BlobRef>): Promise<Write[]> {
    const cells = (await cellsWithFiles(collection)).filter(({ properties }) =>
      blobsIn(properties).some(({ blob }) => anew.has(blob)),
    )
    return cells.map(({ record, kind, facet, properties, stamp }) => ({
      record,
      stamp: stamp + 1, // right after what it replaces: whatever a person changes meanwhile is newer
      kind,
      facet,
      properties: replaced(properties as RecordValue, anew) as RecordValue,
    }))
  }
}

interface BatchProgress {
  onProgress(bytes: number): void
  signal?: AbortSignal | undefined
}

const bytesOf = (files: readonly OldFile[]): number => files.reduce((sum, { ref }) => sum + ref.size, 0)
const sourceName = (blob: string): string => `reencrypt ${blob}`

/** Small ones of one folder together; a large one by itself, since its parts go side by side already. */
function batches(files: readonly OldFile[]): OldFile[][] {
  const all: OldFile[][] = []
  for (const file of files) {
    const last = all.at(-1)
    const fits = last && last.length < BATCH && [last[0]!, file].every(({ ref }) => ref.size <= PART_BYTES)
    if (fits && equal(last[0]!.collection, file.collection)) last.push(file)
    else all.push([file])
  }
  return all
}

/** The value with other references, by the id of the old. */
export function replaced(value: Json, anew: ReadonlyMap<string, BlobRef>): Json {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(child => replaced(child, anew))
  const ref = isBlob(value) ? anew.get(value.blob) : undefined
  if (ref) return { ...ref }
  return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, replaced(child, anew)]))
}

/** The page last: it says which parts are left, if this is interrupted. */
export async function deleteObjects({ pod, container }: Place, ref: BlobRef): Promise<void> {
  const page = ref.page && (await pod.get(partUrl(container, ref.page)))
  if (ref.page && !page) return
  const parts = (await objectsOf(pod, container, ref)).filter(part => part !== ref.page)
  await inParallel(parts, part => pod.delete(partUrl(container, part)))
  if (ref.page) await pod.delete(partUrl(container, ref.page))
}
