/**
 * What a writer looks at before a burst of writes (protocol §5): the account, the groups and persons that hold live grants,
 * and the end dates. A check lasts five minutes. A group that does not answer blocks nothing and gets nothing new.
 */
import {
  AlveoleError,
  equal,
  fromBase64Url,
  groupKem,
  hash,
  order,
  type Identity,
  type Order,
  type OwnerPart,
} from '#crypto'
import type { GrantEntry } from './account-state.ts'
import type { Decision } from './collections/epochs.ts'
import { has, type Wanted } from './collections/wanted.ts'
import type { Context } from './context.ts'
import { suspendedGrants } from './grants/confirmation.ts'
import type { KnownGroups } from './groups/known-groups.ts'
import type { OpenGroup } from './groups/open-group.ts'
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
   * The grants that should hold a collection now, each with its recipient's newest key. `last` is the newest head's owner part,
   * with the account that it was decided on: whoever is served an older account reads, but does not write (protocol §5).
   */
  async decide(collection: CollectionId, last: OwnerPart | null): Promise<Decision> {
    const { account, clock } = this.#context
    const behind = () => order(account.header.vector, last?.accountVector ?? [])
    if (clock() - account.checkedAt > FRESH || isBehind(behind())) await account.refresh()
    if (behind() === 'before') throw new AlveoleError('rolled-back', 'an account older than the head cites')
    if (behind() === 'apart') throw new AlveoleError('forked', 'another account than the head cites')
    const id = fromBase64Url(collection)
    if (last) await this.#holdWhatIsThere(id, last)
    return { ...(await this.#wanted(id, last)), accountVector: account.header.vector, now: clock() }
  }

  #grantsOf(collection: Uint8Array): GrantEntry[] {
    const now = this.#context.hlc.now()
    return this.#context.account.state.grants.filter(
      ({ state, until, collections }) =>
        (state === 'giving' || state === 'live') && now < until && collections.some(one => equal(one, collection)),
    )
  }

  /**
   * Of a grant of existing or of new versions "existing" is what is there when it is first sealed, whatever stood in the head
   * that the giving device had last seen (K7).
   */
  async #holdWhatIsThere(collection: Uint8Array, { epochs, holders }: OwnerPart): Promise<void> {
    const there = epochs.flatMap(({ id, of }) => [id, ...of])
    const begun = this.#grantsOf(collection).filter(
      ({ id, state, epochs: which, held }) =>
        state === 'giving' &&
        which !== 'all' &&
        !holders.some(({ grant }) => equal(grant, id)) &&
        there.some(epoch => !has(heldOf(held, collection), epoch)),
    )
    if (!begun.length) return
    await this.#context.account.change(state => ({
      ...state,
      grants: state.grants.map(grant =>
        begun.some(({ id }) => equal(id, grant.id)) ? holding(grant, collection, there) : grant,
      ),
    }))
  }

  /** Absent are those that may come to hold it again, or for the first time: not before their day, or nobody to seal to now. */
  async #wanted(collection: Uint8Array, last: OwnerPart | null): Promise<Pick<Decision, 'wanted' | 'absent'>> {
    const isSuspended = await suspendedGrants(this.#context.store)
    const now = this.#context.hlc.now()
    const found = await Promise.all(
      this.#grantsOf(collection).map(async grant => {
        const sealedTo = last?.holders.find(holder => equal(holder.grant, grant.id))?.to ?? null
        const recipient = holds(grant, now) ? ((await this.#recipient(grant, sealedTo)) ?? NOBODY) : LATER
        const isSame = sealedTo !== null && equal(hash(recipient.to), sealedTo)
        const isWanted = recipient !== LATER && (recipient.checked || isSame)
        return { isWanted, grant: { ...termsOf(grant, collection, isSuspended(grant)), ...recipient } }
      }),
    )
    const which = (isWanted: boolean): Wanted[] =>
      found.filter(one => one.isWanted === isWanted).map(({ grant }) => grant)
    return { wanted: which(true), absent: which(false) }
  }

  /**
   * null: nobody to seal to. We are no longer of the group; or somebody removed a device or a member, and has not begun a new
   * generation or epoch since (SPEC I6, N8): an epoch opens without them, and they are taken in again after it.
   * One who cannot be asked, for whatever reason, blocks no write of the owner and gets nothing new (A34): only the very key that
   * it was last sealed to, `sealedTo` by its hash, is sealed to again (K7).
   */
  async #recipient(grant: GrantEntry, sealedTo: Uint8Array | null): Promise<Recipient | null> {
    try {
      return await (grant.toKind === 'person' ? this.#person(grant.to, sealedTo) : this.#group(grant.to, sealedTo))
    } catch (error) {
      if (!(error instanceof AlveoleError) || error.code === 'locked') throw error
      const to = grant.toKind === 'person' ? await this.#lastOf(grant.to) : await this.#groups.lastKem(grant.to)
      return to && { to, checked: false }
    }
  }

  /**
   * Looked at again where another device sealed to a key that is unknown here. If it stays so, this is an older state than that
   * device saw, and no check.
   */
  async #person(webId: string, sealedTo: Uint8Array | null): Promise<Recipient | null> {
    const { people } = this.#context
    const knows = ({ kems }: Identity): boolean => !sealedTo || kems.some(kem => equal(hash(kem), sealedTo))
    let { identity } = await people.find(webId)
    if (!knows(identity)) {
      people.forget(webId)
      ;({ identity } = await people.find(webId))
    }
    return identity.exposed ? null : { to: identity.kem, checked: knows(identity) }
  }

  async #lastOf(webId: string): Promise<Uint8Array | null> {
    const identity = await this.#context.people.lastKnown(webId)
    return identity && !identity.exposed ? identity.kem : null
  }

  async #group(url: string, sealedTo: Uint8Array | null): Promise<Recipient | null> {
    const knows = ({ epochs }: OpenGroup): boolean =>
      !sealedTo || epochs.toReversed().some(epoch => equal(hash(groupKem(epoch)), sealedTo))
    let group = await this.#groups.open(url)
    if (group && !knows(group)) group = await this.#groups.open(url, true)
    return group && !group.state.exposed ? { to: groupKem(group.epochs.at(-1)!), checked: knows(group) } : null
  }
}

/** Nobody to seal to now. */
const NOBODY: Recipient = { to: new Uint8Array(), checked: false }
/** Its day has not come. */
const LATER: Recipient = { to: new Uint8Array(), checked: true }

const termsOf = (grant: GrantEntry, collection: Uint8Array, suspended: boolean): Omit<Wanted, keyof Recipient> => ({
  suspended,
  giving: grant.state === 'giving',
  grant: grant.id,
  agreement: grant.agreement,
  facets: grant.facets,
  epochs: grant.epochs,
  held: heldOf(grant.held, collection),
})

const heldOf = (held: GrantEntry['held'], collection: Uint8Array): readonly Uint8Array[] =>
  held.find(entry => equal(entry.collection, collection))?.epochs ?? []

const holding = (grant: GrantEntry, collection: Uint8Array, epochs: Uint8Array[]): GrantEntry => ({
  ...grant,
  held: [...grant.held.filter(entry => !equal(entry.collection, collection)), { collection, epochs }],
})

const isBehind = (how: Order): boolean => how === 'before' || how === 'apart'
