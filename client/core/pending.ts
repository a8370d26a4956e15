/** A collection with the cells on top that wait to be sent (outbox.ts): what lists, searches and reads show until they are. */
import type { Epoch } from '#crypto'
import { briefOf } from './collections/brief.ts'
import { CellIndex, newer, type Placed } from './collections/cell-index.ts'
import type { OwnCollection } from './collections/own-collection.ts'
import { compare, Row, type Entry } from './collections/own-index.ts'
import type { Write } from './collections/pack.ts'
import type { Listable } from './listing.ts'
import type { CollectionId, RecordId } from './types.ts'

/** What is asked of a collection to show it, whether some of it waits or none does. */
export interface Shown extends Listable {
  cells(record: string): Promise<Placed[]>
}

/** By record. */
export type Pending = ReadonlyMap<string, readonly Write[]>

/** No epoch holds what was not sealed yet. */
const NONE = '' as Epoch

export class PendingCollection implements Shown {
  readonly #of: OwnCollection
  readonly #pending: Pending
  /** As long as what they stand on is the same, so are they: sorted lists know them again. */
  readonly #rows = new Map<string, { on: readonly Entry[] | undefined; row: Row }>()

  constructor(of: OwnCollection, pending: Pending) {
    this.#of = of
    this.#pending = pending
  }

  get id(): CollectionId {
    return this.#of.id
  }

  /** Whether some of the record waits. */
  has(record: string): boolean {
    return this.#pending.has(record)
  }

  get index(): Shown['index'] {
    const { index } = this.#of
    return {
      row: record => (this.#pending.has(record) ? this.#merged(record) : index.row(record)),
      rows: () => this.#all(),
      version: index.version,
    }
  }

  *#all(): Generator<Row> {
    for (const row of this.#of.index.rows()) if (!this.#pending.has(row.id)) yield row
    for (const record of this.#pending.keys()) yield this.#merged(record)
  }

  #merged(record: string): Row {
    const on = this.#of.index.row(record)?.entries
    const known = this.#rows.get(record)
    if (known && known.on === on) return known.row
    const row = new Row(record as RecordId)
    row.entries = on ?? []
    for (const write of this.#pending.get(record) ?? []) {
      const old = row.entries.find(({ facet }) => facet === write.facet)
      if (!old || stands(write, old))
        row.put({ ...write, epoch: NONE, segment: null, brief: briefOf(write), cell: write })
    }
    this.#rows.set(record, { on, row })
    return row
  }

  async cells(record: string): Promise<Placed[]> {
    const cells = await this.#of.cells(record)
    const writes = this.#pending.get(record)
    if (!writes) return cells
    const merged = new CellIndex()
    for (const { facet, epoch, ...cell } of cells) merged.add(facet, epoch, [cell])
    for (const { facet, ...cell } of writes) merged.add(facet, NONE, [cell])
    return [...merged.cells(record as RecordId)]
  }
}

const stands = (write: Write, old: Entry): boolean => (old.cell ? newer(write, old.cell) : compare(write, old) > 0)
