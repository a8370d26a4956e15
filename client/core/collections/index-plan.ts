/**
 * The index runs of the next head. A commit that stores segments stores one run for them, into which it takes the newest runs while
 * each has at most twice the entries gathered so far: so there are few runs to read at opening, and each entry is written a few
 * times in all. A run most of whose segments are gone is taken in too.
 */
import { fromHex, sealIndexRun, toHex, type Covered, type IndexEntry, type OwnerPart, type Reference } from '#crypto'
import type { PutNamed } from './manifest-pages.ts'
import type { Entry, OwnIndex } from './own-index.ts'
import type { Place } from './sections.ts'

type RunEntry = OwnerPart['index']['runs'][number]

/** A run that a head names, with what it covers. */
export interface KnownRun {
  run: Reference
  covered: readonly Covered[]
}

/** Beyond so many entries a run is left alone while what it covers stands: to write it anew for a few would take seconds. */
const LARGE = 50_000

export interface IndexChange {
  /** The segments that were stored, each with its number of cells. */
  covered: readonly Covered[]
  /** Of their cells; not all need be the newest. */
  entries: readonly Entry[]
  removed: ReadonlySet<string>
  /** All of it is written anew: nothing of an erased record may be left. */
  whole: boolean
}

export async function changeIndex(
  place: Place,
  { runs, loose }: OwnerPart['index'],
  known: readonly KnownRun[],
  index: OwnIndex,
  { covered, entries, removed, whole }: IndexChange,
  put: PutNamed,
): Promise<{ index: OwnerPart['index']; added: KnownRun | null; dropped: Reference[] }> {
  const states = runs.map(entry => stateOf(entry, known, removed))
  const taken = new Set(whole ? states : toTake(states, covered))
  const kept = states.filter(state => !taken.has(state)).map(({ next }) => next)
  const dropped = [...taken].map(({ next }) => next.run)
  const left = loose.filter(id => !removed.has(toHex(id)))
  const all = [...[...taken].flatMap(({ standing }) => standing), ...covered]
  if (!all.length) return { index: { runs: kept, loose: left }, added: null, dropped }
  const segments = new Set(all.map(({ segment }) => segment))
  const { reference, bytes } = sealIndexRun(place.owner, place.id, all, newestIn(segments, index, entries))
  await put(reference.sealId, bytes)
  return {
    index: { runs: [...kept, { run: reference, gone: [] }], loose: left },
    added: { run: reference, covered: all },
    dropped,
  }
}

interface RunState {
  next: RunEntry
  standing: Covered[]
  cells: number
  isWorn: boolean
}

function stateOf({ run, gone }: RunEntry, known: readonly KnownRun[], removed: ReadonlySet<string>): RunState {
  const before = new Set(gone.map(toHex))
  const covered = known.find(one => toHex(one.run.sealId) === toHex(run.sealId))!.covered
  const standing = covered.filter(({ segment }) => !before.has(segment) && !removed.has(segment))
  const goneNow = covered.map(({ segment }) => segment).filter(one => before.has(one) || removed.has(one))
  return {
    next: { run, gone: goneNow.map(fromHex) },
    standing,
    cells: standing.reduce((sum, { cells }) => sum + cells, 0),
    isWorn: standing.length <= covered.length / 2,
  }
}

function toTake(states: readonly RunState[], covered: readonly Covered[]): RunState[] {
  const taken = states.filter(({ isWorn }) => isWorn)
  let gathered = [...taken.flatMap(({ standing }) => standing), ...covered].reduce((sum, { cells }) => sum + cells, 0)
  if (!gathered) return taken
  for (const state of states.toReversed().filter(({ isWorn }) => !isWorn)) {
    if (state.cells > 2 * gathered || state.cells > LARGE) break
    taken.push(state)
    gathered += state.cells
  }
  return taken
}

/** What stands in these segments: of what the index has, and of what is new. */
function newestIn(segments: ReadonlySet<string>, index: OwnIndex, fresh: readonly Entry[]): IndexEntry[] {
  const chosen = new Map<string, IndexEntry>()
  const consider = (entry: Entry): void => {
    if (entry.segment === null || !segments.has(entry.segment)) return
    const name = `${entry.record} ${entry.facet}`
    const other = chosen.get(name)
    if (!other || entry.stamp >= other.stamp) chosen.set(name, entry as IndexEntry)
  }
  for (const entry of fresh) if (!isBehind(entry, index, segments)) consider(entry)
  for (const entry of index.entriesIn(segments)) consider(entry)
  return [...chosen.values()]
}

/** Whether a newer cell stands elsewhere than in what is written anew. */
function isBehind(entry: Entry, index: OwnIndex, segments: ReadonlySet<string>): boolean {
  const standing = index.row(entry.record)?.entries.find(({ facet }) => facet === entry.facet)
  return standing !== undefined && standing.stamp > entry.stamp && !(standing.segment && segments.has(standing.segment))
}
