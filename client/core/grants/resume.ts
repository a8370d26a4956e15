/** After a crash, or on another device: what was begun is finished, and what a server does not end by itself is ended. */
import { toBase64Url } from '#crypto'
import type { GrantEntry } from '../account-state.ts'
import { trying } from '../failures.ts'
import { inParallel } from '../parallel.ts'
import type { CollectionId } from '../types.ts'
import { readAccessLists } from './access-lists.ts'
import { driveOrThrow, type Announce, type Parts } from './drive.ts'
import { distinct, entryOf, reaches, withEntries } from './entries.ts'

const WEEK = 7 * 24 * 3600_000

/** Those that end go together; of the others, one that nobody answers for keeps no other back. */
export async function resumeGrants(parts: Parts, announce: Announce): Promise<void> {
  const { account, pod, clock } = parts.context
  const enforced = await pod.enforcesEnd()
  const isDue = ({ state, until, behind }: GrantEntry): boolean =>
    state === 'giving' || state === 'ending' || behind.length > 0 || (state === 'live' && until <= clock() && !enforced)
  if (enforced) endPassed(parts)
  const [ending, others] = [account.state.grants.filter(isEnding), account.state.grants.filter(one => !isEnding(one))]
  const together = [ending, ...others.filter(isDue).map(entry => [entry])].filter(entries => entries.length)
  for (const entries of together) await trying(() => resumeThese(parts, entries, isDue, announce))
}

const isEnding = ({ state }: GrantEntry): boolean => state === 'ending'

async function resumeThese(
  parts: Parts,
  entries: readonly GrantEntry[],
  isDue: (entry: GrantEntry) => boolean,
  announce: Announce,
): Promise<void> {
  const { account, pod } = parts.context
  const collections = distinct(entries.flatMap(reaches))
  const lists = await readAccessLists(pod, collections)
  await account.refresh()
  await inParallel(collections, one => parts.collections.checkAccount(toBase64Url(one) as CollectionId))
  const now = entries.flatMap(({ id }) => entryOf(account.state.grants, id) ?? [])
  await driveOrThrow(
    parts,
    now.filter(isDue).map(({ id }) => id),
    lists,
    announce,
  )
}

/** What the server ended by itself is over in the account too, once no device can think that it still holds. */
function endPassed({ context: { account, clock } }: Parts): void {
  const isPassed = ({ state, until }: GrantEntry): boolean => state === 'live' && until + WEEK <= clock()
  const passed = account.state.grants.filter(isPassed).map(({ id }) => id)
  if (!passed.length) return
  account.defer(known => withEntries(known, passed, entry => (isPassed(entry) ? { ...entry, state: 'ended' } : entry)))
}
