/** The index of a collection of one's own brought to what a head says: new runs, loose segments and the tail read in, the rest dropped (SPEC Q4, Q5). */
import { openIndexRun, toHex, type Section } from '#crypto'
import { inParallel } from '../parallel.ts'
import { newer } from './cell-index.ts'
import { facetKeysOf } from './epochs.ts'
import type { HeadState } from './head-state.ts'
import type { KnownRun } from './index-plan.ts'
import { compare, entriesOf, type Entry, type OwnIndex } from './own-index.ts'
import type { SegmentReader } from './segment-reader.ts'
import { fetchNamed, openNamed, type Place } from './sections.ts'

export interface Indexed {
  place: Place
  reader: SegmentReader
  index: OwnIndex
  /** What `index` has read. */
  runs: readonly KnownRun[]
}

/** The runs of the head. All is fetched before `index` changes. */
export async function readIndex(of: Indexed, state: HeadState): Promise<KnownRun[]> {
  const { runs, loose } = state.owner!.index
  const opened = await openRuns(of, state)
  const openedLoose = loose.length ? await openLoose(of, state) : []
  const gone = new Set(runs.flatMap(one => one.gone.map(toHex)))
  const covered = opened.flatMap(({ known }) => known.covered.map(({ segment }) => segment))
  const listed = new Set([...covered, ...loose.map(toHex)]).difference(gone)
  of.index.keepOnly(segment => listed.has(segment))
  const isThere = ({ segment }: Entry): boolean => segment === null || listed.has(segment)
  const ties = [
    ...opened.flatMap(({ entries }) => of.index.add(entries.filter(isThere))),
    ...of.index.add(openedLoose),
    ...of.index.add(entriesOf(state.tail, null)),
  ]
  await settleTies(of, ties, state)
  return opened.map(({ known }) => known)
}

async function openRuns({ place, runs: read }: Indexed, { owner }: HeadState) {
  const known = new Map(read.map(one => [toHex(one.run.sealId), one]))
  return inParallel(owner!.index.runs, async ({ run }): Promise<{ known: KnownRun; entries: Entry[] }> => {
    const old = known.get(toHex(run.sealId))
    if (old) return { known: old, entries: [] }
    const bytes = await fetchNamed(place, run.sealId, run.hash)
    const { segments, entries } = openIndexRun(bytes, place.owner, place.id, run.key)
    return { known: { run, covered: segments }, entries }
  })
}

async function openLoose({ place, reader }: Indexed, { owner, manifest }: HeadState): Promise<Entry[]> {
  const names = new Set(owner!.index.loose.map(toHex))
  const entries = (await reader.list(manifest!)).filter(({ sealId }) => names.has(toHex(sealId)))
  const opened = await inParallel(entries, async entry => {
    const { sections }: { sections: Section[] } = await openNamed(place, entry, facetKeysOf(owner!))
    return [...entriesOf(sections, entry.sealId)]
  })
  return opened.flat()
}

/** Of one stamp: what their cells say decides (SPEC G6). Something later may have come since, which stands. */
export async function settleTies(
  { index, reader }: Pick<Indexed, 'index' | 'reader'>,
  ties: readonly Entry[],
  { owner, manifest }: HeadState,
): Promise<void> {
  for (const entry of ties) {
    const standing = index.row(entry.record)?.standing(entry)
    if (!standing || compare(entry, standing) !== 0) continue
    const [one, other] = await Promise.all([entry, standing].map(each => reader.cell(each, owner!, manifest!)))
    if (newer(one!, other!)) index.settle(entry)
  }
}
