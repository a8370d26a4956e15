/**
 * A segment: immutable, about 256 KiB, one section per (epoch, leaf facet) (SPEC §6, G1–G5).
 *
 *   [ header, table, body ]
 *   header = [version, "segment", owner, seal id, collection]
 *   table  = envelope(segment key, header, [[tag, epoch, offset, size], …] sorted by tag), padded to 256
 *   body   = the sections end to end; each an envelope(section key, header, cells as in cells.ts), padded by Padmé
 */
import { compare, fromHex, join, toHex } from './bytes.ts'
import { bytes, decode, encode, fixed, list, struct, uint, where, type Of } from './codec.ts'
import { decodeCells, encodeCells, type Cell } from './cells.ts'
import { tampered } from './errors.ts'
import { open, seal } from './envelope.ts'
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
  sealed.sort((a, b) => compare(a.tag, b.tag)) // G2
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
      body: join(sealed.map(({ body }) => body)),
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

/** null where the segment has no section of this facet. */
export function openSection(segment: OpenedSegment, facetKey: FacetKey): Cell[] | null {
  const tag = sectionTag(facetKey, segment.key, segment.sealId)
  const row = segment.rows.find(candidate => compare(candidate.tag, tag) === 0)
  if (!row) return null
  const sealed = segment.body.subarray(row.offset, row.offset + row.size)
  const plain = open(
    sectionKey(facetKey, segment.key, segment.sealId),
    label.sectionBody,
    segment.header,
    sealed,
    sectionPadding,
  )
  return decodeCells(plain)
}
