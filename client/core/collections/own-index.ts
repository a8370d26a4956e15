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

/** What the entries of a row say together, as far as it is looked at of every row. */
interface Summary {
  /** null: deleted, or nothing of it is left. */
  kind: string | null
  facets: readonly string[]
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

  /** Some of its properties, later stamps over earlier (SPEC G7); put together at each call. */
  get said(): RecordValue {
    return saidBy(standing(this.#entries))
  }

  label(language: Language): string {
    const { kind } = this.summary
    return kindOf(kind ?? '')?.labelOf(this.said, language) ?? kind ?? ''
  }

  /** `word` is folded. */
  has(word: string): boolean {
    return this.#entries.some(({ brief }) => brief?.words.includes(word))
  }

  standing({ facet }: Pick<Entry, 'facet'>): Entry | undefined {
    return this.#entries.find(entry => entry.facet === facet)
  }

  put(entry: Entry): void {
    const others = this.#entries.filter(({ facet }) => facet !== entry.facet)
    this.entries = others.length ? others.concat(entry) : [entry] // of no more room than that: there are many
  }
}

/** Those that are no tombstones, oldest first. */
function standing(entries: readonly Entry[]): readonly Entry[] {
  const all = entries.filter(({ brief }) => brief !== null)
  return all.sort((a, b) => a.stamp - b.stamp || (a.facet < b.facet ? -1 : 1))
}

const saidBy = (oldestFirst: readonly Entry[]): RecordValue =>
  Object.assign({}, ...oldestFirst.map(({ brief }) => brief!.said)) as RecordValue

function summaryOf(entries: readonly Entry[], isDeleted: boolean): Summary {
  const oldestFirst = standing(entries)
  const kind = isDeleted ? null : (oldestFirst.at(-1)?.kind ?? null)
  const date = kindOf(kind ?? '')?.dateOf(saidBy(oldestFirst)) ?? null
  return { kind, facets: shared(oldestFirst.map(({ facet }) => facet).sort()), date }
}

/** Many records have the same facets: they share one list of them. */
const lists = new Map<string, readonly string[]>()
const SHARED = 1000

function shared(facets: readonly string[]): readonly string[] {
  const name = facets.join(' ')
  const known = lists.get(name)
  if (known) return known
  if (lists.size < SHARED) lists.set(name, facets)
  return facets
}

/** The tail, among the names of segments. */
const TAIL = ''

export class OwnIndex {
  readonly #rows = new Map<string, Row>()
  /** By segment, the records that have, or had, a newest cell in it: what a commit changes is found without a look at all rows. */
  readonly #placed = new Map<string, string[]>()
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

  get isEmpty(): boolean {
    return !this.#rows.size
  }

  rows(): Iterable<Row> {
    return this.#rows.values()
  }

  *entries(): Generator<Entry> {
    for (const { entries } of this.#rows.values()) yield* entries
  }

  *entriesIn(segments: Iterable<string>): Generator<Entry> {
    for (const segment of segments)
      for (const record of new Set(this.#placed.get(segment)))
        yield* this.#rows.get(record)?.entries.filter(entry => entry.segment === segment) ?? []
  }

  /** Tells which of them have one stamp with another cell: only the cells can tell which one stands (SPEC G6). */
  add(entries: Iterable<Entry>): Entry[] {
    const ties: Entry[] = []
    for (const entry of entries) {
      const { record, stamp } = entry
      this.#last = Math.max(this.#last, stamp)
      let row = this.#rows.get(record)
      if (!row) this.#rows.set(record, (row = new Row(record as RecordId)))
      const old = row.standing(entry)
      const order = old ? compare(entry, old) : 1
      if (order > 0) this.#put(row, entry)
      else if (order === 0 && !isOneCell(entry, old!)) ties.push(entry)
    }
    this.#version++
    return ties
  }

  /** The one that stands, of a tie. */
  settle(entry: Entry): void {
    this.#put(this.#rows.get(entry.record)!, entry)
    this.#version++
  }

  #put(row: Row, entry: Entry): void {
    row.put(entry)
    const placed = this.#placed.get(entry.segment ?? TAIL)
    if (placed) placed.push(row.id)
    else this.#placed.set(entry.segment ?? TAIL, [row.id])
  }

  /** Drops what stands in the tail, or in a segment that is not listed any more: the head that says so says where it is now. */
  keepOnly(isListed: (segment: string) => boolean): void {
    const stays = (segment: string | null): boolean => segment !== null && isListed(segment)
    for (const [place, records] of this.#placed) {
      if (place !== TAIL && isListed(place)) continue
      this.#placed.delete(place)
      for (const record of records) this.#drop(record, stays)
    }
    this.#version++
  }

  #drop(record: string, stays: (segment: string | null) => boolean): void {
    const row = this.#rows.get(record)
    if (!row) return
    row.entries = row.entries.filter(({ segment }) => stays(segment))
    if (!row.entries.length) this.#rows.delete(record)
  }
}

const isOneCell = (a: Entry, b: Entry): boolean => a.segment === b.segment && a.epoch === b.epoch && a.cell === b.cell

/** As SPEC G6, as far as stamps tell: above 0 where `a` stands. */
export function compare(a: Pick<Cell, 'kind' | 'stamp'>, b: Pick<Cell, 'kind' | 'stamp'>): number {
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
