/**
 * The cells of a section, in columns (SPEC G5):
 *
 *   [ n × 16 bytes of record ids, n hybrid-clock stamps (ms), cells ]
 *   cells = one JSON text, an array of n `[kind, properties | null]`, where null is a tombstone
 *
 * One JSON text opens far faster than n.
 */
import { fromHex, toHex } from './bytes.ts'
import { bytes, decode, encode, struct, text, uints } from './codec.ts'
import { AlveoleError, tampered } from './errors.ts'
import type { Padding } from './padding.ts'

const columns = struct({ ids: bytes, stamps: uints, cells: text })

/** What one leaf facet of one record holds: `properties` null is a tombstone. */
export interface Cell {
  /** 32 hexadecimal digits. */
  record: string
  /** Hybrid logical clock, milliseconds since 1970. */
  stamp: number
  kind: string
  properties: { [name: string]: unknown } | null
}

/** Padded by a rule where one is given: what is sealed in bulk is written once. */
export function encodeCells(cells: readonly Cell[], padding?: Padding): Uint8Array {
  const value = {
    ids: fromHex(cells.map(cell => recordId(cell.record)).join('')),
    stamps: cells.map(cell => cell.stamp),
    cells: JSON.stringify(cells.map(cell => [cell.kind, cell.properties])),
  }
  return encode(columns, value, padding)
}

function recordId(record: string): string {
  if (record.length !== 32) throw new AlveoleError('usage', 'a record id has 16 bytes') // or columns would shift
  return record
}

export function decodeCells(from: Uint8Array): Cell[] {
  const { ids, stamps, cells } = decode(columns, from)
  const bodies = parse(cells)
  if (ids.length !== 16 * stamps.length || bodies.length !== stamps.length) return tampered('columns differ')
  const digits = toHex(ids)
  return bodies.map((body, i) => ({
    record: digits.slice(32 * i, 32 * i + 32),
    stamp: stamps[i]!,
    kind: body[0],
    properties: body[1],
  }))
}

function parse(json: string): [string, Cell['properties']][] {
  try {
    const value: unknown = JSON.parse(json, isSuspect(json) ? withoutProto : undefined)
    if (Array.isArray(value) && value.every(isBody)) return value
  } catch {
    // reported below, like all malformed text
  }
  return tampered('malformed cells')
}

/** As written or, letter by letter, escaped: each is looked for far faster than either by one expression. */
const isSuspect = (json: string): boolean => json.includes('__proto__') || json.includes('\\u00')

/** G5: no property of that name gets in, which a later copy would take for a prototype. A reviver is slow: kept for suspects. */
const withoutProto = (key: string, value: unknown): unknown => (key === '__proto__' ? undefined : value)

const isBody = (item: unknown): item is [string, Cell['properties']] =>
  Array.isArray(item) &&
  item.length === 2 &&
  typeof item[0] === 'string' &&
  (item[1] === null || (typeof item[1] === 'object' && !Array.isArray(item[1])))
