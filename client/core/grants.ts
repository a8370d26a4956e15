/**
 * Grants (protocol §6): the account first, both ways. Giving: account entry → keyring and head → access rules →
 * announcement. Ending: account entry → access rules; the epoch opens at the next write. Whoever opens the account drives
 * what is unfinished forward.
 */
import { AlveoleError, equal, fromBase64Url, isCode, random, toBase64Url, toHex } from '#crypto'
import { coverWithout, facets as allFacets, isSensitive, isWithin, sensitiveFacets } from '#vocab'
import type { AccountState, GrantEntry } from './account-state.ts'
import { saysRules, writeAcl } from './acl.ts'
import { signAgreement } from './agreement.ts'
import { announceToGroup, announceToPerson } from './announce.ts'
import { collectionRules } from './collection-rules.ts'
import type { Collections } from './collections/collections.ts'
import type { Context } from './context.ts'
import { memberOf } from './groups/open-group.ts'
import type { Groups } from './groups/groups.ts'
import { inParallel } from './parallel.ts'
import { collectionUrl } from './paths.ts'
import type { PodReply } from './pod.ts'
import type { CollectionId, GrantId, GrantInfo, GroupId, WebId } from './types.ts'

export interface GrantRequest {
  to: WebId | GroupId
  collections?: readonly CollectionId[]
  /** Concepts; all but the sensitive where not given. */
  facets?: readonly string[]
  /** Existing and new versions unless told. */
  epochs?: 'all' | 'existing' | 'new'
  from?: Date
  until: Date
  /** IRI of a DPV purpose. */
  purpose: string
}

/** The access control list of a collection, as it was read. */
interface AccessList {
  id: Uint8Array
  url: string
  current: PodReply | null
}

const URN = 'urn:uuid:'

export class Grants {
  readonly #context: Context
  readonly #collections: Collections
  readonly #groups: Groups

  constructor(context: Context, collections: Collections, groups: Groups) {
    this.#context = context
    this.#collections = collections
    this.#groups = groups
  }

  async give(request: GrantRequest): Promise<GrantInfo> {
    const entry = await this.#entryFor(request)
    const { account } = this.#context
    const lists = await this.#lists(entry)
    await account.change(state => this.#log({ ...state, grants: [...state.grants, entry] }, 'granted', entry))
    await this.#drive(entry, lists)
    this.#context.changed()
    return this.#info(this.#find(iriOf(entry.id)))
  }

  async #entryFor({ to, from, until, purpose, epochs = 'all', ...request }: GrantRequest): Promise<GrantEntry> {
    const { me, clock, pod } = this.#context
    const [start, end] = [Math.max(from?.getTime() ?? 0, clock()), until.getTime()]
    if (!(end > start)) throw new AlveoleError('usage', 'a grant ends after it starts')
    const facets = checkFacets(request.facets)
    const toKind = this.#groups.has(to) ? 'group' : 'person'
    await this.#checkRecipient(to, toKind, facets)
    const ids = request.collections ?? (await this.#collections.holding(facets))
    if (!ids.length) throw new AlveoleError('usage', 'nothing to grant: no folder')
    const collections = ids.map(id => fromBase64Url(id))
    const id = uuid()
    const terms = {
      grant: iriOf(id),
      assigner: me.webId,
      assignee: to,
      collections: collections.map(one => collectionUrl(pod.storage, one)),
      facets,
      from: start,
      until: end,
      purpose,
      given: clock(),
    }
    const held = epochs === 'all' ? [] : await inParallel(ids, one => this.#collections.epochsOf(one))
    return {
      id,
      to,
      toKind,
      collections,
      facets,
      from: start,
      until: end,
      purpose,
      epochs,
      held,
      state: 'giving',
      agreement: signAgreement(terms, me.signer),
      given: terms.given,
      ended: null,
    }
  }

  /** Nobody gets keys before their identity verified; sensitive facets need a root that somebody vouches for (protocol §3). */
  async #checkRecipient(to: string, kind: 'person' | 'group', facets: readonly string[]): Promise<void> {
    if (kind === 'group') {
      const group = await this.#groups.open(to)
      if (!group) throw new AlveoleError('not-granted', 'not a member of this circle')
      return
    }
    const person = await this.#context.people.find(to)
    if (!person.confirmed && facets.some(reachesSensitive)) {
      throw new AlveoleError('unconfirmed', 'sensitive facets need a confirmed person', { detail: { webId: to } })
    }
    this.#context.people.pin(person, false)
  }

  /**
   * The rules as they stand. Read before the account is, so that whoever changes either one meanwhile is noticed: by the
   * account's own swap, or by the ETag when the rules are written (protocol §6).
   */
  async #lists(entry: GrantEntry): Promise<AccessList[]> {
    return inParallel(entry.collections, id => this.#list(id))
  }

  async #list(id: Uint8Array): Promise<AccessList> {
    const { pod } = this.#context
    const url = await pod.aclOf(collectionUrl(pod.storage, id))
    return { id, url, current: await pod.get(url) }
  }

