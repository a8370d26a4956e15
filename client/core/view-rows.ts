/** The rows of a shared view: which of the records that somebody lets us read a query means, each once, in order and by the page. */
import { isWithin, kind as kindOf, type Json, type Language } from '#vocab'
import type { GrantedCollection } from './collections/granted-collection.ts'
import { grantIri } from './grants/grant-id.ts'
import { byDate, within } from './listing.ts'
import { fold, matcher } from './search.ts'
import type { Query, RecordId, ViewRow } from './types.ts'

export function* rowsOf(
  open: GrantedCollection,
  ownerName: string,
  query: Query,
  language: Language,
): Generator<ViewRow> {
  if (query.collection && query.collection !== open.id) return
  for (const record of open.index.records(open.id)) {
    const kind = kindOf(record.kind)
    const row = {
      ...record,
      label: kind?.labelOf(record.value, language) ?? record.kind,
      date: kind?.dateOf(record.value) ?? null,
      owner: open.of.owner,
      ownerName,
      grant: grantIri(open.of.grant),
      until: new Date(open.until).toISOString(),
    }
    if (matches(row, query)) yield row
  }
}

function matches({ id, kind: is, facets, value, date }: ViewRow, query: Query): boolean {
  const { kind, facet, text, person, from, to } = query
  if (kind && is !== kind) return false
  if (facet && !facets.some(leaf => isWithin(leaf, facet))) return false
  if ((from || to) && !within(date, from, to)) return false
  if (person && id !== person && !refersTo(value, person)) return false
  return !text || matcher(text)(fold(JSON.stringify(value)))
}

function refersTo(value: Json, person: RecordId): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(([name, child]) =>
    name === 'ref' && typeof child === 'string' ? child === person : refersTo(child, person),
  )
}

/** Two grants may open the same record: one row, under the grant that lasts longer, with what both show. */
export function once(rows: ViewRow[]): ViewRow[] {
  const byRecord = new Map<string, ViewRow>()
  for (const row of rows) {
    const key = `${row.owner} ${row.collection} ${row.id}`
    const other = byRecord.get(key)
    byRecord.set(key, other ? merge(other, row) : row)
  }
  return [...byRecord.values()]
}

function merge(a: ViewRow, b: ViewRow): ViewRow {
  const [longer, shorter] = a.until >= b.until ? [a, b] : [b, a]
  return {
    ...longer,
    value: { ...shorter.value, ...longer.value },
    facets: [...new Set([...a.facets, ...b.facets])].sort(),
  }
}

/** Of all owners' rows together. */
export function paged(rows: ViewRow[], { order, offset = 0, limit = Infinity }: Query): ViewRow[] {
  const ordered = order ? rows.toSorted((a, b) => (order === 'date' ? byDate(a, b) : byDate(b, a))) : rows
  return ordered.slice(offset, offset + limit)
}
