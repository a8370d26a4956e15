/**
 * The index of a collection of one's own: of each record the newest cell of every leaf facet, where it is, and what lists and
 * searches need of it (SPEC Q5). Values are read from the segments only when somebody looks at a record.
 */
import { toHex, type Cell, type IndexEntry, type Section } from '#crypto'
import { kind as kindOf, type Language, type RecordValue } from '#vocab'
import type { RecordId } from '../types.ts'
import { briefOf } from './brief.ts'
import { DELETED } from './cell-index.ts'

/** An entry of a run, or of the tail: then `segment` is null, and the cell is at hand. */
export type Entry = Omit<IndexEntry, 'segment'> & { segment: string | null; cell?: Cell }

/** Entries of one stamp in two places: only their cells can tell which one stands (SPEC G6). */
export type Tie = readonly [Entry, Entry]

/** What the entries of a row say together. */
interface Summary {
  /** null: deleted, or nothing of it is left. */
  kind: string | null
  facets: string[]
  said: RecordValue
  /** ISO 8601 of any precision. */
  date: string | null
}

/** One record, as lists know it. */
export class Row {
  readonly id: RecordId
  #entries: readonly Entry[] = []
  #summary: Summary | null = null

  constructor(id: RecordId) {
    this.id = id
  }

  get entries(): readonly Entry[] {
    return this.#entries
  }

  set entries(entries: readonly Entry[]) {
    this.#entries = entries
    this.#summary = null
  }

  get isDeleted(): boolean {
    return this.#entries.some(({ kind }) => kind === DELETED)
  }

  get modified(): number {
    return this.#entries.reduce((last, { stamp }) => Math.max(last, stamp), 0)
  }

  get summary(): Summary {
    this.#summary ??= summaryOf(this.#entries, this.isDeleted)
    return this.#summary
  }

  label(language: Language): string {
    const { kind, said } = this.summary
    return kindOf(kind ?? '')?.labelOf(said, language) ?? kind ?? ''
  }

  /** `word` is folded. */
  has(word: string): boolean {
    return this.#entries.some(({ brief }) => brief?.words.includes(word))
  }

  put(entry: Entry): void {
    this.entries = [...this.#entries.filter(({ facet }) => facet !== entry.facet), entry]
  }
}

function summaryOf(entries: readonly Entry[], isDeleted: boolean): Summary {
  const oldestFirst = entries
    .filter(({ brief }) => brief !== null)
    .sort((a, b) => a.stamp - b.stamp || (a.facet < b.facet ? -1 : 1)) // SPEC G7
  const said = Object.assign({}, ...oldestFirst.map(({ brief }) => brief!.said)) as RecordValue
  const kind = isDeleted ? null : (oldestFirst.at(-1)?.kind ?? null)
  const facets = oldestFirst.map(({ facet }) => facet).sort()
  return { kind, facets, said, date: kindOf(kind ?? '')?.dateOf(said) ?? null }
}

export class OwnIndex {
  readonly #rows = new Map<string, Row>()
  #last = 0
  #version = 0

  /** The greatest stamp seen. */
  get last(): number {
    return this.#last
  }

  /** Grows with every change. */
  get version(): number {
    return this.#version
  }

  row(record: string): Row | undefined {
    return this.#rows.get(record)
  }

  rows(): IterableIterator<Row> {
    return this.#rows.values()
  }

  *entries(): Generator<Entry> {
    for (const { entries } of this.#rows.values()) yield* entries
  }

  /** Tells which of them stand in one stamp with another that is elsewhere. */
  add(entries: Iterable<Entry>): Tie[] {
    const ties: Tie[] = []
    for (const entry of entries) {
      this.#last = Math.max(this.#last, entry.stamp)
      let row = this.#rows.get(entry.record)
      if (!row) this.#rows.set(entry.record, (row = new Row(entry.record as RecordId)))
      const old = row.entries.find(({ facet }) => facet === entry.facet)
      const order = old ? compare(entry, old) : 1
      if (order > 0) row.put(entry)
      else if (order === 0 && old!.segment !== entry.segment) ties.push([old!, entry])
    }
    this.#version++
    return ties
  }

  /** The one that stands, of a tie. */
  settle(entry: Entry): void {
    this.#rows.get(entry.record)?.put(entry)
    this.#version++
  }

  /** Drops what stands in the tail, or in a segment that is not listed any more: the head that says so says where it is now. */
  keepOnly(isListed: (segment: string) => boolean): void {
    for (const [id, row] of this.#rows) {
      if (row.entries.every(({ segment }) => segment !== null && isListed(segment))) continue
      row.entries = row.entries.filter(({ segment }) => segment !== null && isListed(segment))
      if (!row.entries.length) this.#rows.delete(id)
    }
    this.#version++
  }
}

/** As SPEC G6, as far as stamps tell. */
function compare(a: Entry, b: Entry): number {
  if ((a.kind === DELETED) !== (b.kind === DELETED)) return a.kind === DELETED ? 1 : -1
  return a.stamp - b.stamp
}

/** `segment`: what holds the sections; null for a tail. */
export function* entriesOf(sections: Iterable<Section>, segment: Uint8Array | null): Generator<Entry> {
  const place = segment && toHex(segment)
  for (const { epoch, facet, cells } of sections) {
    for (const cell of cells) {
      const { record, stamp, kind } = cell
      yield { record, stamp, kind, facet, epoch, segment: place, brief: briefOf(cell), ...(!place && { cell }) }
    }
  }
}
