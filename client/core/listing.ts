/** Which records a query means, in which order: found in the indexes alone, whatever the number of records. */
import { isWithin, kinds } from '#vocab'
import { refWord } from './collections/brief.ts'
import type { OwnIndex, Row } from './collections/own-index.ts'
import { fold } from './search.ts'
import type { CollectionId, Query } from './types.ts'

/** What lists ask of a folder. */
export interface Listable {
  readonly id: CollectionId
  readonly index: Pick<OwnIndex, 'row' | 'rows' | 'version'>
}

export interface Found<L extends Listable = Listable> {
  collection: L
  row: Row
}

/** Those that match, from `offset` on, `limit` at most. Without an order, as they are stored: the fastest to read in full. */
export function* find<L extends Listable>(collections: readonly L[], query: Query): Generator<Found<L>> {
  const { order, offset = 0, limit = Infinity } = query
  const matches = matcherOf(query)
  const sources = collections.map(collection => matching(collection, query, matches))
  let at = 0
  for (const found of order ? mergedByDate(sources, order) : inTurn(sources)) {
    if (at >= offset + limit) return
    if (at++ >= offset) yield found
  }
}

/** Rows that are looked at all the same are looked at as they lie in memory: in another order it takes ten times as long. */
const FEW = 2000

function* matching<L extends Listable>(
  collection: L,
  query: Query,
  matches: (row: Row) => boolean,
): Generator<Found<L>> {
  for (const row of inOrder(collection, query, matches)) yield { collection, row }
}

function inOrder(collection: Listable, { order, text, person }: Query, matches: (row: Row) => boolean): Iterable<Row> {
  if (!order || !(text || person)) return filtered(rowsOf(collection, order), matches)
  const hits = new Set(filtered(collection.index.rows(), matches))
  if (hits.size > FEW) return filtered(rowsOf(collection, order), row => hits.has(row))
  const few = [...hits].sort(byDateOf)
  return order === 'date' ? few : few.toReversed()
}

function* filtered(rows: Iterable<Row>, matches: (row: Row) => boolean): Generator<Row> {
  for (const row of rows) if (matches(row)) yield row
}

function* inTurn<F>(sources: readonly Iterable<F>[]): Generator<F> {
  for (const source of sources) yield* source
}

function* mergedByDate<F extends Found>(sources: readonly Iterator<F>[], order: '-date' | 'date'): Generator<F> {
  const heads = sources.map(source => ({ source, next: source.next() })).filter(({ next }) => !next.done)
  while (heads.length) {
    const first = heads.reduce((best, head) =>
      isBefore(head.next.value!.row, best.next.value!.row, order) ? head : best,
    )
    yield first.next.value!
    first.next = first.source.next()
    if (first.next.done) heads.splice(heads.indexOf(first), 1)
  }
}

export const isBefore = (a: Row, b: Row, order: '-date' | 'date'): boolean =>
  (order === 'date' ? byDateOf(a, b) : byDateOf(b, a)) < 0

/** Oldest first. */
export const byDateOf = (a: Row, b: Row): number =>
  byDate({ id: a.id, date: a.summary.date }, { id: b.id, date: b.summary.date })

interface Dated {
  id: string
  date: string | null
}

/** Those without a date first. */
export function byDate(a: Dated, b: Dated): number {
  const [one, other] = [a.date ?? '', b.date ?? '']
  if (one !== other) return one < other ? -1 : 1
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}

/** Sorted once for each state of an index. The sort takes up what was in order before, and is fast on it. */
const sorted = new WeakMap<Listable, { version: number; rows: Row[] }>()

function rowsOf(collection: Listable, order: Query['order']): Iterable<Row> {
  const { index } = collection
  if (!order) return index.rows()
  const known = sorted.get(collection)
  if (known?.version !== index.version) {
    const before = new Set(known?.rows)
    const kept = (known?.rows ?? []).filter(row => index.row(row.id) === row)
    const added = [...index.rows()].filter(row => !before.has(row))
    sorted.set(collection, { version: index.version, rows: [...kept, ...added].sort(byDateOf) })
  }
  const { rows } = sorted.get(collection)!
  return order === 'date' ? rows : backwards(rows)
}

function* backwards(rows: readonly Row[]): Generator<Row> {
  for (let i = rows.length - 1; i >= 0; i--) yield rows[i]!
}

function matcherOf({ kind, facet, text, person, from, to }: Query): (row: Row) => boolean {
  const words = fold(text ?? '')
    .split(/\s+/)
    .filter(Boolean)
    .sort((a, b) => b.length - a.length) // the longest is in the fewest records
  const named = new Map(kinds.map(({ name, label }) => [name, Object.values(label).map(fold)]))
  const isNamed = (is: string, word: string): boolean => named.get(is)?.some(label => label.includes(word)) ?? false
  return row => {
    const { kind: is, facets, date } = row.summary
    if (is === null || (kind && is !== kind)) return false
    if (facet && !facets.some(leaf => isWithin(leaf, facet))) return false
    if ((from || to) && !within(date, from, to)) return false
    if (person && row.id !== person && !row.has(refWord(person))) return false
    return words.every(word => row.has(word) || isNamed(is, word)) // a kind's name finds it, in both languages
  }
}

/** A date of any precision is within if some moment of it is: 2024 is from 2024-05 and to 2024-03. */
export function within(date: string | null, from: string | undefined, to: string | undefined): boolean {
  if (date === null) return false
  if (from && date < from.slice(0, date.length)) return false
  return !to || date.slice(0, to.length) <= to
}
