/** Opens segments, and seals what still serves of them under other segment keys, some megabytes at a time (protocol §4). */
import {
  AlveoleError,
  epochBytes,
  facetKey,
  hash,
  sealSegment,
  toHex,
  type Epoch,
  type SealedSegment,
  type Section,
  type SegmentEntry,
} from '#crypto'
import { inParallel } from '../parallel.ts'
import { segmentSize } from './compaction.ts'
import { epochKeyOf, facetKeysOf } from './epochs.ts'
import { entriesOf } from './own-index.ts'
import { cut, mergeSections } from './pack.ts'
import { openNamed } from './sections.ts'
import { moved, NOTHING_STORED, refined, type Stored, type Work } from './work.ts'

/** Bytes of segments that are open at once. */
const BATCH = 32 * 1024 * 1024

/** `fresh` are sections to store besides. Throws `refused` where a segment holds what a newer program wrote. */
export async function sealAnew(
  work: Work,
  inputs: readonly SegmentEntry[],
  fresh: readonly Section[],
): Promise<Stored> {
  const { plan, state, place, onProgress } = work
  const stored: Stored[] = []
  const batches = batchesOf(inputs)
  for (const [number, batch] of (batches.length ? batches : [[]]).entries()) {
    const opened = await inParallel(batch, entry => openNamed(place, entry, facetKeysOf(state.owner!)))
    if (opened.some(({ partly }) => partly)) throw new AlveoleError('refused', 'a newer program wrote here')
    const old = moved(
      plan,
      opened.flatMap(({ sections }) => sections),
    )
    const sections = refined(work, mergeSections([...old, ...(number ? [] : fresh)]))
    const report = (done: number): void => onProgress?.((number + done) / Math.max(1, batches.length))
    stored.push({ ...(await store(work, sections, report)), removed: [...batch] })
  }
  return stored.reduce(
    (all, one) => ({
      added: [...all.added, ...one.added],
      covered: [...all.covered, ...one.covered],
      entries: [...all.entries, ...one.entries],
      removed: [...all.removed, ...one.removed],
    }),
    NOTHING_STORED,
  )
}

function batchesOf(inputs: readonly SegmentEntry[]): SegmentEntry[][] {
  const batches: SegmentEntry[][] = []
  let size = Infinity
  for (const entry of inputs) {
    if (size + entry.size > BATCH) {
      batches.push([])
      size = 0
    }
    batches.at(-1)!.push(entry)
    size += entry.size
  }
  return batches
}

async function store(
  work: Work,
  sections: Section[],
  onProgress: (done: number) => void,
): Promise<Omit<Stored, 'removed'>> {
  const groups = [...cut(sections, work.state.manifest ? segmentSize(work.state.manifest) : undefined)]
  let done = 0
  const stored = await inParallel(groups, async group => {
    const { sealId, key, bytes } = await sealSections(work, group)
    await work.put(sealId, bytes)
    onProgress(++done / groups.length)
    return {
      entry: { sealId, hash: hash(bytes), size: bytes.length, key, epochs: epochsIn(group) },
      covered: { segment: toHex(sealId), cells: group.reduce((sum, { cells }) => sum + cells.length, 0) },
      entries: [...entriesOf(group, sealId)],
    }
  })
  return {
    added: stored.map(({ entry }) => entry),
    covered: stored.map(({ covered }) => covered),
    entries: stored.flatMap(({ entries }) => entries),
  }
}

export function sealSections({ place, plan }: Work, sections: Section[]): Promise<SealedSegment> {
  const keyOf = epochKeyOf(plan.owner)
  return sealSegment(place.owner, place.id, sections, (epoch, facet) => facetKey(keyOf(epoch)!, facet))
}

const epochsIn = (sections: readonly Section[]): Uint8Array[] =>
  [...new Set(sections.map(({ epoch }) => epoch))].sort().map((epoch: Epoch) => epochBytes(epoch))
