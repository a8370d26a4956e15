/** The cells of a collection with those on top that wait to be sent (outbox.ts): what reads show until they are. */
import type { Epoch } from '#crypto'
import { CellIndex, type Placed } from './collections/cell-index.ts'
import type { Write } from './collections/pack.ts'
import type { CollectionId, RecordId, VaultRecord } from './types.ts'

/** What is asked of cells, whether some wait or none does. */
export type CellView = Pick<CellIndex, 'cells' | 'isDeleted' | 'get' | 'records'>

/** No epoch holds what was not sealed yet. */
const NONE = '' as Epoch

export class PendingView implements CellView {
  readonly #index: CellView
  readonly #pending: ReadonlyMap<string, readonly Write[]>

  constructor(index: CellView, pending: ReadonlyMap<string, readonly Write[]>) {
    this.#index = index
    this.#pending = pending
  }

  #merged(record: RecordId): CellIndex {
    const merged = new CellIndex()
    for (const { facet, epoch, ...cell } of this.#index.cells(record)) merged.add(facet, epoch, [cell])
    for (const { facet, ...cell } of this.#pending.get(record) ?? []) merged.add(facet, NONE, [cell])
    return merged
  }

  cells(record: RecordId): Placed[] {
    return this.#pending.has(record) ? this.#merged(record).cells(record) : this.#index.cells(record)
  }

  isDeleted(record: RecordId): boolean {
    return this.#pending.has(record) ? this.#merged(record).isDeleted(record) : this.#index.isDeleted(record)
  }

  get(collection: CollectionId, record: RecordId): VaultRecord | null {
    if (!this.#pending.has(record)) return this.#index.get(collection, record)
    const found = this.#merged(record).get(collection, record)
    return found && { ...found, pending: true }
  }

  *records(collection: CollectionId): Generator<VaultRecord> {
    for (const record of this.#index.records(collection)) if (!this.#pending.has(record.id)) yield record
    for (const id of this.#pending.keys()) {
      const record = this.get(collection, id as RecordId)
      if (record) yield record
    }
  }
}
