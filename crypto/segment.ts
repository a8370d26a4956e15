/**
 * A segment: immutable, about 256 KiB, one section per (epoch, leaf facet) (SPEC §6, G1–G5).
 *
 *   [ header, table, body ]
 *   header = [version, "segment", owner, seal id, collection]
 *   table  = envelope(segment key, header, [[tag, epoch, offset, size], …] sorted by tag), padded to 256
 *   body   = the sections end to end; each an envelope(section key, header, cells as in cells.ts), padded by Padmé
 */
import { compare, fromHex, toHex } from './bytes.ts'
import { bytes, decode, encode, fixed, list, struct, uint, where, type Of } from './codec.ts'
import { decodeCells, encodeCells, type Cell } from './cells.ts'
import { tampered } from './errors.ts'
import { ENVELOPE_BYTES, open, openBulk, seal, sealBulk } from './envelope.ts'
import { sectionKey, sectionTag, type Epoch, type FacetKey } from './facet-keys.ts'
import { label } from './labels.ts'
import { headerStart, id16, drawSealId } from './object.ts'
import { section as sectionPadding, steps } from './padding.ts'
import { random } from './primitives.ts'

const header = struct({ ...headerStart('segment'), collection: id16 })
const object = struct({ header: bytes, table: bytes, body: bytes })
const row = struct({ tag: id16, epoch: fixed(8), offset: uint, size: uint })
/** G2: the order says nothing about facets; and a facet sealed twice here would be one key used twice (E3). */
const table = where(list(row), 'tags sorted, each once', rows =>
  rows.every(({ tag }, i) => i === 0 || compare(rows[i - 1]!.tag, tag) < 0),
)
const tablePadding = steps(256)

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

/** `facetKeyOf` gives F for a section's epoch and facet. Draws the seal id and the segment key. */
export async function sealSegment(
  owner: string,
  collection: Uint8Array,
  sections: readonly Section[],
  facetKeyOf: (epoch: Epoch, facet: string) => FacetKey,
): Promise<SealedSegment> {
  const [sealId, key] = [drawSealId(), random(32)]
  const head = encode(header, { version: 1, type: 'segment', owner, sealId, collection })
  const plain = sections.map(({ epoch, facet, cells }) => {
    const of = [facetKeyOf(epoch, facet), key, sealId] as const
    const padded = encodeCells(cells, sectionPadding)
    return { tag: sectionTag(...of), epoch: fromHex(epoch), key: sectionKey(...of), padded }
  })
  plain.sort((a, b) => compare(a.tag, b.tag)) // G2
  let size = 0
  const rows = plain.map(({ tag, epoch, padded }) => {
    const row = { tag, epoch, offset: size, size: padded.length + ENVELOPE_BYTES }
    size += row.size
    return row
  })
  const sealedTable = seal(key, label.table, head, encode(table, rows), tablePadding)
  const bytes = encode(object, { header: head, table: sealedTable, body: new Uint8Array(size) })
  const body = bytes.subarray(bytes.length - size) // sealed in place
  await Promise.all(
    plain.map((section, i) => sealBulk(section.key, label.sectionBody, head, section.padded, placeOf(rows[i]!, body))),
  )
  return { sealId, key, bytes }
}

const placeOf = ({ offset, size }: Of<typeof row>, body: Uint8Array): Uint8Array => body.subarray(offset, offset + size)

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
  if (writtenOwner !== owner || compare(writtenCollection, collection)) return tampered('a segment of elsewhere')
  const rows = decode(table, open(key, label.table, head, sealedTable, tablePadding))
  if (!endToEnd(rows, body.length)) return tampered('malformed section table')
  return { sealId, key, header: head, rows, body }
}

function endToEnd(rows: Of<typeof table>, length: number): boolean {
  let at = 0
  return rows.every(row => row.offset === at && (at += row.size) <= length) && at === length
}

/** The epochs that have sections here. */
export const epochsOf = (segment: OpenedSegment): Set<Epoch> =>
  new Set(segment.rows.map(row => toHex(row.epoch) as Epoch))

/** null where the segment has no section of this facet, which is known at once. */
export function openSection(segment: OpenedSegment, facetKey: FacetKey): Promise<Cell[]> | null {
  const of = [facetKey, segment.key, segment.sealId] as const
  const tag = sectionTag(...of)
  const found = segment.rows.find(candidate => compare(candidate.tag, tag) === 0)
  return found ? openRow(segment, found, sectionKey(...of)) : null
}

async function openRow({ header, body }: OpenedSegment, of: Of<typeof row>, key: Uint8Array): Promise<Cell[]> {
  return decodeCells(await openBulk(key, label.sectionBody, header, placeOf(of, body), sectionPadding))
}
