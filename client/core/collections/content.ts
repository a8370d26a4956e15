/**
 * What a commit stores of cells: the tail while it is small; else segments, into which small older ones are taken (compaction.ts),
 * or those that are to be sealed anew.
 */
import { AlveoleError, epochName, equal, hash, openSegment, random, type Section, type SegmentEntry } from '#crypto'
import { objectUrl } from '../paths.ts'
import { segmentSize, smallSegments } from './compaction.ts'
import { addToSections, sizeOfSections, TAIL_BYTES } from './pack.ts'
import { sealAnew, sealSections } from './seal-anew.ts'
import { moved, refined, type Stored, type Work } from './work.ts'

export interface Content extends Stored {
  tail: { sections: Section[]; bytes: Uint8Array; key: Uint8Array }
  /** A tail that became a segment as it was, with parts that are not ours to open: no run covers it. */
  loose: SegmentEntry[]
}

export async function storeContent(work: Work): Promise<Content> {
  const { state, plan, writes, rewrite } = work
  if (state.tailPartly && plan.moved.size) throw new AlveoleError('refused', 'a newer program wrote here')
  if (state.tailPartly && !writes.length) {
    const tail = { sections: state.tail, bytes: state.head!.parts.tail, key: state.manifest!.tail }
    return { ...(await sealAnew(work, rewrite?.inputs ?? [], [])), tail, loose: [] }
  }
  const loose = state.tailPartly ? [await keepTail(work)] : []
  const sections = refined(
    work,
    addToSections(loose.length ? [] : moved(plan, state.tail), epochName(plan.epoch), writes),
  )
  if (sizeOfSections(sections) <= TAIL_BYTES) {
    const { key, bytes } = await sealSections(work, sections)
    return { ...(await sealAnew(work, rewrite?.inputs ?? [], [])), tail: { sections, bytes, key }, loose }
  }
  const tail = { sections: [], bytes: new Uint8Array(), key: random(32) }
  return { ...(await sealAnew(work, rewrite?.inputs ?? smallOnes(work, sections), sections)), tail, loose }
}

function smallOnes({ state: { manifest } }: Work, sections: readonly Section[]): SegmentEntry[] {
  return manifest ? smallSegments(manifest, sizeOfSections(sections), segmentSize(manifest)) : []
}

/** A tail is a segment: where parts of it are not ours to open, it becomes a stored one as it is. */
async function keepTail({ place, state, put }: Work): Promise<SegmentEntry> {
  const bytes = state.head!.parts.tail
  const { sealId, rows } = openSegment(bytes, place.owner, place.id, state.manifest!.tail)
  const there = await place.pod.get(objectUrl(place.container, sealId), { fresh: true }) // an earlier attempt may have got this far
  if (!there || !equal(there.body, bytes)) await put(sealId, bytes)
  const epochs = [...new Map(rows.map(({ epoch }) => [epochName(epoch), epoch])).values()]
  return { sealId, hash: hash(bytes), size: bytes.length, key: state.manifest!.tail, epochs }
}
