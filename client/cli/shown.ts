/** How records are shown: by every command alike, and never with the key of a blob. */
import { isBlob, isSource, type CollectionId, type VaultRecord } from '#core'
import { displayText, kind, type Json, type Language, type RecordValue } from '#vocab'
import { table } from './table.ts'

export interface Row {
  id: string
  kind: string
  collection: string
  label: string
  date: string | null
  facets: readonly string[]
  /** A change of it waits on this machine. */
  pending?: true
}

export function rowOf(record: VaultRecord, collections: ReadonlyMap<CollectionId, string>, language: Language): Row {
  const is = kind(record.kind)
  return {
    id: record.id,
    kind: record.kind,
    collection: collections.get(record.collection) ?? record.collection,
    label: is?.labelOf(record.value, language) ?? record.kind,
    date: is?.dateOf(record.value) ?? null,
    facets: record.facets,
    ...(record.pending && { pending: true }),
  }
}

export const kindLabel = (name: string, language: Language): string => kind(name)?.label[language] ?? name

/** The day of a date of any precision. */
export const day = (date: string | null): string => date?.split('T')[0] ?? ''

/** A moment that programs write in UTC, as the clock on the wall has it. */
export const moment = (iso: string, language: Language): string =>
  new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(iso))

/** Blobs keep what describes them and lose what opens them. */
export function withoutKeys(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutKeys)
  if (typeof value !== 'object' || value === null) return value
  const entries: [string, Json][] = Object.entries(value)
  const open = isBlob(value) ? entries.filter(([name]) => DESCRIBES.includes(name)) : entries
  return Object.fromEntries(open.map(([name, part]) => [name, withoutKeys(part)]))
}

const DESCRIBES = ['type', 'blob', 'size', 'mediaType', 'name']

/** Label and words of each property that has some. */
export function propertyLines(kindName: string, value: RecordValue, language: Language): string {
  const properties = kind(kindName)?.properties ?? {}
  const rows = Object.entries(value).flatMap(([name, part]) => {
    const words = properties[name]?.type === 'thumbnail' ? null : wordsOf(part)
    return words === null ? [] : [[properties[name]?.label[language] ?? name, words]]
  })
  return table(rows)
}

const LONGEST = 2000

function wordsOf(value: Json): string | null {
  if (isBlob(value)) return `${value.name} (${value.mediaType}, ${value.size})`
  if (isSource(value)) return `${value.mediaType}, ${value.text.length}`
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  const text = displayText(value) ?? (value === null ? null : JSON.stringify(withoutKeys(value)))
  return text && text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}
