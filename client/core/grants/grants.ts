/**
 * Grants (protocol §6): the account first, both ways. Giving: account entry → keyring and head → access rules →
 * announcement. Ending: account entry → access rules; the epoch opens at the next write. Whoever opens the account drives
 * what is unfinished forward.
 */
import { AlveoleError, equal, toBase64Url } from '#crypto'
import { isWithin } from '#vocab'
import type { AccountState, GrantEntry } from '../account-state.ts'
import { announceToGroup, announceToPerson } from '../announce.ts'
import type { Collections, RewrapProgress } from '../collections/collections.ts'
import type { Context } from '../context.ts'
import { announcementFor } from '../feed/telling.ts'
import type { KnownGroups } from '../groups/known-groups.ts'
import { withLine } from '../journal.ts'
import { inParallel } from '../parallel.ts'
import type { CollectionId, GrantId, GrantInfo } from '../types.ts'
import { readAccessLists, writeRules, type AccessList } from './access-lists.ts'
import { confirmedGrants, confirmGrants, endConfirmation, suspendedGrants } from './confirmation.ts'
import { grantIri } from './grant-id.ts'
import { entryFor, type GrantRequest } from './terms.ts'

const WEEK = 7 * 24 * 3600_000

export interface RevokeOptions extends RewrapProgress {
  rewrap?: boolean
}

export class Grants {
  readonly #context: Context
  readonly #collections: Collections
  readonly #groups: KnownGroups

  constructor(context: Context, collections: Collections, groups: KnownGroups) {
    this.#context = context
    this.#collections = collections
    this.#groups = groups
  }

