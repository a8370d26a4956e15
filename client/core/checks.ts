/**
 * What a writer looks at before a burst of writes (protocol §5): the account, the groups and persons that hold live grants,
 * and the end dates. A check lasts five minutes. A group that does not answer blocks nothing and gets nothing new.
 */
import { AlveoleError, equal, fromBase64Url, groupKem, order, type Order, type Vector } from '#crypto'
import type { GrantEntry } from './account-state.ts'
import type { Decision } from './collections/epochs.ts'
import type { Wanted } from './collections/wanted.ts'
import type { Context } from './context.ts'
import { suspendedGrants } from './grants/confirmation.ts'
import type { KnownGroups } from './groups/known-groups.ts'
import type { CollectionId } from './types.ts'

const FRESH = 5 * 60_000
interface Recipient {
  to: Uint8Array
  checked: boolean
}

/** Whether a grant gives keys and access at `now`; a `from` in the future gives its keys on the day. */
export const holds = (grant: GrantEntry, now: number): boolean =>
  (grant.state === 'giving' || grant.state === 'live') && grant.from <= now && now < grant.until

export class Checks {
  readonly #context: Context
  readonly #groups: KnownGroups

  constructor(context: Context, groups: KnownGroups) {
    this.#context = context
    this.#groups = groups
  }

  /**
   * The grants that should hold a collection now, each with its recipient's newest key. `cited` is the account's vector that
   * the collection's head was decided on: whoever is served an older account reads, but does not write (protocol §5).
   */
  async decide(collection: CollectionId, cited: Vector): Promise<Decision> {
    const { account, clock } = this.#context
    const behind = () => order(account.header.vector, cited)
    if (clock() - account.checkedAt > FRESH || isBehind(behind())) await account.refresh()
    if (behind() === 'before') throw new AlveoleError('rolled-back', 'an account older than the head cites')
    if (behind() === 'apart') throw new AlveoleError('forked', 'another account than the head cites')
    return { ...(await this.#wanted(collection)), accountVector: account.header.vector, now: clock() }
  }

  async #wanted(collection: CollectionId): Promise<Pick<Decision, 'wanted' | 'others'>> {
    const { account, hlc, store } = this.#context
    const id = fromBase64Url(collection)
    const now = hlc.now()
    const isSuspended = await suspendedGrants(store)
    const grants = account.state.grants.filter(
      ({ state, until, collections }) =>
        (state === 'giving' || state === 'live') && now < until && collections.some(one => equal(one, id)),
    )
    const holding = grants.filter(grant => holds(grant, now))
    const wanted = await Promise.all(holding.map(grant => this.#wantedFor(grant, id, isSuspended(grant))))
    const found = wanted.filter(one => one !== null)
    return { wanted: found, others: found.length < grants.length }
  }

  async #wantedFor(grant: GrantEntry, collection: Uint8Array, suspended: boolean): Promise<Wanted | null> {
    const recipient = await this.#recipient(grant)
    if (!recipient) return null
    const held = grant.held.find(entry => equal(entry.collection, collection))?.epochs ?? []
    return {
      ...recipient,
      suspended,
      giving: grant.state === 'giving',
      grant: grant.id,
      agreement: grant.agreement,
      facets: grant.facets,
      epochs: grant.epochs,
      held,
    }
  }

  /**
   * null: nobody to seal to. We are no longer of the group; or somebody removed a device or a member, and has not begun a new
   * generation or epoch since (SPEC I6, N8): an epoch opens without them, and they are taken in again after it.
   * One who cannot be asked, for whatever reason, blocks no write of the owner and gets nothing new (A34).
   */
  async #recipient(grant: GrantEntry): Promise<Recipient | null> {
    try {
      return await (grant.toKind === 'person' ? this.#person(grant.to) : this.#group(grant.to))
    } catch (error) {
      if (!(error instanceof AlveoleError) || error.code === 'locked') throw error
      const to = grant.toKind === 'person' ? await this.#lastOf(grant.to) : await this.#groups.lastKem(grant.to)
      return to && { to, checked: false }
    }
  }

  async #person(webId: string): Promise<Recipient | null> {
    const { identity } = await this.#context.people.find(webId)
    return identity.exposed ? null : { to: identity.kem, checked: true }
  }

  async #lastOf(webId: string): Promise<Uint8Array | null> {
    const identity = await this.#context.people.lastKnown(webId)
    return identity && !identity.exposed ? identity.kem : null
  }

  async #group(url: string): Promise<Recipient | null> {
    const group = await this.#groups.open(url)
    return group && !group.state.exposed ? { to: groupKem(group.epochs.at(-1)!), checked: true } : null
  }
}

const isBehind = (how: Order): boolean => how === 'before' || how === 'apart'
