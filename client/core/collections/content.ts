/**
 * What a commit stores of cells: the tail while it is small; else segments, into which small older ones are taken (compaction.ts),
 * or those that are to be sealed anew.
 */
import {
  AlveoleError,
  epochName,
  equal,
  hash,
  openSegment,
  random,
  type Covered,
  type Epoch,
  type Section,
  type SegmentEntry,
} from '#crypto'
import { objectUrl } from '../paths.ts'
import { segmentSize, smallSegments } from './compaction.ts'
import type { Decision, EpochPlan } from './epochs.ts'
import type { PutNamed } from './manifest-pages.ts'
import type { HeadState } from './own-collection.ts'
import type { Entry, OwnIndex } from './own-index.ts'
import { addToSections, sizeOfSections, TAIL_BYTES, type Write } from './pack.ts'
import { sealAnew, sealSections } from './seal-anew.ts'
import type { Place } from './sections.ts'
import { withoutSuperseded } from './superseded.ts'

/** Segments to seal anew, whatever their size. */
export interface Rewrite {
  inputs: readonly SegmentEntry[]
  /** Records of which nothing but the word that they are deleted may be left. */
  erased: ReadonlySet<string>
}

export interface Work {
  place: Place
  index: OwnIndex
  state: HeadState
  plan: EpochPlan
  decision: Decision
  writes: readonly Write[]
  rewrite: Rewrite | null
  put: PutNamed
  onProgress?: ((done: number) => void) | undefined
}

/** Segments that were stored, and those that they replace. */
export interface Stored {
  added: SegmentEntry[]
  covered: Covered[]
  /** Of the cells in the added segments. */
  entries: Entry[]
  removed: SegmentEntry[]
}

export interface Content extends Stored {
  tail: { sections: Section[]; bytes: Uint8Array; key: Uint8Array }
  /** A tail that became a segment as it was, with parts that are not ours to open: no run covers it. */
  loose: SegmentEntry[]
}

export const NOTHING_STORED: Stored = { added: [], covered: [], entries: [], removed: [] }

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

/** Sections, those of an epoch that ends under the one that its cells go to. */
export const moved = ({ moved: to }: EpochPlan, sections: readonly Section[]): Section[] =>
  sections.map(section => ({ ...section, epoch: to.get(section.epoch) ?? section.epoch }))

export const refined = ({ index, decision, plan, rewrite }: Work, sections: readonly Section[]): Section[] =>
  withoutSuperseded(sections, index, decision, plan.owner, rewrite?.erased ?? NOBODY)

const NOBODY: ReadonlySet<string> = new Set()

function smallOnes({ state: { manifest } }: Work, sections: readonly Section[]): SegmentEntry[] {
  return manifest ? smallSegments(manifest, sizeOfSections(sections), segmentSize(manifest)) : []
}

/** A tail is a segment: where parts of it are not ours to open, it becomes a stored one as it is. */
async function keepTail({ place, state, put }: Work): Promise<SegmentEntry> {
  const bytes = state.head!.parts.tail
  const { sealId, rows } = openSegment(bytes, place.owner, place.id, state.manifest!.tail)
  const there = await place.pod.get(objectUrl(place.container, sealId)) // an earlier attempt may have got this far
  if (!there || !equal(there.body, bytes)) await put(sealId, bytes)
  const epochs = [...new Map(rows.map(({ epoch }) => [epochName(epoch) as Epoch, epoch])).values()]
  return { sealId, hash: hash(bytes), size: bytes.length, key: state.manifest!.tail, epochs }
}