  /** Takes an entry from whatever it has reached to live or ended. */
  async #drive(entry: GrantEntry, lists: readonly AccessList[]): Promise<void> {
    const giving = entry.state === 'giving'
    await inParallel(lists, async list => {
      if (giving) await this.#collections.bringInLine(toBase64Url(list.id) as CollectionId)
      await this.#setRules(list)
    })
    if (giving) await this.#announce(entry)
    const state = giving ? 'live' : 'ended'
    this.#context.account.defer(known =>
      withGrant(known, entry.id, grant => (rank(grant.state) < rank(state) ? { ...grant, state } : grant)),
    )
  }

  /** The rules of one collection, written whole as the account has them, onto exactly the list that was read. */
  async #setRules(list: AccessList): Promise<void> {
    const { pod, account, me, clock } = this.#context
    const resource = collectionUrl(pod.storage, list.id)
    for (let [attempt, { url, current }] = [1, list]; ; attempt++) {
      const membersIri = (group: string) => this.#groups.membersIri(group)
      const rules = await collectionRules(account.state, me.webId, list.id, clock(), membersIri)
      if (current && saysRules(resource, current.body, rules)) return
      try {
        const condition = current?.etag ? { ifMatch: current.etag } : { ifNoneMatch: '*' as const }
        await pod.put(url, writeAcl(resource, rules), { ...condition, type: 'text/turtle' })
        return
      } catch (error) {
        if (!isCode(error, 'conflict') || attempt === 5) throw error
        current = (await this.#list(list.id)).current
        await account.refresh()
      }
    }
  }

  async #announce(entry: GrantEntry): Promise<void> {
    const { pod, me, people } = this.#context
    const collections = entry.collections.map(id => ({ id, url: collectionUrl(pod.storage, id) }))
    const announcement = { owner: me.webId, to: entry.to, grant: entry.id, collections }
    if (entry.toKind === 'person') return announceToPerson(this.#context, await people.find(entry.to), announcement)
    const group = await this.#groups.open(entry.to)
    if (group && memberOf(group, me.webId)) await announceToGroup(this.#context, group, announcement)
  }

  /** R0 at once, R1 at the next write. */
  async revoke(grant: GrantId): Promise<GrantInfo> {
    const { account, clock } = this.#context
    const entry = this.#find(grant)
    const ending: GrantEntry = { ...entry, state: 'ending', ended: clock() }
    const lists = await this.#lists(entry)
    if (rank(entry.state) < rank('ending')) {
      await account.change(state =>
        this.#log(
          withGrant(state, entry.id, () => ending),
          'revoked',
          entry,
        ),
      )
    }
    if (entry.state !== 'ended') await this.#drive(ending, lists)
    this.#context.changed()
    return this.#info(this.#find(grant))
  }

  async list(): Promise<GrantInfo[]> {
    return Promise.all(this.#context.account.state.grants.map(entry => this.#info(entry)))
  }

  /** The signed agreement as JSON-LD. */
  receipt(grant: GrantId): Uint8Array {
    return this.#find(grant).agreement
  }

  /** After a crash or on another device: what was begun is finished; and what a server does not end by itself is ended. */
  async resume(): Promise<void> {
    const { account, pod, clock } = this.#context
    const enforced = await pod.enforcesEnd()
    const due = ({ state, until }: GrantEntry) =>
      state === 'giving' || state === 'ending' || (state === 'live' && until <= clock() && !enforced)
    for (const entry of account.state.grants.filter(due)) {
      try {
        const lists = await this.#lists(entry)
        await account.refresh()
        await this.#drive(entry, lists)
      } catch (error) {
        if (!(error instanceof AlveoleError)) throw error // somebody's dead pod keeps nobody out of their own vault
      }
    }
  }

  #find(grant: GrantId): GrantEntry {
    const entry = this.#context.account.state.grants.find(({ id }) => iriOf(id) === grant)
    if (!entry) throw new AlveoleError('not-granted', 'no such grant')
    return entry
  }

  async #info(entry: GrantEntry): Promise<GrantInfo> {
    const { pod, account, clock } = this.#context
    const group = account.state.groups.find(({ url }) => url === entry.to)
    return {
      grant: iriOf(entry.id),
      to: entry.to,
      toName: group?.name ?? (await pod.profile(entry.to).catch(() => null))?.name ?? entry.to,
      collections: entry.collections.map(id => toBase64Url(id) as CollectionId),
      facets: entry.facets,
      from: entry.from > entry.given ? new Date(entry.from).toISOString() : null,
      until: new Date(entry.until).toISOString(),
      ended: entry.ended === null ? null : new Date(entry.ended).toISOString(),
      purpose: entry.purpose,
      state: shownState(entry, clock()),
      enforcedBy: (await pod.enforcesEnd()) ? 'server' : 'owner',
    }
  }

  #log(state: AccountState, what: string, { id, to }: GrantEntry): AccountState {
    return { ...state, journal: [...state.journal, { at: this.#context.clock(), what, object: iriOf(id), who: to }] }
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

const known = new Set(allFacets.map(({ path }) => path))
const reachesSensitive = (path: string): boolean =>
  isSensitive(path) || sensitiveFacets.some(one => isWithin(one, path))

function checkFacets(asked: readonly string[] | undefined): string[] {
  const tops = allFacets.map(({ path }) => path).filter(path => !path.includes('/'))
  if (!asked?.length) return coverWithout(tops, sensitiveFacets)
  const unknown = asked.find(path => !known.has(path))
  if (unknown) throw new AlveoleError('usage', 'no such facet', { detail: { facet: unknown } })
  return [...asked]
}

/** RFC 9562 version 4. */
function uuid(): Uint8Array {
  const bytes = random(16)
  bytes[6] = (bytes[6]! & 0x0f) | 0x40
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  return bytes
}

export const iriOf = (id: Uint8Array): GrantId =>
  (URN + toHex(id).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')) as GrantId
