/**
 * A segment: immutable, about 256 KiB, one section per (epoch, leaf facet) (SPEC §6, G1–G5).
 *
 *   [ header, table, body ]
 *   header = [version, "segment", owner, seal id, collection]
 *   table  = envelope(segment key, header, [[tag, epoch, offset, size], …] sorted by tag), padded to 256
 *   body   = the sections end to end; each an envelope(section key, header, [ids, stamps, cells]), padded by Padmé
 *
 * A section holds n cells in columns: n × 16 bytes of record ids, n hybrid-clock stamps (ms), and one JSON text, an
 * array of n `[kind, properties | null]`, where null is a tombstone. One JSON text opens far faster than n.
 */
import { compare, concat, fromHex, toHex } from './bytes.ts'
import { bytes, decode, encode, fixed, list, struct, text, uint, type Of } from './codec.ts'
import { AlveoleError } from './errors.ts'
import { open, seal } from './envelope.ts'
import { sectionKey, sectionTag, type Epoch, type FacetKey } from './facet-keys.ts'
import { label } from './labels.ts'
import { headerStart, id16, drawSealId } from './object.ts'
import { section as sectionPadding, steps } from './padding.ts'
import { random } from './primitives.ts'

const header = struct({ ...headerStart('segment'), collection: id16 })
const object = struct({ header: bytes, table: bytes, body: bytes })
const table = list(struct({ tag: id16, epoch: fixed(8), offset: uint, size: uint }))
const columns = struct({ ids: bytes, stamps: list(uint), cells: text })
const tablePadding = steps(256)

/** What one leaf facet of one record holds: `properties` null is a tombstone. */
export interface Cell {
  /** 32 hexadecimal digits. */
  record: string
  /** Hybrid logical clock, milliseconds since 1970. */
  stamp: number
  kind: string
  properties: { [name: string]: unknown } | null
}
export interface Section {
  epoch: Epoch
  facet: string
  cells: Cell[]
}
export interface SealedSegment {
  sealId: Uint8Array
  key: Uint8Array
  bytes: Uint8Array
}

function encodeCells(cells: Cell[]): Uint8Array {
  return encode(columns, {
    ids: concat(...cells.map(cell => fromHex(cell.record))),
    stamps: cells.map(cell => cell.stamp),
    cells: JSON.stringify(cells.map(cell => [cell.kind, cell.properties])),
  })
}

function decodeCells(from: Uint8Array): Cell[] {
  const { ids, stamps, cells } = decode(columns, from)
  const bodies = parse(cells)
  if (ids.length !== 16 * stamps.length || bodies.length !== stamps.length) throw new AlveoleError('tampered', 'columns differ')
  return stamps.map((stamp, i) => {
    const [kind, properties] = bodies[i]!
    return { record: toHex(ids.subarray(16 * i, 16 * i + 16)), stamp, kind, properties }
  })
}

function parse(json: string): [string, Cell['properties']][] {
  try {
    const value: unknown = JSON.parse(json)
    if (Array.isArray(value) && value.every(isBody)) return value
  } catch {
    // reported below, as any other malformed text
  }
  throw new AlveoleError('tampered', 'malformed cells')
}

const isBody = (item: unknown): item is [string, Cell['properties']] =>
  Array.isArray(item) &&
  item.length === 2 &&
  typeof item[0] === 'string' &&
  (item[1] === null || (typeof item[1] === 'object' && !Array.isArray(item[1])))

/** `facetKeyOf` gives F for a section's epoch and facet. Draws the seal id and the segment key. */
export function sealSegment(
  owner: string,
  collection: Uint8Array,
  sections: Section[],
  facetKeyOf: (epoch: Epoch, facet: string) => FacetKey,
): SealedSegment {
  const [sealId, key] = [drawSealId(), random(32)]
  const head = encode(header, { version: 1, type: 'segment', owner, sealId, collection })
  const sealed = sections.map(({ epoch, facet, cells }) => {
    const facetKey = facetKeyOf(epoch, facet)
    const body = seal(sectionKey(facetKey, key, sealId), label.sectionBody, head, encodeCells(cells), sectionPadding)
    return { tag: sectionTag(facetKey, key, sealId), epoch: fromHex(epoch), body }
  })
  sealed.sort((a, b) => compare(a.tag, b.tag)) // G2: the order says nothing about facets
  let offset = 0
  const rows = sealed.map(({ tag, epoch, body }) => {
    offset += body.length
    return { tag, epoch, offset: offset - body.length, size: body.length }
  })
  return {
    sealId,
    key,
    bytes: encode(object, {
      header: head,
      table: seal(key, label.table, head, encode(table, rows), tablePadding),
      body: concat(...sealed.map(({ body }) => body)),
    }),
  }
}

export interface OpenedSegment {
  sealId: Uint8Array
  key: Uint8Array
  header: Uint8Array
  rows: Of<typeof table>
  body: Uint8Array
}

/** Checks that the segment is this collection's, and opens its table. */
export function openSegment(from: Uint8Array, owner: string, collection: Uint8Array, key: Uint8Array): OpenedSegment {
  const { header: head, table: sealedTable, body } = decode(object, from)
  const { owner: writtenOwner, collection: writtenCollection, sealId } = decode(header, head)
  if (writtenOwner !== owner || compare(writtenCollection, collection)) throw new AlveoleError('tampered', 'a segment of elsewhere')
  const rows = decode(table, open(key, label.table, head, sealedTable, tablePadding))
  const sorted = rows.every((row, i) => i === 0 || compare(rows[i - 1]!.tag, row.tag) < 0)
  if (!sorted || !endToEnd(rows, body.length)) throw new AlveoleError('tampered', 'malformed section table')
  return { sealId, key, header: head, rows, body }
}

function endToEnd(rows: Of<typeof table>, length: number): boolean {
  let at = 0
  return rows.every(row => row.offset === at && (at += row.size) <= length) && at === length
}

/** The epochs that have sections here. */
export const epochsOf = (segment: OpenedSegment): Set<Epoch> => new Set(segment.rows.map(row => toHex(row.epoch) as Epoch))

/** null where the segment has no section of this facet. */
export function openSection(segment: OpenedSegment, facetKey: FacetKey): Cell[] | null {
  const tag = sectionTag(facetKey, segment.key, segment.sealId)
  const row = segment.rows.find(candidate => compare(candidate.tag, tag) === 0)
  if (!row) return null
  const sealed = segment.body.subarray(row.offset, row.offset + row.size)
  const plain = open(sectionKey(facetKey, segment.key, segment.sealId), label.sectionBody, segment.header, sealed, sectionPadding)
  return decodeCells(plain)
}
