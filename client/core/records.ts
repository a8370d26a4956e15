/** Records: values split into cells by leaf facet, written, read back and searched (protocol §5, vocabulary). */
import { AlveoleError, isCode, random, toHex } from '#crypto'
import { isWithin, kind as kindOf, leafOf, type RecordValue } from '#vocab'
import { DELETED } from './collections/cell-index.ts'
import type { Collections } from './collections/collections.ts'
import type { OwnCollection } from './collections/own-collection.ts'
import type { Write } from './collections/pack.ts'
import type { Context } from './context.ts'
import type { Outbox } from './outbox.ts'
import type { CellView } from './pending-view.ts'
import { fold, matcher } from './search.ts'
import type { CollectionId, Query, RecordId, VaultRecord } from './types.ts'

export interface NewRecord {
  kind: string
  value: RecordValue
  id?: RecordId
}

export class Records {
  readonly #context: Context
  readonly #collections: Collections
  readonly #outbox: Outbox

  constructor(context: Context, collections: Collections, outbox: Outbox) {
    this.#context = context
    this.#collections = collections
    this.#outbox = outbox
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
    const open = await this.#collections.open(collection)
    const cells = this.#outbox.over(open)
    const ids: RecordId[] = []
    const writes: Write[] = []
    for (const record of records) {
      const id = record.id ?? (toHex(random(16)) as RecordId)
      ids.push(id)
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
  }

  #writesFor(index: CellView, id: RecordId, { kind, value }: NewRecord): Write[] {
    if (index.isDeleted(id)) throw new AlveoleError('refused', 'a deleted record stays deleted')
    const stamp = this.#context.hlc.next()
    const now = splitByFacet(kind, value)
    const before = new Map(index.cells(id).map(cell => [cell.facet, cell]))
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
    for (const open of await this.#collections.openAll()) {
      const record = this.#outbox.over(open).get(open.id, id)
      if (record) return record
    }
    return null
  }

  async *query(query: Query = {}): AsyncGenerator<VaultRecord> {
    const found: VaultRecord[] = []
    for (const open of await this.#in(query.collection)) {
      for (const record of this.#outbox.over(open).records(open.id)) if (matches(record, query)) found.push(record)
    }
    yield* ordered(found, query.order).slice(0, query.limit)
  }

  async #in(collection: CollectionId | undefined): Promise<OwnCollection[]> {
    return collection ? [await this.#collections.open(collection)] : this.#collections.openAll()
  }

  /** Final: the id never comes back. Throws `not-granted` where there is none. */
  async remove(id: RecordId): Promise<void> {
    for (const open of await this.#collections.openAll()) {
      const cells = this.#outbox.over(open)
      if (!cells.get(open.id, id)) continue
      const stamp = this.#context.hlc.next()
      const tombstones = cells
        .cells(id)
        .map(({ facet }) => ({ record: id, stamp, kind: DELETED, facet, properties: null }))
      return this.#write(open, tombstones)
    }
    throw new AlveoleError('not-granted', 'no such record')
  }
}

function splitByFacet(kind: string, value: RecordValue): Map<string, RecordValue> {
  if (!kindOf(kind)) throw new AlveoleError('usage', 'no such kind of record', { detail: { kind } })
  const cells = new Map<string, RecordValue>()
  for (const [property, content] of Object.entries(value)) {
    const leaf = leafOf(kind, property, value)
    if (!leaf) throw new AlveoleError('usage', 'no such property', { detail: { kind, property } })
    const cell = cells.get(leaf) ?? {}
    cells.set(leaf, cell)
    cell[property] = content
  }
  return cells
}

export function matches(record: VaultRecord, { kind, facet, text }: Query): boolean {
  if (kind && record.kind !== kind) return false
  if (facet && !record.facets.some(leaf => isWithin(leaf, facet))) return false
  return !text || matcher(text)(fold(JSON.stringify(record.value)))
}

export function ordered<R extends VaultRecord>(records: R[], order: Query['order']): R[] {
  if (!order) return records
  const dated = records.map(record => ({ record, date: kindOf(record.kind)?.dateOf(record.value) ?? '' }))
  dated.sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0))
  if (order === '-date') dated.reverse()
  return dated.map(({ record }) => record)
}
