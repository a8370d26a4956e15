/**
 * A manifest page: older segments of a collection, immutable, named by the head with its hash and key (SPEC H9).
 *
 *   [ header, envelope(page key, header, [segment entry, …]), padded to 4 KiB steps ]
 *   header = [version, "manifest-page", owner, seal id, collection]
 *
 * The caller has checked the page's hash against the head.
 */
import { equal } from './bytes.ts'
import { bytes, decode, encode, list, struct } from './codec.ts'
import { open, seal } from './envelope.ts'
import { tampered } from './errors.ts'
import { segmentEntry, type SegmentEntry } from './head.ts'
import { label } from './labels.ts'
import { headerStart, id16 } from './object.ts'
import { steps } from './padding.ts'

const page = struct({ header: bytes, sealed: bytes })
const pageHeader = struct({ ...headerStart('manifest-page'), collection: id16 })
const pagePadding = steps(4096)

/** A manifest page: older segments, immutable; seal id and key, which the head holds, drawn for this call alone (H7, E3). */
export function sealManifestPage(
  owner: string,
  collection: Uint8Array,
  sealId: Uint8Array,
  key: Uint8Array,
  segments: SegmentEntry[],
): Uint8Array {
  const head = encode(pageHeader, { version: 1, type: 'manifest-page', owner, sealId, collection })
  return encode(page, {
    header: head,
    sealed: seal(key, label.manifestPage, head, encode(list(segmentEntry), segments), pagePadding),
  })
}

export function openManifestPage(
  from: Uint8Array,
  owner: string,
  collection: Uint8Array,
  key: Uint8Array,
): SegmentEntry[] {
  const { header: head, sealed } = decode(page, from)
  const read = decode(pageHeader, head)
  if (read.owner !== owner || !equal(read.collection, collection)) return tampered('a page of elsewhere')
  return decode(list(segmentEntry), open(key, label.manifestPage, head, sealed, pagePadding))
}
