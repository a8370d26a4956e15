/** Records: values split into cells by leaf facet, written, read back and searched (protocol §5, vocabulary). */
import { AlveoleError, isCode, random, toHex } from '#crypto'
import { kind as kindOf, leafOf, type Language, type RecordValue } from '#vocab'
import { assemble, DELETED, type Placed } from './collections/cell-index.ts'
import type { Files } from './blobs/files.ts'
import type { Collections } from './collections/collections.ts'
import type { OwnCollection } from './collections/own-collection.ts'
import type { Write } from './collections/pack.ts'
import type { Context } from './context.ts'
import { firstPage, isOfNewest } from './first-page.ts'
import { find, type Found, type Listable } from './listing.ts'
import type { Outbox } from './outbox.ts'
import { inParallel } from './parallel.ts'
import { PendingCollection, type Shown } from './pending.ts'
import type { CollectionId, Query, RecordId, RecordRow, VaultRecord } from './types.ts'

export interface NewRecord {
  kind: string
  value: RecordValue
  id?: RecordId
  /** When it was last changed, of a record that comes out of an export and was never in this vault (SPEC G7). */
  modified?: number
}

export class Records {
  readonly #context: Context
  readonly #collections: Collections
  readonly #outbox: Outbox
  readonly #files: Files

  constructor(context: Context, collections: Collections, outbox: Outbox, files: Files) {
    this.#context = context
    this.#collections = collections
    this.#outbox = outbox
    this.#files = files
  }

  /** Adds a record, or replaces the whole value of the one with this id. */
  async put(
    kind: string,
    value: RecordValue,
    { collection, id }: { collection: CollectionId; id?: RecordId },
  ): Promise<RecordId> {
    const [record] = await this.putAll([{ kind, value, ...(id && { id }) }], collection)
    return record!
  }

