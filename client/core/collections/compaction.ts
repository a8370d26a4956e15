/**
 * Which segments are sealed anew together with what a commit stores (protocol §4). Small ones, newest first, as long as each has at
 * most twice the bytes gathered so far: so every byte is written a few times in all, once per doubling, and what is left is few
 * segments, each of about the size that suits the collection.
 */
import { toHex, type Manifest, type SegmentEntry } from '#crypto'
import type { Standing } from './how.ts'
import { HEAD_SEGMENTS, SEGMENT_BYTES } from './pack.ts'
import type { Rewrite } from './work.ts'

/** A collection's container stays under a few hundred objects: beyond that, segments grow. Up to the size of a part of a file. */
const SEGMENTS = 256
const LARGEST = 4 * 1024 * 1024
/** Segments that are sealed anew in one go. */
const AT_ONCE = 32

/** Bytes that a segment should have. */
export function segmentSize({ segments, pages }: Manifest): number {
  const inHead = segments.reduce((sum, { size }) => sum + size, 0)
  const inPages = pages.length * HEAD_SEGMENTS * Math.max(0, ...segments.map(({ size }) => size)) // near enough
  return Math.min(LARGEST, Math.max(SEGMENT_BYTES, (inHead + inPages) / SEGMENTS))
}

/** Of those that the head lists itself; `size` is what is stored anyway, in bytes, and `target` what is enough. */
export function smallSegments({ segments }: Manifest, size: number, target: number): SegmentEntry[] {
  const chosen: SegmentEntry[] = []
  let gathered = size
  for (const entry of segments.toReversed()) {
    if (gathered >= target || entry.size > 2 * gathered || entry.size >= target) break
    chosen.push(entry)
    gathered += entry.size
  }
  return chosen
}

/** Segments of which most cells are of no use to lists any more; cells that only older readers open count as such too. null: none. */
export async function wornSegments({ reader, index, runs, state: { manifest } }: Standing): Promise<Rewrite | null> {
  const standing = new Map<string, number>()
  for (const { segment } of index.entries()) if (segment) standing.set(segment, (standing.get(segment) ?? 0) + 1)
  const cells = new Map(runs.flatMap(({ covered }) => covered.map(one => [one.segment, one.cells] as const)))
  const isWorn = ({ sealId }: SegmentEntry): boolean =>
    (standing.get(toHex(sealId)) ?? 0) < (cells.get(toHex(sealId)) ?? 0) / 2
  const inputs = (manifest ? await reader.list(manifest) : []).filter(isWorn).slice(0, AT_ONCE)
  return inputs.length ? { inputs, erased: new Set() } : null
}
