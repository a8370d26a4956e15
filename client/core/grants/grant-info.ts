/** A grant as programs see it: its terms, its state, and how far what was changed of it has come. */
import { equal, toBase64Url } from '#crypto'
import type { AccountState, GrantEntry } from '../account-state.ts'
import type { CollectionId, GrantInfo, GrantProgress } from '../types.ts'
import { selectionNamed } from '../selections/entries.ts'
import { infoOf as selectionInfo } from '../selections/info.ts'
import type { Parts } from './drive.ts'
import { isOver, reaches } from './entries.ts'
import { grantIri } from './grant-id.ts'

export async function infoOf(parts: Parts, entry: GrantEntry, confirmed: boolean): Promise<GrantInfo> {
  const { pod, account, clock } = parts.context
  const group = account.state.groups.find(({ url }) => url === entry.to)
  const enforced = await pod.enforcesEnd()
  const state = shownState(entry, clock())
  const awaiting = awaitedBy(parts, entry)
  return {
    grant: grantIri(entry.id),
    to: entry.to,
    toName: group?.name ?? (await pod.profile(entry.to).catch(() => null))?.name ?? entry.to,
    collections: entry.collections.map(named),
    selection: selectionOf(account.state, entry),
    facets: entry.facets,
    from: entry.from > entry.given ? new Date(entry.from).toISOString() : null,
    until: new Date(entry.until).toISOString(),
    ended: entry.ended === null ? null : new Date(entry.ended).toISOString(),
    purpose: entry.purpose,
    state,
    progress: progressOf(entry, awaiting.length > 0, enforced, clock()),
    awaiting: awaiting.map(named),
    confirmed: confirmed || state === 'ended',
    enforcedBy: enforced ? 'server' : 'owner',
  }
}

function selectionOf(state: AccountState, { collections: [id] }: GrantEntry): GrantInfo['selection'] {
  const selection = id && selectionNamed(state, named(id))
  return selection ? selectionInfo(state, selection) : null
}

const named = (id: Uint8Array): CollectionId => toBase64Url(id) as CollectionId

function shownState(entry: GrantEntry, now: number): GrantInfo['state'] {
  const { state, from, until } = entry
  if (state === 'ended' || until <= now) return 'ended'
  return state === 'live' && from > now ? 'scheduled' : state
}

/** Of one that goes on, where its terms are not brought about; of one that is over, where what is written next would still open to it. */
function awaitedBy({ context, collections }: Parts, entry: GrantEntry): Uint8Array[] {
  if (!isOver(entry, context.clock())) return entry.behind
  const isBehind = (id: Uint8Array): boolean => entry.behind.some(one => equal(one, id))
  return reaches(entry).filter(id => isBehind(id) || collections.isSealedTo(id, entry.id))
}

function progressOf(entry: GrantEntry, awaits: boolean, enforced: boolean, now: number): GrantProgress | null {
  if (!isOver(entry, now)) return entry.state === 'live' && awaits ? 'changing' : null
  if (entry.state === 'ending' || (entry.state !== 'ended' && !enforced)) return 'removing'
  return awaits ? 'cut' : 'rotated'
}
