/** How a member stands to an offer: what they answered last, held against what it says now. Silence is no answer. */
import { AlveoleError, fromUtf8, toHex, unsafeUnverified } from '#crypto'
import type { ConsentEntry, GrantEntry, History } from '../account-state.ts'
import { grantIri } from '../grants/grant-id.ts'
import type { GrantId, GroupId, OfferId } from '../types.ts'
import { unsafeConsent, type ConsentStatus } from './consent-record.ts'
import { offerIri } from './offer-id.ts'
import { readOffer, type OfferTerms } from './offer.ts'

/**
 * `changed`: it says something else than when it was answered, so it asks again, and what was given stands as it was given.
 * `ended`: its date, or that of what was given, has passed.
 */
export type OfferState = 'open' | 'accepted' | 'narrowed' | 'refused' | 'withdrawn' | 'changed' | 'ended'

/** One answer of one's own. */
export interface ConsentInfo {
  offer: OfferId
  group: GroupId
  /** Of the offer that was answered: 64 hexadecimal digits. */
  version: string
  status: ConsentStatus
  /** ISO 8601, UTC. */
  at: string
  facets: readonly string[]
  /** When what was given ends, or ended. */
  until: string | null
  grant: GrantId | null
  narrowed: boolean
  /** Whether the group has been told. */
  told: 'never' | 'waiting' | 'told'
  /** The consent record, as JSON-LD. */
  record: string
  terms: OfferTerms
}

export interface OfferInfo {
  offer: OfferId
  group: GroupId
  version: string
  terms: OfferTerms
  state: OfferState
  /** What was answered last; null: nothing. */
  consent: ConsentInfo | null
}

/** What an answer of one's own says; the account vouches for it. */
export function infoOf(entry: ConsentEntry): ConsentInfo {
  const jsonLd = unsafeUnverified(entry.record).signed
  const [consent, terms] = [unsafeConsent(jsonLd), readOffer(entry.text)]
  if (!consent || !terms) throw new AlveoleError('tampered', 'not an answer of ours')
  return {
    offer: offerIri(entry.offer),
    group: entry.group as GroupId,
    version: toHex(entry.version),
    status: entry.status,
    at: new Date(entry.at).toISOString(),
    facets: consent.facets,
    until: consent.given && new Date(consent.given.until).toISOString(),
    grant: entry.grant && grantIri(entry.grant),
    narrowed: entry.narrowed,
    told: entry.told,
    record: fromUtf8(jsonLd),
    terms,
  }
}

export interface Asked {
  group: string
  version: string
  terms: OfferTerms
}

/** The last answer to it, in `consents`, oldest first. */
export const lastOf = ({ group, terms }: Asked, consents: History['consents']): ConsentEntry | null =>
  consents.findLast(one => one.group === group && offerIri(one.offer) === terms.offer) ?? null

export function standing(asked: Asked, { consents, grants }: History, now: number): OfferInfo {
  const last = lastOf(asked, consents)
  const { terms, version, group } = asked
  const consent = last && infoOf(last)
  const isLive = (id: string): boolean => grants.some(one => grantIri(one.id) === id && !isOver(one, now))
  const state = stateOf(asked, consent, isLive, now)
  return { offer: terms.offer as OfferId, group: group as GroupId, version, terms, state, consent }
}

export const isOver = ({ state, until }: GrantEntry, now: number): boolean =>
  state === 'ending' || state === 'ended' || until <= now

function stateOf(
  { version, terms }: Asked,
  consent: ConsentInfo | null,
  isLive: (grant: string) => boolean,
  now: number,
): OfferState {
  if ('until' in terms.end && terms.end.until <= now) return 'ended'
  if (!consent) return 'open'
  if (consent.version !== version) return 'changed'
  if (consent.status !== 'given') return consent.status
  if (!isLive(consent.grant!)) return 'ended'
  return consent.narrowed ? 'narrowed' : 'accepted'
}
