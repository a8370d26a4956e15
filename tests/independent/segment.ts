/** SPEC §8 (G): a segment and the sections in it. */
import { join, need, same } from './cbor.ts'
import { inCollection } from './collection.ts'
import { kdf, openEnvelope, section, steps } from './primitives.ts'
import { bytes, fields, id, parse, rows, sized, sorted, text, uint, type Shape } from './shape.ts'

export const sectionKey = (facet: Uint8Array, segmentKey: Uint8Array, sealId: Uint8Array): Uint8Array =>
  kdf(facet, 'section key', join(segmentKey, sealId))
export const sectionTag = (facet: Uint8Array, segmentKey: Uint8Array, sealId: Uint8Array): Uint8Array =>
  kdf(facet, 'section tag', join(segmentKey, sealId), 16)

const segmentObject = fields({ header: bytes, table: bytes, body: bytes })
const row = fields({ tag: id, epoch: sized(8), offset: uint, size: uint })
const cellColumns = fields({ ids: bytes, stamps: rows(uint), bodies: text })

export interface Segment extends Shape<typeof segmentObject> {
  sealId: Uint8Array
  key: Uint8Array
  rows: Shape<typeof row>[]
}
export interface Cell {
  record: string
  stamp: number
  kind: string
  properties: Record<string, unknown> | null
}

/** G2, G3. Its hash, or the head's signature over a tail, was checked before (G1). */
export function segment(stored: Uint8Array, owner: string, collection: Uint8Array, segmentKey: Uint8Array): Segment {
  const read = parse(segmentObject, stored)
  const { sealId, ...place } = parse(inCollection('segment'), read.header)
  need(place.owner === owner && same(place.collection, collection))
  const table = openEnvelope(segmentKey, 'section table', read.header, read.table, steps(256))
  const all = parse(
    sorted(row, ({ tag }) => tag),
    table,
  )
  const end = all.reduce((at, { offset, size }) => (need(offset === at), at + size), 0)
  need(end === read.body.length)
  return { ...read, sealId, key: segmentKey, rows: all }
}

/** K5, G4, G5: the cells of one facet of one epoch; null where the segment has none that are ours. */
export function cells(of: Segment, facet: Uint8Array): Cell[] | null {
  const tag = sectionTag(facet, of.key, of.sealId)
  const found = of.rows.find(each => same(each.tag, tag))
  if (!found) return null
  const sealed = of.body.subarray(found.offset, found.offset + found.size)
  return readCells(openEnvelope(sectionKey(facet, of.key, of.sealId), 'section', of.header, sealed, section))
}

/** G5. */
export function readCells(from: Uint8Array): Cell[] {
  const { ids, stamps, bodies } = parse(cellColumns, from)
  const read = jsonRows(bodies)
  need(ids.length === 16 * stamps.length && read.length === stamps.length)
  return read.map(([kind, properties], index) => {
    const record = Buffer.from(ids.subarray(16 * index, 16 * index + 16)).toString('hex')
    return { record, stamp: stamps[index]!, kind, properties }
  })
}

function jsonRows(json: string): [string, Cell['properties']][] {
  let value: unknown
  try {
    value = JSON.parse(json, (name, of: unknown) => (name === '__proto__' ? undefined : of))
  } catch {
    need(false)
  }
  need(Array.isArray(value) && value.every(isBody))
  return value
}

const isBody = (item: unknown): item is [string, Cell['properties']] =>
  Array.isArray(item) &&
  item.length === 2 &&
  typeof item[0] === 'string' &&
  typeof item[1] === 'object' &&
  !Array.isArray(item[1])
