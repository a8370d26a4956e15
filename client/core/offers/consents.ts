/**
 * Answers to offers (protocol §7): accepting gives a grant, and the account keeps the signed record in the same write; the group
 * is told after. Whoever opens the vault tells what a crash left untold. Refusing changes nothing but the account.
 */
import { AlveoleError, equal, label, signBytes, toHex, unsafeUnverified } from '#crypto'
import { coverWithout, facet, isWithin, sensitiveFacets } from '#vocab'
import type { AccountState, ConsentEntry } from '../account-state.ts'
import type { Collections } from '../collections/collections.ts'
import { recordsHolding } from '../collections/holding.ts'
import type { Context } from '../context.ts'
import { grantIri } from '../grants/grant-id.ts'
import type { Grants } from '../grants/grants.ts'
import type { KnownGroups } from '../groups/known-groups.ts'
import type { OpenGroup } from '../groups/open-group.ts'
import { removedOf } from '../people.ts'
import type { CollectionId, GrantId, OfferId } from '../types.ts'
import { answered, withConsent } from './entries.ts'
import { offersIn, type OpenOffer } from './group-offers.ts'
import { offerId, offerIri } from './offer-id.ts'
import type { OfferTerms } from './offer.ts'
import { checkRead } from './shown.ts'
import { answersTo, infoOf, isLive, lastTo, type ConsentInfo } from './standing.ts'
import { tell } from './told.ts'

const DAY = 24 * 3600_000

export interface Choice {
  /** Within what is asked; all of it but the sensitive where not given. */
  facets?: readonly string[]
  /** Not after what is asked. */
  until?: Date
  collections?: readonly CollectionId[]
  /** The version that is on show; else the one that this device showed last (`groups.offers`). */
  version?: string
}

export class Consents {
  readonly #context: Context
  readonly #collections: Collections
  readonly #known: KnownGroups
  readonly #grants: Grants

  constructor(context: Context, collections: Collections, known: KnownGroups, grants: Grants) {
    this.#context = context
    this.#collections = collections
    this.#known = known
    this.#grants = grants
  }

