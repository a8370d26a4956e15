/**
 * The cells of one collection, merged: last stamp wins per record and leaf facet, a deletion is final (protocol §5).
 * Cells may come in any order and more than once.
 */
import type { Cell, Epoch } from '#crypto'
import type { RecordValue } from '#vocab'
import type { CollectionId, RecordId, VaultRecord } from '../types.ts'

/** The kind of a tombstone that ends the record, not only one facet of it. */
export const DELETED = ''

export interface Placed extends Cell {
  facet: string
  epoch: Epoch
}

export class CellIndex {
  /** One cell a facet: an array, since a record has few. */
  readonly #records = new Map<string, Placed[]>()
  #last = 0

  /** The greatest stamp seen. */
  get last(): number {
    return this.#last
  }

  add(facet: string, epoch: Epoch, cells: readonly Cell[]): void {
    for (const { record, stamp, kind, properties } of cells) {
      if (stamp > this.#last) this.#last = stamp
      const cell = { record, stamp, kind, properties, facet, epoch }
      const facets = this.#records.get(record)
      const at = facets?.findIndex(one => one.facet === facet) ?? -1
      if (!facets) this.#records.set(record, [cell])
      else if (at < 0) facets.push(cell)
      else if (newer(cell, facets[at]!)) facets[at] = cell
    }
  }

  cells(record: RecordId): readonly Placed[] {
    return this.#records.get(record) ?? []
  }

  /** The newest of each record and facet. */
  *newest(): Generator<Placed> {
    for (const facets of this.#records.values()) yield* facets
  }

  isDeleted(record: RecordId): boolean {
    return this.cells(record).some(cell => cell.kind === DELETED)
  }

  get(collection: CollectionId, record: RecordId): VaultRecord | null {
    return assemble(collection, record, this.cells(record))
  }

  *records(collection: CollectionId): Generator<VaultRecord> {
    for (const [id, facets] of this.#records) {
      const record = assemble(collection, id as RecordId, facets)
      if (record) yield record
    }
  }
}

/** Whether `a` stands where both are known: the same answer on every device. */
export function newer(a: Cell, b: Cell): boolean {
  if ((a.kind === DELETED) !== (b.kind === DELETED)) return a.kind === DELETED
  if (a.stamp !== b.stamp) return a.stamp > b.stamp
  return spelling(a) > spelling(b) // any order will do, if all devices take the same
}

const spelling = ({ kind, properties }: Cell): string => JSON.stringify([kind, properties])

/** The record of its newest cells (SPEC G7); null: deleted, or nothing of it is left. */
export function assemble(collection: CollectionId, id: RecordId, facets: readonly Placed[]): VaultRecord | null {
  const value: RecordValue = {}
  const visible: string[] = []
  let [modified, kind] = [0, '']
  for (const cell of oldestFirst(facets)) {
    if (cell.kind === DELETED) return null
    if (!cell.properties) continue
    Object.assign(value, cell.properties)
    visible.push(cell.facet)
    ;[modified, kind] = [cell.stamp, cell.kind]
  }
  return visible.length ? { id, kind, collection, facets: visible.sort(), value, modified } : null
}

/** So that of a property that stands in two facets, moved by one device while another changed it, the later value shows. */
const oldestFirst = (facets: readonly Placed[]): Placed[] =>
  [...facets].sort((a, b) => a.stamp - b.stamp || (a.facet < b.facet ? -1 : 1))