  async give(request: GrantRequest): Promise<GrantInfo> {
    const { account, pod } = this.#context
    const entry = await entryFor(this.#context, this.#collections, this.#groups, request)
    const lists = await readAccessLists(pod, entry.collections)
    await account.change(state => this.#log({ ...state, grants: [...state.grants, entry] }, 'granted', entry))
    await this.#drive(entry, lists)
    this.#context.changed()
    return this.#info(await this.#find(grantIri(entry.id)))
  }

  /**
   * R0 at once, R1 at the next write. With `rewrap`, R2 too: all that the grant opened is sealed anew and the old deleted, so that
   * its keys open nothing that is still on the server. Interrupted, it is to be asked for again.
   */
  async revoke(grant: GrantId, { rewrap = false, ...progress }: RevokeOptions = {}): Promise<GrantInfo> {
    const { account, clock, pod } = this.#context
    const entry = await this.#find(grant)
    const ending: GrantEntry = { ...entry, state: 'ending', ended: clock() }
    const lists = await readAccessLists(pod, entry.collections)
    if (rank(entry.state) < rank('ending')) {
      await account.change(state => {
        const known = state.grants.find(({ id }) => equal(id, entry.id))
        if (!known || rank(known.state) >= rank('ending')) return state // by another device
        const next = withGrant(state, entry.id, () => ending)
        return this.#log(next, 'revoked', entry)
      })
    }
    if (entry.state !== 'ended') await this.#drive(ending, lists)
    const before = (entry.ended ?? ending.ended ?? Math.min(entry.until, clock())) + 1
    if (rewrap) await this.#collections.rewrap(entry.collections.map(toBase64Url) as CollectionId[], before, progress)
    this.#context.changed()
    return this.#info(await this.#find(grant))
  }

  async list(): Promise<GrantInfo[]> {
    const isSuspended = await suspendedGrants(this.#context.store)
    const { grants } = await this.#context.account.history()
    return Promise.all(grants.map(entry => this.#info(entry, !isSuspended(entry))))
  }

  /** The person has looked at the grants of `list` on a device that was let in a while ago: from now on it seals for them. */
  async confirm(): Promise<void> {
    await confirmGrants(this.#context.store)
    await this.#giveWhatWaited()
    this.#context.changed()
  }

  async #giveWhatWaited(): Promise<void> {
    const { account, store } = this.#context
    const waited = account.state.grants.filter(await confirmedGrants(store))
    const collections = new Set(waited.flatMap(({ collections }) => collections.map(toBase64Url)))
    await inParallel([...collections], id => this.#collections.bringInLine(id as CollectionId))
    if (waited.length) await endConfirmation(store)
  }

  /** What its reader could open of each folder: the collections, and whether a cell lies within the facets. */
  async scope(grant: GrantId): Promise<{ collections: CollectionId[]; holds(cell: { facet: string }): boolean }> {
    const { collections, facets } = await this.#find(grant)
    return {
      collections: collections.map(id => toBase64Url(id) as CollectionId),
      holds: ({ facet }) => facets.some(granted => isWithin(facet, granted)),
    }
  }

  /** The signed agreement as JSON-LD. */
  async receipt(grant: GrantId): Promise<Uint8Array> {
    return (await this.#find(grant)).agreement
  }

  /** After a crash or on another device: what was begun is finished; and what a server does not end by itself is ended. */
  async resume(): Promise<void> {
    const { account, pod, clock } = this.#context
    const enforced = await pod.enforcesEnd()
    const due = ({ state, until }: GrantEntry) =>
      state === 'giving' || state === 'ending' || (state === 'live' && until <= clock() && !enforced)
    await trying(() => this.#giveWhatWaited())
    if (enforced) this.#endPassed()
    for (const { id, collections } of account.state.grants.filter(due)) {
      await trying(async () => {
        const lists = await readAccessLists(pod, collections)
        await account.refresh()
        await inParallel(collections, one => this.#collections.checkAccount(toBase64Url(one) as CollectionId))
        const now = await this.#find(grantIri(id))
        if (due(now)) await this.#drive(now, lists)
      })
    }
  }

  /** What the server ended by itself is over in the account too, once no device can think that it still holds. */
  #endPassed(): void {
    const { account, clock } = this.#context
    const isPassed = ({ state, until }: GrantEntry): boolean => state === 'live' && until + WEEK <= clock()
    if (!account.state.grants.some(isPassed)) return
    account.defer(known => ({
      ...known,
      grants: known.grants.map(grant => (isPassed(grant) ? { ...grant, state: 'ended' } : grant)),
    }))
  }

  /** Tells everybody who holds a live grant where it stands now. */
  async renew(): Promise<void> {
    const { account, clock } = this.#context
    const live = account.state.grants.filter(({ state, until }) => state === 'live' && clock() < until)
    for (const entry of live) await trying(() => this.#announce(entry))
  }

  /** Takes an entry from whatever it has reached to live or ended. */
  async #drive(entry: GrantEntry, lists: readonly AccessList[]): Promise<void> {
    const giving = entry.state === 'giving'
    await inParallel(lists, async list => {
      if (giving) await this.#collections.bringInLine(toBase64Url(list.collection) as CollectionId)
      await writeRules(this.#context, this.#groups, list, { ending: !giving })
    })
    if (!giving) this.#collections.telling.tookBack(entry)
    if (giving && (await this.#find(grantIri(entry.id))).state === 'giving') await this.#announce(entry) // or ended meanwhile
    const state = giving ? 'live' : 'ended'
    this.#context.account.defer(known =>
      withGrant(known, entry.id, grant => (rank(grant.state) < rank(state) ? { ...grant, state } : grant)),
    )
  }

  async #announce(entry: GrantEntry): Promise<void> {
    const announcement = announcementFor(this.#context, entry)
    if (entry.toKind === 'person')
      return announceToPerson(this.#context, await this.#context.people.find(entry.to), announcement)
    const group = await this.#groups.open(entry.to)
    if (group?.self) await announceToGroup(this.#context, group, announcement)
  }

  /** Those that ended may stand on a page of the account. */
  async #find(grant: GrantId): Promise<GrantEntry> {
    const { account } = this.#context
    const isIt = ({ id }: GrantEntry): boolean => grantIri(id) === grant
    const entry = account.state.grants.find(isIt) ?? (await account.history()).grants.find(isIt)
    if (!entry) throw new AlveoleError('not-granted', 'no such grant')
    return entry
  }

  async #info(entry: GrantEntry, confirmed = true): Promise<GrantInfo> {
    const { pod, account, clock } = this.#context
    const group = account.state.groups.find(({ url }) => url === entry.to)
    return {
      grant: grantIri(entry.id),
      to: entry.to,
      toName: group?.name ?? (await pod.profile(entry.to).catch(() => null))?.name ?? entry.to,
      collections: entry.collections.map(id => toBase64Url(id) as CollectionId),
      facets: entry.facets,
      from: entry.from > entry.given ? new Date(entry.from).toISOString() : null,
      until: new Date(entry.until).toISOString(),
      ended: entry.ended === null ? null : new Date(entry.ended).toISOString(),
      purpose: entry.purpose,
      state: shownState(entry, clock()),
      confirmed: confirmed || shownState(entry, clock()) === 'ended',
      enforcedBy: (await pod.enforcesEnd()) ? 'server' : 'owner',
    }
  }

  #log(state: AccountState, what: 'granted' | 'revoked', { id, to }: GrantEntry): AccountState {
    return withLine(state, { at: this.#context.clock(), what, object: grantIri(id), who: to })
  }
}

/** Somebody's dead pod keeps nobody out of their own vault: the next opening tries again. */
async function trying(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof AlveoleError)) throw error
  }
}

/** The end date ends a grant, whatever the account says: no server and no device has to be asked. */
function shownState({ state, from, until }: GrantEntry, now: number): GrantInfo['state'] {
  if (state === 'ended' || until <= now) return 'ended'
  return state === 'live' && from > now ? 'scheduled' : state
}

const ORDER = ['giving', 'live', 'ending', 'ended']
/** A grant's state only moves forward (protocol §5). */
const rank = (state: GrantEntry['state']): number => ORDER.indexOf(state)

const withGrant = (state: AccountState, id: Uint8Array, edit: (entry: GrantEntry) => GrantEntry): AccountState => ({
  ...state,
  grants: state.grants.map(grant => (equal(grant.id, id) ? edit(grant) : grant)),
})