  /** Gives what is chosen of what is asked, until the date that is asked or an earlier one. Accepted so already, it stays as it is. */
  async accept(offer: OfferId, choice: Choice = {}): Promise<ConsentInfo> {
    const { account, clock } = this.#context
    const asked = await this.#asked(offer)
    const { terms } = asked
    await checkRead(this.#context.store, asked, choice.version)
    const { facets, until, isLess } = chosen(terms, choice, clock())
    const history = await account.history()
    const last = lastTo(asked, history)
    if (last && isLive(last, history, clock())) return same(infoOf(last), facets, choice)
    const request = { to: asked.group, facets, until: new Date(until), purpose: terms.purpose }
    const given = await this.#grants.give(
      { ...request, ...(await this.#what(terms, facets, choice)) },
      (state, { id }) => {
        const grant = { grant: grantIri(id), until }
        const narrowed = isLess || choice.collections !== undefined
        const answer = { status: 'given' as const, grant: id, narrowed, told: 'waiting' as const, facets, given: grant }
        return withConsent(state, answered(this.#context, asked, answer))
      },
    )
    await this.#tellAll()
    return this.#ofGrant(given.grant)
  }

  /** Whole folders, what comes later too; or, where data is to be de-identified, the records that there are now, as they change. */
  async #what({ deidentified }: OfferTerms, facets: readonly string[], { collections }: Choice) {
    if (!deidentified) return collections && { collections }
    const records = await recordsHolding(this.#collections, facets, collections)
    if (!records.length) throw new AlveoleError('usage', 'nothing to give: no such record')
    return { records, deidentified }
  }

  /** Kept for oneself, unless the group is to be told. What was given for an earlier version stands. */
  async refuse(offer: OfferId, { tell: isTold = false } = {}): Promise<ConsentInfo> {
    const { account, clock } = this.#context
    const asked = await this.#asked(offer)
    const history = await account.history()
    const last = lastTo(asked, history)
    if (last && isLive(last, history, clock())) throw answeredAlready()
    const { facets } = asked.terms
    const told = isTold ? ('waiting' as const) : ('never' as const)
    const answer = { status: 'refused' as const, grant: null, narrowed: false, told, facets, given: null }
    const entry = answered(this.#context, asked, answer)
    await account.change(state => withConsent(state, entry))
    this.#context.changed()
    await this.#tellAll()
    return infoOf(entry)
  }

  /** Takes back all that was given for this offer, whichever version of it. */
  async withdraw(offer: OfferId): Promise<ConsentInfo> {
    const { account, clock } = this.#context
    const id = offerIri(offerId(offer))
    const history = await account.history()
    const live = answersTo(id, history).filter(one => isLive(one, history, clock()))
    if (!live.length) throw new AlveoleError('not-granted', 'nothing is given for this offer', { detail: { offer } })
    for (const grant of new Set(live.map(one => grantIri(one.grant!)))) await this.#grants.revoke(grant)
    await this.#tellAll()
    return this.#ofGrant(grantIri(live.at(-1)!.grant!))
  }

  /** All of one's own answers, oldest first. */
  async list(): Promise<ConsentInfo[]> {
    const { consents } = await this.#context.account.history()
    return consents.toSorted((a, b) => a.at - b.at).map(infoOf)
  }

  /** The last answer to this offer, with its record and what it answered. */
  async receipt(offer: OfferId): Promise<ConsentInfo> {
    const id = offerIri(offerId(offer))
    const last = answersTo(id, await this.#context.account.history()).at(-1)
    if (!last) throw new AlveoleError('not-granted', 'this offer was not answered', { detail: { offer } })
    return infoOf(last)
  }

  /** Tells what waits to be told. */
  async resume(): Promise<void> {
    this.#signAgain()
    await this.#tellAll()
  }

  /** What a device told that was removed since is told again, word for word: its word yields to that of one in use (X12). */
  #signAgain(): void {
    const { account, me } = this.#context
    const removed = removedOf(me)
    const isDue = ({ told, record }: ConsentEntry): boolean =>
      told !== 'never' && removed.has(toHex(unsafeUnverified(record).signer))
    if (!account.state.consents.some(isDue)) return
    const again = (one: ConsentEntry): ConsentEntry => {
      const record = signBytes(me.signer, label.consent, unsafeUnverified(one.record).signed)
      return { ...one, record, told: 'waiting' }
    }
    account.defer(state => ({ ...state, consents: state.consents.map(one => (isDue(one) ? again(one) : one)) }))
  }

  async #ofGrant(grant: GrantId): Promise<ConsentInfo> {
    const { consents } = await this.#context.account.history()
    const sorted = consents.toSorted((a, b) => a.at - b.at)
    return infoOf(sorted.findLast(one => one.grant !== null && grantIri(one.grant) === grant)!)
  }

  /** As the newest log of one of our circles has it. */
  async #asked(offer: OfferId): Promise<OpenOffer> {
    const id = offerIri(offerId(offer))
    const open = await this.#openGroups()
    const asking = open.filter(group => offersIn(group).some(({ terms }) => terms.offer === id))
    if (asking.length > 1) throw new AlveoleError('refused', 'two circles ask under one name', { detail: { offer } })
    const [group] = asking
    if (!group) throw new AlveoleError('not-granted', 'no such offer', { detail: { offer } })
    if (group.self?.role === 'observer') throw new AlveoleError('refused', 'an observer gives nothing')
    return offersIn(group).find(({ terms }) => terms.offer === id)!
  }

  /** One circle in trouble does not stand in the way of what others ask. */
  async #openGroups(): Promise<OpenGroup[]> {
    const entries = this.#context.account.state.groups.filter(({ state }) => state !== 'removed')
    const looked = await Promise.allSettled(entries.map(({ url }) => this.#known.open(url, true)))
    const failed = looked.filter(one => one.status === 'rejected').map(({ reason }) => reason as unknown)
    const open = looked.flatMap(one => (one.status === 'fulfilled' && one.value ? [one.value] : []))
    const grave = failed.find(error => !(error instanceof AlveoleError) || error.code === 'locked')
    if (grave ?? (!open.length && failed.length)) throw grave ?? failed[0]
    return open
  }

  /** In order; what cannot be told now waits. Nothing is sealed to keys that somebody who left still has (N8). */
  async #tellAll(): Promise<void> {
    const { account } = this.#context
    for (const entry of account.state.consents.filter(({ told }) => told === 'waiting')) {
      try {
        const group = await this.#known.open(entry.group)
        if (!group?.self || group.state.exposed) continue
        await tell(this.#context, group, entry)
        account.defer(state => withTold(state, entry))
      } catch (error) {
        if (!(error instanceof AlveoleError) || error.code === 'locked') throw error
      }
    }
  }
}

const withTold = (state: AccountState, { record }: ConsentEntry): AccountState => ({
  ...state,
  consents: state.consents.map(one => (equal(one.record, record) ? { ...one, told: 'told' } : one)),
})

const answeredAlready = () => new AlveoleError('refused', 'accepted already', { detail: { field: 'answered' } })

function same(given: ConsentInfo, facets: readonly string[], { until, collections }: Choice): ConsentInfo {
  const isSame = given.facets.length === facets.length && facets.every(one => given.facets.includes(one))
  if (isSame && !collections && (!until || until.toISOString() === given.until)) return given
  throw answeredAlready()
}

/** What of an offer is given: never more than it asks. */
function chosen(terms: OfferTerms, { facets: asked, until: by }: Choice, now: number) {
  const facets = asked?.length ? [...new Set(asked)] : coverWithout(terms.facets, sensitiveFacets)
  if (!facets.length) throw new AlveoleError('usage', 'all that is asked is sensitive: say which of it')
  const beyond = facets.find(one => !facet(one) || !terms.facets.some(whole => isWithin(one, whole)))
  if (beyond) throw new AlveoleError('usage', 'more than is asked', { detail: { facet: beyond } })
  const last = 'until' in terms.end ? terms.end.until : now + terms.end.days * DAY
  if (last <= now) throw new AlveoleError('expired', 'this offer has ended')
  const until = by?.getTime() ?? last
  if (!(until <= last)) throw new AlveoleError('usage', 'longer than is asked')
  const isAll = terms.facets.every(one => facets.includes(one))
  return { facets, until, isLess: !isAll || until < last }
}
