/**
 * Grants (protocol §6): the account first, always. Giving: account entry → keyring and head → access rules → announcement. Other
 * terms: a new agreement in the account → access rules → keyring and head. Ending: account entry → access rules; the epoch opens at
 * the next write. Whoever opens the account drives what is unfinished forward.
 */
import { AlveoleError, equal, fromBase64Url, toBase64Url } from '#crypto'
import { isWithin } from '#vocab'
import type { AccountState, GrantEntry, SelectionEntry } from '../account-state.ts'
import { announceToGroup, announceToPerson } from '../announce.ts'
import type { Collections, RewrapProgress } from '../collections/collections.ts'
import type { Context } from '../context.ts'
import { announcementFor } from '../feed/telling.ts'
import type { KnownGroups } from '../groups/known-groups.ts'
import { trying } from '../failures.ts'
import { inParallel } from '../parallel.ts'
import { everyCollection, isFolder, originalsOf } from '../selections/entries.ts'
import type { Selections } from '../selections/selections.ts'
import type { CollectionId, GrantId, GrantInfo, GroupId, Stopped, WebId } from '../types.ts'
import { readAccessLists, type AccessList } from './access-lists.ts'
import { checkWithin, ended, isInForce, termsEdit, type NewTerms } from './change-terms.ts'
import { confirmedGrants, confirmGrants, endConfirmation, suspendedGrants } from './confirmation.ts'
import { driveOrThrow, type Parts } from './drive.ts'
import { endGrants, rotateFrom } from './ending.ts'
import { distinct, isOver, reaches, withGrantLine } from './entries.ts'
import { grantIri } from './grant-id.ts'
import { infoOf } from './grant-info.ts'
import { resumeGrants } from './resume.ts'
import { checkFacets, entryFor, type GrantRequest } from './terms.ts'

export interface RevokeOptions extends RewrapProgress {
  rotate?: boolean
  rewrap?: boolean
}

/** What is to be left of a grant: of each list that is named, less than it gives. */
export interface Narrower {
  facets?: readonly string[] | undefined
  collections?: readonly CollectionId[] | undefined
}

export class Grants {
  readonly #context: Context
  readonly #collections: Collections
  readonly #groups: KnownGroups
  readonly #parts: Parts

  constructor(context: Context, collections: Collections, groups: KnownGroups, selections: Selections) {
    this.#context = context
    this.#collections = collections
    this.#groups = groups
    this.#parts = { context, collections, groups, selections }
  }

