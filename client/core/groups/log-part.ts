/**
 * What a head carries of its log, and what moves to pages (SPEC N14): the newest entries stand in the head; when they are
 * many they go to a page of their own, with the secrets that the head led to. A checkpoint takes all pages since the last one
 * together, so that few are walked by who comes later.
 */
import {
  archivePage,
  nextGroupEntry,
  sealCheckpoint,
  unsafePoint,
  type Archived,
  type GroupEpoch,
  type GroupLogPart,
  type GroupState,
  type StoredObject,
} from '#crypto'
import type { Context } from '../context.ts'
import { checkpointIn, walkBack } from './log-walk.ts'
import { readObjects, type Place } from './objects.ts'
import { verified } from './read-log.ts'

/** Entries that a head carries at most: a removal writes all of them, or a page of them. */
const CARRIED = 4
/** Entries after which a change that removes nobody makes a checkpoint. */
const OVERDUE = 64

export interface LogBase {
  place: Place
  id: Uint8Array
  log: GroupLogPart
  /** Those that the head leads to, oldest first. */
  epochs: readonly GroupEpoch[]
}
export interface NextPart {
  part: GroupLogPart
  /** Whether older secrets went to a page, and the head leads only to the one that was the newest. */
  archived: boolean
}

export function appended(base: LogBase, added: Uint8Array[], stored: StoredObject[]): NextPart {
  const { log, id } = base
  const entries = [...log.entries, ...added]
  if (entries.length <= CARRIED) return { part: { ...log, entries }, archived: false }
  const page: Archived = { before: log.archive, entries: log.entries, ...secretsIn(base.epochs) }
  const { reference, ...sealed } = archivePage.seal(id, page)
  stored.push(sealed)
  return { part: { checkpoint: checkpointIn(log), archive: reference, entries: added }, archived: true }
}

/** All but the newest, which the next one wraps, or the head is sealed under. */
const secretsIn = (epochs: readonly GroupEpoch[]): Pick<Archived, 'first' | 'secrets'> => ({
  first: epochs[0]!.number,
  secrets: epochs.slice(0, -1).map(({ secret }) => secret),
})

export const isOverdue = ({ log }: Pick<LogBase, 'log'>, { last, exposed }: GroupState): boolean => {
  const checkpoint = checkpointIn(log)
  return !exposed && last.index - (checkpoint ? unsafePoint(checkpoint).index : 0) > OVERDUE
}

/** A checkpoint of `state`, which `added` led to. */
export async function folded(
  context: Context,
  base: LogBase,
  state: GroupState,
  added: Uint8Array[],
  stored: StoredObject[],
): Promise<NextPart & { state: GroupState }> {
  const { place, id, log } = base
  const checkpoint = checkpointIn(log)
  const { pages, before } = await walkBack(place, id, log, checkpoint ? unsafePoint(checkpoint).index : 0)
  const gathered = pages.toReversed()
  const own = secretsIn(base.epochs)
  const page: Archived = {
    before,
    entries: [...gathered.flatMap(({ entries }) => entries), ...log.entries, ...added],
    first: gathered[0]?.first ?? own.first,
    secrets: [...gathered.flatMap(({ secrets }) => secrets), ...own.secrets],
  }
  const { reference: archive, ...sealed } = archivePage.seal(id, page)
  const covered = await readObjects(place, sealCheckpoint(state, stored))
  stored.push(sealed)
  const { me, clock } = context
  const body = { type: 'checkpoint' as const, state: covered.reference }
  const entry = nextGroupEntry(state.last, me.webId, me.signer, clock(), body)
  const next = await verified(context, place, state, [entry])
  return {
    part: { checkpoint: null, archive, entries: [entry] },
    archived: true,
    state: { ...next, roster: covered.checkpoint.roster, members: new Map() },
  }
}
