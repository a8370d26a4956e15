/**
 * Brings what the account says of grants about (protocol §6), each collection once for all of them: in giving keys before rules, in
 * everything else rules before keys. What is done is noted in the account with its next write; what is not, whoever opens it does.
 */
import { AlveoleError, equal, toBase64Url, type ErrorCode } from '#crypto'
import type { GrantEntry } from '../account-state.ts'
import type { Collections } from '../collections/collections.ts'
import type { Context } from '../context.ts'
import type { KnownGroups } from '../groups/known-groups.ts'
import { inParallel } from '../parallel.ts'
import type { Selections } from '../selections/selections.ts'
import type { CollectionId } from '../types.ts'
import { writeRules, type AccessList } from './access-lists.ts'
import { entryOf, rank, reaches, withEntries } from './entries.ts'

export interface Parts {
  context: Context
  collections: Collections
  groups: KnownGroups
  selections: Selections
}

/** What stands in the way in one collection. */
export interface Stuck {
  collection: CollectionId
  code: ErrorCode
  error: AlveoleError
}

export type Announce = (entry: GrantEntry) => Promise<void>

const has = (ids: readonly Uint8Array[], id: Uint8Array): boolean => ids.some(one => equal(one, id))

/** `lists`: of all that they reach, read before the account was. One collection that fails keeps no other back. */
export async function drive(
  parts: Parts,
  ids: readonly Uint8Array[],
  lists: readonly AccessList[],
  announce: Announce,
): Promise<Stuck[]> {
  const { account } = parts.context
  const now = (): GrantEntry[] => account.state.grants.filter(({ id }) => has(ids, id))
  const begun = now()
  const told = await inParallel(lists, list => stuckIn(list, () => bringAbout(parts, now(), list)))
  const stuck = told.flatMap(one => one ?? [])
  const isDone = (entry: GrantEntry): boolean =>
    !reaches(entry).some(id => stuck.some(({ collection }) => collection === toBase64Url(id)))
  const done = begun.filter(isDone)
  for (const entry of now())
    // or ended meanwhile
    if (entry.state === 'giving' && isDone(entry)) await announce(entry)
  for (const entry of done) if (entry.state !== 'giving') parts.collections.telling.changed(entry)
  await note(parts, done)
  return stuck
}

export async function driveOrThrow(...of: Parameters<typeof drive>): Promise<void> {
  const [stuck] = await drive(...of)
  if (stuck) throw stuck.error
}

async function bringAbout(
  { context, collections, groups, selections }: Parts,
  all: GrantEntry[],
  list: AccessList,
): Promise<void> {
  const entries = all.filter(entry => has(reaches(entry), list.collection))
  const gives = entries.every(one => one.state === 'giving' && has(one.collections, list.collection)) // none was taken out of it
  const keys = async (): Promise<void> => {
    if (!entries.some(({ behind }) => has(behind, list.collection))) return
    await collections.bringInLine(toBase64Url(list.collection) as CollectionId)
  }
  if (gives) await selections.fill(toBase64Url(list.collection) as CollectionId) // before anybody may read it
  if (gives) await keys()
  await writeRules(context, groups, list, { always: !gives })
  if (!gives) await keys()
}

async function stuckIn({ collection }: AccessList, work: () => Promise<void>): Promise<Stuck | null> {
  try {
    await work()
    return null
  } catch (error) {
    if (!(error instanceof AlveoleError) || error.code === 'locked') throw error
    return { collection: toBase64Url(collection) as CollectionId, code: error.code, error }
  }
}

/** What was done for these entries, as they were then; others may have changed them meanwhile. */
async function note({ context: { account, clock, pod } }: Parts, done: readonly GrantEntry[]): Promise<void> {
  const enforced = await pod.enforcesEnd()
  const at = clock()
  const reached = ({ state, until }: GrantEntry): GrantEntry['state'] =>
    state === 'ending' || (until <= at && !enforced) ? 'ended' : 'live'
  account.defer(known =>
    withEntries(
      known,
      done.map(({ id }) => id),
      entry => {
        const then = entryOf(done, entry.id)!
        const isAsThen = entry.state === then.state && equal(entry.agreement, then.agreement)
        const state = reached(then)
        return {
          ...entry,
          behind: isAsThen ? [] : entry.behind,
          state: rank(entry.state) < rank(state) ? state : entry.state,
        }
      },
    ),
  )
}