  /** `along`: what the account says besides, in the very write that gives. */
  async give(
    request: GrantRequest,
    along: (state: AccountState, entry: GrantEntry) => AccountState = state => state,
  ): Promise<GrantInfo> {
    const { account, pod, clock } = this.#context
    const { entry, selection } = await entryFor(this.#parts, request)
    const lists = await readAccessLists(pod, entry.collections)
    await account.change(state => {
      const selections = [...state.selections, ...(selection ? [selection] : [])]
      const given = { ...state, selections, grants: [...state.grants, entry] }
      return along(withGrantLine(given, clock(), 'granted', entry), entry)
    })
    return this.#finish(entry, lists)
  }

  /** Another end, nearer or further off. What a device found that was just let in is not prolonged by it (A9). */
  async extend(grant: GrantId, { until }: { until: Date }): Promise<GrantInfo> {
    const { clock, store } = this.#context
    const entry = await this.#find(grant)
    const end = until.getTime()
    if (isOver(entry, clock())) throw ended()
    if (!(end > Math.max(clock(), entry.from))) throw new AlveoleError('usage', 'to end it now, take it back')
    if (end > entry.until && (await suspendedGrants(store))(entry))
      throw new AlveoleError('refused', 'a grant that waits for its confirmation here', { detail: { field: 'waits' } })
    return this.#change(entry, { until: end })
  }

  /** What is withdrawn is sealed to its reader no more, from this very change on; what they opened before they may have kept. */
  async narrow(grant: GrantId, { facets, collections }: Narrower): Promise<GrantInfo> {
    const entry = await this.#find(grant)
    const ids = collections?.map(id => fromBase64Url(id))
    const asked = { facets: facets?.length ? checkFacets(facets) : undefined, collections: ids }
    if (isOver(entry, this.#context.clock())) throw ended()
    checkWithin(entry, asked)
    return this.#change(entry, asked)
  }

  async #change(entry: GrantEntry, asked: NewTerms): Promise<GrantInfo> {
    const { account, pod } = this.#context
    if (isInForce(entry, asked)) return this.#info(entry)
    const lists = await readAccessLists(pod, reaches(entry))
    await account.change(termsEdit(this.#context, entry, asked))
    return this.#finish(entry, lists)
  }

  async #finish({ id }: GrantEntry, lists: readonly AccessList[]): Promise<GrantInfo> {
    await driveOrThrow(this.#parts, [id], lists, entry => this.#announce(entry))
    this.#context.changed()
    return this.#info(await this.#find(grantIri(id)))
  }

  /**
   * R0 at once, R1 at the next write, or with `rotate` at once too. With `rewrap`, R2: all that the grant opened is sealed anew and the
   * old deleted, so that its keys open nothing that is still on the server. Interrupted, it is to be asked for again.
   */
  async revoke(
    grant: GrantId,
    { rotate = false, rewrap = false, ...progress }: RevokeOptions = {},
  ): Promise<GrantInfo> {
    const { clock } = this.#context
    const { id } = await this.#find(grant)
    const { stuck } = await endGrants(this.#parts, entry => equal(entry.id, id), rotate)
    if (stuck[0]) throw stuck[0].error
    const entry = await this.#find(grant)
    if (rotate) await rotateFrom(this.#parts, [entry])
    await this.#parts.selections.endUnused()
    const before = (entry.ended ?? Math.min(entry.until, clock())) + 1
    const there = everyCollection(this.#context.account.state) // a selection went with its grant
    const left = reaches(entry).filter(one => there.some(({ id: known }) => equal(known, one)))
    if (rewrap) await this.#collections.rewrap(left.map(named), before, progress)
    this.#context.changed()
    return this.#info(await this.#find(grant))
  }

  /** All that somebody, or a circle, was given. */
  revokeAll(to: WebId | GroupId, options: { rotate?: boolean } = {}): Promise<Stopped> {
    return this.#stop(entry => entry.to === to, options)
  }

  stopEverything(options: { rotate?: boolean } = {}): Promise<Stopped> {
    return this.#stop(() => true, options)
  }

  async #stop(which: (entry: GrantEntry) => boolean, { rotate = false }: { rotate?: boolean }): Promise<Stopped> {
    const now = this.#context.clock()
    const { entries, stuck } = await endGrants(this.#parts, entry => which(entry) && now < entry.until, rotate)
    await this.#parts.selections.endUnused()
    this.#context.changed()
    const grants = await Promise.all(entries.map(async ({ id }) => this.#info(await this.#find(grantIri(id)))))
    return { grants, problems: stuck.map(({ collection, code }) => ({ collection, code })) }
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
    await inParallel(distinct(waited.flatMap(reaches)), id => this.#collections.bringInLine(named(id)))
    if (waited.length) await endConfirmation(store)
  }

  /**
   * What its reader could open of each folder: the collections, and whether a cell lies within the facets. null: of a selection that
   * went with it; nothing says any more what it was of.
   */
  async scope(
    grant: GrantId,
  ): Promise<{ collections: CollectionId[] | null; holds(cell: { record: string; facet: string }): boolean }> {
    const { collections, facets } = await this.#find(grant)
    const isOpen = (facet: string): boolean => facets.some(granted => isWithin(facet, granted))
    const folders = collections.map(named)
    const selection = folders.length === 1 ? this.#parts.selections.of(folders[0]!) : null
    if (selection) return originalFiles(selection, isOpen)
    const left = folders.filter(id => isFolder(this.#context.account.state, id))
    return {
      collections: left.length ? left : null,
      holds: ({ facet }) => isOpen(facet),
    }
  }

  /** The signed agreement as JSON-LD. */
  async receipt(grant: GrantId): Promise<Uint8Array> {
    return (await this.#find(grant)).agreement
  }

  /** What was begun, here or on another device. */
  async resume(): Promise<void> {
    await trying(() => this.#giveWhatWaited())
    await resumeGrants(this.#parts, entry => this.#announce(entry))
  }

  /** Tells everybody who holds a live grant where it stands now. */
  async renew(): Promise<void> {
    const { account, clock } = this.#context
    const isToTell = ({ toKind, state, until }: GrantEntry): boolean =>
      toKind === 'person' && state === 'live' && clock() < until
    for (const entry of account.state.grants.filter(isToTell)) await trying(() => this.#announce(entry))
    await trying(() => this.#collections.telling.mend({ always: true })) // circles, where it is to be the last word
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

  #info(entry: GrantEntry, confirmed = true): Promise<GrantInfo> {
    return infoOf(this.#parts, entry, confirmed)
  }
}

/** A plain copy of a file opens by the key that the original has; a de-identified one has a key of its own, and goes with it. */
function originalFiles(selection: SelectionEntry, isOpen: (facet: string) => boolean) {
  const originals = selection.pseudonyms ? [] : originalsOf(selection)
  const records = new Set<string>(originals.flatMap(one => one.records))
  return {
    collections: originals.map(({ collection }) => collection),
    holds: ({ record, facet }: { record: string; facet: string }) => records.has(record) && isOpen(facet),
  }
}

const named = (id: Uint8Array): CollectionId => toBase64Url(id) as CollectionId
