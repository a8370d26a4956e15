/**
 * Ending grants, one or all at once: one write of the account for all of them, one of the rules for each collection, however many
 * grants it was given by (protocol §6, R0). Keys change with the next write of a collection (R1), or at once where asked.
 */
import { toBase64Url } from '#crypto'
import type { AccountState, GrantEntry } from '../account-state.ts'
import type { Context } from '../context.ts'
import { withWithdrawal } from '../offers/entries.ts'
import { inParallel } from '../parallel.ts'
import type { CollectionId } from '../types.ts'
import { readAccessLists, type AccessList } from './access-lists.ts'
import { drive, type Parts, type Stuck } from './drive.ts'
import { distinct, rank, reaches, withEntries, withGrantLine } from './entries.ts'

export interface Ended {
  entries: GrantEntry[]
  stuck: Stuck[]
}

type Which = (entry: GrantEntry) => boolean

export async function endGrants(parts: Parts, which: Which, rotate: boolean): Promise<Ended> {
  const { context } = parts
  const { account, clock } = context
  const chosen = (): GrantEntry[] => account.state.grants.filter(entry => which(entry) && entry.state !== 'ended')
  const lists = await listsOf(parts, chosen())
  if (chosen().some(entry => rank(entry.state) < rank('ending') || (rotate && !entry.behind.length))) {
    const at = clock()
    await account.change(state => ending(context, state, which, at, rotate))
  }
  const entries = chosen()
  const ids = entries.map(({ id }) => id)
  const all = await withGivenMeanwhile(parts, entries, lists)
  return { entries, stuck: await drive(parts, ids, all, async () => undefined) }
}

function ending(context: Context, state: AccountState, which: Which, at: number, rotate: boolean): AccountState {
  const runs = ({ state: is }: GrantEntry): boolean => rank(is) < rank('ending')
  const chosen = state.grants.filter(entry => which(entry) && entry.state !== 'ended')
  const next = withEntries(
    state,
    chosen.map(({ id }) => id),
    entry => ({
      ...entry,
      ...(runs(entry) && { state: 'ending', ended: at }),
      behind: rotate ? reaches(entry) : entry.behind,
    }),
  )
  const over = chosen.filter(runs)
  const told = over.reduce((known, entry) => withGrantLine(known, at, 'revoked', entry), next)
  return over.reduce((known, { id }) => withWithdrawal(context, known, id), told)
}

const listsOf = ({ context: { pod } }: Parts, entries: readonly GrantEntry[]): Promise<AccessList[]> =>
  readAccessLists(pod, distinct(entries.flatMap(reaches)))

/** By another device: the account was asked again, so it is once more, after their lists. */
async function withGivenMeanwhile(
  parts: Parts,
  entries: readonly GrantEntry[],
  lists: readonly AccessList[],
): Promise<AccessList[]> {
  const read = new Set(lists.map(({ collection }) => toBase64Url(collection)))
  const missing = distinct(entries.flatMap(reaches)).filter(id => !read.has(toBase64Url(id)))
  if (!missing.length) return [...lists]
  const more = await readAccessLists(parts.context.pod, missing)
  await parts.context.account.refresh()
  return [...lists, ...more]
}

/** Opens an epoch wherever what is written next would open to these, which are over. */
export async function rotateFrom({ collections }: Parts, entries: readonly GrantEntry[]): Promise<void> {
  const sealed = entries.flatMap(entry => reaches(entry).filter(id => collections.isSealedTo(id, entry.id)))
  await inParallel(distinct(sealed), id => collections.bringInLine(toBase64Url(id) as CollectionId))
}