  /**
   * One commit, whatever their number. Records that would not change are not written. Without a network they wait on a device that
   * keeps objects, unless they `mustStand`: then it throws `offline`.
   */
  async putAll(
    records: readonly NewRecord[],
    collection: CollectionId,
    onProgress?: (done: number) => void,
    mustStand = false,
  ): Promise<RecordId[]> {
    if (!(await this.#collections.find(collection))) throw new AlveoleError('not-granted', 'no such folder') // or a selection
    const open = await this.#collections.open(collection)
    const shown = this.#outbox.over(open)
    const drawn = drawIds(records.length)
    const ids: RecordId[] = []
    const writes: Write[] = []
    for (const record of records) {
      const id = record.id ?? drawn(ids.length)
      ids.push(id)
      const row = shown.index.row(id)
      if (row?.isDeleted) throw new AlveoleError('refused', 'a deleted record stays deleted')
      const cells = row ? await shown.cells(id) : [] // of what is new, nothing is waited for
      for (const write of this.#writesFor(cells, id, record)) writes.push(write)
    }
    if (writes.length) await this.#write(open, writes, { onProgress, mustStand })
    return ids
  }

  /** What waits goes first, so that it stands in the order in which it was done. */
  async #write(
    open: OwnCollection,
    writes: readonly Write[],
    { onProgress, mustStand = false }: { onProgress?: ((done: number) => void) | undefined; mustStand?: boolean } = {},
  ): Promise<void> {
    try {
      if (!this.#outbox.isEmpty) await this.#outbox.flush()
      await this.#collections.write(open.id, writes, onProgress)
    } catch (error) {
      if (mustStand || !this.#context.keepsObjects || !isCode(error, 'offline')) throw error
      await this.#outbox.add(open, writes)
    }
    await this.#files.recorded(writes.map(({ properties }) => properties))
  }

  #writesFor(cells: readonly Placed[], id: RecordId, { kind, value, modified }: NewRecord): Write[] {
    const stamp = modified ?? this.#context.hlc.next()
    const now = splitByFacet(kind, value)
    if (!cells.length) return Array.from(now, ([facet, properties]) => ({ record: id, stamp, kind, facet, properties }))
    const before = new Map(cells.map(cell => [cell.facet, cell]))
    const changed = [...now].filter(([facet, properties]) => {
      const old = before.get(facet)
      return old?.kind !== kind || JSON.stringify(old.properties) !== JSON.stringify(properties)
    })
    const gone = [...before.values()].filter(({ facet, properties }) => properties && !now.has(facet))
    return [
      ...changed.map(([facet, properties]) => ({ record: id, stamp, kind, facet, properties })),
      ...gone.map(({ facet }) => ({ record: id, stamp, kind, facet, properties: null })),
    ]
  }

  /** null: absent. */
  async get(id: RecordId): Promise<VaultRecord | null> {
    const isIn = ({ index }: Shown): boolean => index.row(id) !== undefined
    const near = this.#collections.checkpoints.folderOf(id) // whoever saw it on a first page opens no other folder
    const shown = (near && (await this.#in(near)).find(isIn)) || (await this.#in(undefined)).find(isIn)
    return shown ? this.#assembled(shown, id) : null
  }

  /** Whether a record has this id, or had it and is deleted. */
  async isTaken(id: RecordId): Promise<boolean> {
    return (await this.#collections.openAll()).some(({ index }) => index.row(id) !== undefined)
  }

  /** Whole records, each read when its turn comes; `list` is far faster where their names and dates are enough. */
  async *query(query: Query = {}): AsyncGenerator<VaultRecord> {
    for (const { collection, row } of find(await this.#in(query.collection), query)) {
      const record = await this.#assembled(collection, row.id)
      if (record) yield record // or somebody deleted it meanwhile
    }
  }

  /** A page of what a query finds, out of the index alone. */
  async list(query: Query = {}, language: Language = 'en'): Promise<RecordRow[]> {
    return Array.from(await this.#found(query), ({ collection, row }) => ({
      id: row.id,
      kind: row.summary.kind!,
      collection: collection.id,
      facets: row.summary.facets,
      label: row.label(language),
      date: row.summary.date,
      modified: row.modified,
      ...marked(collection, row.id),
    }))
  }

  async #found(query: Query): Promise<Iterable<Found>> {
    if (!isOfNewest(query) || !this.#outbox.isEmpty) return find(await this.#in(query.collection), query)
    const ids = query.collection ? [query.collection] : (await this.#collections.list()).map(({ id }) => id)
    const open = (id: CollectionId) => this.#collections.open(id)
    return firstPage(await inParallel(ids, async id => (await this.#collections.listed(id)) ?? open(id)), query, open)
  }

  async #in(collection: CollectionId | undefined): Promise<Shown[]> {
    const open = collection ? [await this.#collections.open(collection)] : await this.#collections.openAll()
    return open.map(one => this.#outbox.over(one))
  }

  async #assembled(shown: Shown, id: RecordId): Promise<VaultRecord | null> {
    if (shown.index.row(id)?.isDeleted) return null // said by the index: without a network there may be no more
    const record = assemble(shown.id, id, await shown.cells(id))
    return record && { ...record, ...marked(shown, id) }
  }

  /** Final: the id never comes back. Throws `not-granted` where there is none. */
  async remove(id: RecordId): Promise<void> {
    const opened = await this.#collections.openAll()
    const open = opened.find(one => this.#outbox.over(one).index.row(id)?.summary.kind)
    if (!open) throw new AlveoleError('not-granted', 'no such record')
    await this.#write(open, tombstones(this.#outbox.over(open), id, this.#context.hlc.next()))
  }

  /**
   * As `remove`, at once and to the end: on the server nothing of it is left, no older version and no part of its files, and
   * nobody who kept keys finds anything there. What was read stays read. Throws until all of it is gone: from the commit on it is
   * deleted, and the next opening finishes, or this asked for again; so it takes records that are deleted already.
   */
  async erase(id: RecordId): Promise<void> {
    if (!this.#outbox.isEmpty) await this.#outbox.flush()
    const collection = (await this.#collections.openAll()).find(({ index }) => index.row(id))
    if (!collection) throw new AlveoleError('not-granted', 'no such record')
    await this.#collections.erase(collection.id, tombstones(collection, id, this.#context.hlc.next()))
  }
}

/** Randomness costs by the call: it is drawn for many at once. */
function drawIds(count: number): (at: number) => RecordId {
  const EACH = 1024
  const batches = Array.from({ length: Math.ceil(count / EACH) }, () => random(16 * EACH))
  return at => {
    const from = 16 * (at % EACH)
    return toHex(batches[Math.floor(at / EACH)]!.subarray(from, from + 16)) as RecordId
  }
}

/** One for each facet, so that whoever reads one of them learns of it. */
const marked = (shown: Listable, id: RecordId): { pending?: true } =>
  shown instanceof PendingCollection && shown.has(id) ? { pending: true } : {}

export const tombstones = ({ index }: Pick<Shown, 'index'>, record: RecordId, stamp: number): Write[] =>
  (index.row(record)?.entries ?? []).map(({ facet }) => ({ record, stamp, kind: DELETED, facet, properties: null }))

function splitByFacet(kind: string, value: RecordValue): Map<string, RecordValue> {
  if (!kindOf(kind)) throw new AlveoleError('usage', 'no such kind of record', { detail: { kind } })
  const cells = new Map<string, RecordValue>()
  for (const property of Object.keys(value)) {
    const leaf = leafOf(kind, property, value)
    if (!leaf) throw new AlveoleError('usage', 'no such property', { detail: { kind, property } })
    const cell = cells.get(leaf) ?? {}
    cells.set(leaf, cell)
    cell[property] = value[property]!
  }
  return cells
}
