/**
 * The end of tombstones (protocol §5; SPEC G9): half a year after a record was deleted the word of it goes, with every older cell
 * of the record, in one commit, or not at all. What a device wrote offline before that then finds no record, and becomes a copy.
 */
import { toHex, type Epoch, type Section, type SegmentEntry } from '#crypto'
import { inParallel } from '../parallel.ts'
import { DELETED } from './cell-index.ts'
import { facetKeysOf, type Decision } from './epochs.ts'
import type { Standing } from './how.ts'
import { openNamed } from './sections.ts'
import { withoutSuperseded } from './superseded.ts'
import type { Rewrite } from './work.ts'

const NOTHING_MOVED: ReadonlyMap<Epoch, Epoch> = new Map()
const KEPT = 180 * 24 * 3600_000
/** Fewer wait for others: to end some, all segments that may hold older cells of theirs are read. */
const MANY = 64

/** Deleted records whose tombstones may go by now; none while they are few. `now`: milliseconds since 1970. */
export function dueTombstones({ index }: Standing, now: number): ReadonlySet<string> {
  const due = new Set<string>()
  for (const row of index.rows()) if (row.isDeleted && row.modified + KEPT < now) due.add(row.id)
  return due.size < MANY ? new Set() : due
}

/** What to seal anew so that of these nothing is left; null where that cannot be. Of none with a version that some grant opens alone. */
export async function endTombstones(
  on: Standing,
  due: ReadonlySet<string>,
  decision: Decision,
): Promise<Rewrite | null> {
  const { state, place, index } = on
  const { owner, manifest } = state
  if (!owner || !manifest || owner.index.loose.length || state.tailPartly) return null // what does not open may be of theirs
  const found = await inParallel(await mayHold(on, due), async entry => {
    const { sections, partly } = await openNamed(place, entry, facetKeysOf(owner))
    return { entry, sections: ofRecords(sections, due), partly }
  })
  if (found.some(({ partly }) => partly)) return null
  const all = [...found.flatMap(({ sections }) => sections), ...ofRecords(state.tail, due)]
  const ended = due.difference(
    stillRead(withoutSuperseded(all, index, decision, { owner, moved: NOTHING_MOVED }, new Set())),
  )
  const inputs = found.filter(({ sections }) => ofRecords(sections, ended).length).map(({ entry }) => entry)
  return ended.size ? { inputs, erased: new Set(), ended } : null
}

/** Segments with a tombstone of theirs, and those with cells that the index does not have. */
async function mayHold({ reader, index, runs, state }: Standing, due: ReadonlySet<string>): Promise<SegmentEntry[]> {
  const [standing, theirs] = [new Map<string, number>(), new Set<string>()]
  for (const { segment, record } of index.entries()) {
    if (!segment) continue
    standing.set(segment, (standing.get(segment) ?? 0) + 1)
    if (due.has(record)) theirs.add(segment)
  }
  const cells = new Map(runs.flatMap(({ covered }) => covered.map(one => [one.segment, one.cells] as const)))
  return (await reader.list(state.manifest!)).filter(({ sealId }) => {
    const segment = toHex(sealId)
    return theirs.has(segment) || standing.get(segment) !== cells.get(segment)
  })
}

const ofRecords = (sections: readonly Section[], records: ReadonlySet<string>): Section[] =>
  sections
    .map(section => ({ ...section, cells: section.cells.filter(({ record }) => records.has(record)) }))
    .filter(({ cells }) => cells.length)

/** Records with a cell that is left beside the tombstones. */
const stillRead = (left: readonly Section[]): Set<string> =>
  new Set(left.flatMap(({ cells }) => cells.filter(({ kind }) => kind !== DELETED).map(({ record }) => record)))
