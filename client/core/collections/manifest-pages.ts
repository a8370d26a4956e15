/** The list of a collection's segments: the newest in the head, older ones in pages, so that the head stays small (SPEC H9). */
import {
  drawSealId,
  hash,
  random,
  sealManifestPage,
  toHex,
  type Manifest,
  type Reference,
  type SegmentEntry,
} from '#crypto'
import { HEAD_SEGMENTS } from './pack.ts'
import type { SegmentReader } from './segment-reader.ts'
import type { Place } from './sections.ts'

/** Stores an immutable object of the collection under its seal id; resolves when that is under way. */
export type PutNamed = (sealId: Uint8Array, bytes: Uint8Array) => Promise<void>

export interface SegmentChange {
  added: readonly SegmentEntry[]
  /** Seal ids as hexadecimal digits. */
  removed: ReadonlySet<string>
}

/** The next manifest, its new pages stored; and the pages that it lists no more. */
export async function changeSegments(
  place: Place,
  reader: SegmentReader,
  manifest: Manifest,
  { added, removed }: SegmentChange,
  put: PutNamed,
): Promise<{ manifest: Manifest; dropped: Reference[] }> {
  const stays = ({ sealId }: SegmentEntry): boolean => !removed.has(toHex(sealId))
  const [pages, dropped, loose]: [Reference[], Reference[], SegmentEntry[]] = [[], [], []]
  const inHead = manifest.segments.filter(stays)
  const allFromHead = removed.size <= manifest.segments.length - inHead.length
  for (const page of manifest.pages) {
    const listed = allFromHead ? null : await reader.page(page)
    if (!listed || listed.every(stays)) pages.push(page)
    else {
      dropped.push(page)
      loose.push(...listed.filter(stays))
    }
  }
  let segments = [...loose, ...inHead, ...added]
  while (segments.length > HEAD_SEGMENTS) {
    pages.push(await storePage(place, segments.slice(0, HEAD_SEGMENTS), put))
    segments = segments.slice(HEAD_SEGMENTS)
  }
  return { manifest: { ...manifest, segments, pages }, dropped }
}

async function storePage({ owner, id }: Place, segments: SegmentEntry[], put: PutNamed): Promise<Reference> {
  const [sealId, key] = [drawSealId(), random(32)]
  const bytes = sealManifestPage(owner, id, sealId, key, segments)
  await put(sealId, bytes)
  return { sealId, hash: hash(bytes), size: bytes.length, key }
}
