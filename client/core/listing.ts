/** Which records a query means, in which order: found in the indexes alone, whatever the number of records. */
import { isWithin, kind as kindOf } from '#vocab'
import { refWord } from './collections/brief.ts'
import type { OwnCollection } from './collections/own-collection.ts'
import type { Row } from './collections/own-index.ts'
import { fold } from './search.ts'
import type { Query } from './types.ts'

export interface Found {
  collection: OwnCollection
  row: Row
}

/** Those that match, from `offset` on, `limit` at most. Without an order, as they are stored: the fastest to read in full. */
export function* find(collections: readonly OwnCollection[], query: Query): Generator<Found> {
  const { order, offset = 0, limit = Infinity } = query
  const matches = matcherOf(query)
  const sources = collections.map(collection => matching(collection, rowsOf(collection, order), matches))
  let at = 0
  for (const found of order ? mergedByDate(sources, order) : inTurn(sources)) {
    if (at >= offset + limit) return
    if (at++ >= offset) yield found
  }
}

function* matching(collection: OwnCollection, rows: Iterable<Row>, matches: (row: Row) => boolean): Generator<Found> {
  for (const row of rows) if (matches(row)) yield { collection, row }
}

function* inTurn(sources: readonly Iterable<Found>[]): Generator<Found> {
  for (const source of sources) yield* source
}

function* mergedByDate(sources: readonly Iterator<Found>[], order: '-date' | 'date'): Generator<Found> {
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

const isBefore = (a: Row, b: Row, order: '-date' | 'date'): boolean =>
  (order === 'date' ? byDate(a, b) : byDate(b, a)) < 0

function byDate(a: Row, b: Row): number {
  const [one, other] = [a.summary.date ?? '', b.summary.date ?? '']
  if (one !== other) return one < other ? -1 : 1
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}

/** Sorted once for each state of an index. The sort takes up what was in order before, and is fast on it. */
const sorted = new WeakMap<OwnCollection, { version: number; rows: Row[] }>()

function rowsOf(collection: OwnCollection, order: Query['order']): Iterable<Row> {
  const { index } = collection
  if (!order) return index.rows()
  const known = sorted.get(collection)
  if (known?.version !== index.version) {
    const before = new Set(known?.rows)
    const kept = (known?.rows ?? []).filter(row => index.row(row.id) === row)
    const added = [...index.rows()].filter(row => !before.has(row))
    sorted.set(collection, { version: index.version, rows: [...kept, ...added].sort(byDate) })
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
  return row => {
    const { kind: is, facets, date } = row.summary
    if (is === null || (kind && is !== kind)) return false
    if (facet && !facets.some(leaf => isWithin(leaf, facet))) return false
    if ((from || to) && !within(date, from, to)) return false
    if (person && row.id !== person && !row.has(refWord(person))) return false
    return words.every(word => row.has(word) || isNamed(is, word))
  }
}

/** A date of any precision is within if some moment of it is: 2024 is from 2024-05 and to 2024-03. */
function within(date: string | null, from: string | undefined, to: string | undefined): boolean {
  if (date === null) return false
  if (from && date < from.slice(0, date.length)) return false
  return !to || date.slice(0, to.length) <= to
}

/** What a kind is called is found too, in both languages. */
function isNamed(kind: string, word: string): boolean {
  const labels = kindOf(kind)?.label
  return labels !== undefined && Object.values(labels).some(label => fold(label).includes(word))
}
