/** How a member stands to an offer: what they answered last, held against what it says now. Silence is no answer. */
import { AlveoleError, equal, fromUtf8, toHex, unsafeUnverified } from '#crypto'
import type { ConsentEntry, History } from '../account-state.ts'
import { isOver } from '../grants/entries.ts'
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
  /** What was answered last, to this version or else to another; null: nothing. */
  consent: ConsentInfo | null
  /** What is given now, for whichever version: it can be withdrawn. */
  given: ConsentInfo | null
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

/** All answers to it, whichever version, oldest first: those of which the account's pages hold some come in no order. */
export const answersTo = (offer: string, { consents }: Pick<History, 'consents'>): ConsentEntry[] =>
  consents.filter(one => offerIri(one.offer) === offer).toSorted((a, b) => a.at - b.at)

/** The last answer to this very version. */
export const lastTo = ({ group, version, terms }: Asked, history: History): ConsentEntry | null =>
  answersTo(terms.offer, history).findLast(one => one.group === group && toHex(one.version) === version) ?? null

export function standing(asked: Asked, history: History, now: number): OfferInfo {
  const { terms, version, group } = asked
  const last = lastTo(asked, history)
  const all = answersTo(terms.offer, history).filter(one => one.group === group)
  const given = all.findLast(one => isLive(one, history, now))
  const consent = last ?? all.at(-1)
  return {
    offer: terms.offer as OfferId,
    group: group as GroupId,
    version,
    terms,
    state: stateOf(
      terms,
      { last, isAnswered: all.length > 0, isGiven: last !== null && isLive(last, history, now) },
      now,
    ),
    consent: consent ? infoOf(consent) : null,
    given: given ? infoOf(given) : null,
  }
}

/** Whether what this answer gave may be read still. */
export const isLive = ({ status, grant }: ConsentEntry, { grants }: Pick<History, 'grants'>, now: number): boolean =>
  status === 'given' && grants.some(one => grant !== null && equal(one.id, grant) && !isOver(one, now))

interface Last {
  last: ConsentEntry | null
  /** In whatever version. */
  isAnswered: boolean
  isGiven: boolean
}

function stateOf({ end }: OfferTerms, { last, isAnswered, isGiven }: Last, now: number): OfferState {
  if ('until' in end && end.until <= now) return 'ended'
  if (!last) return isAnswered ? 'changed' : 'open'
  if (last.status !== 'given') return last.status
  if (!isGiven) return 'ended'
  return last.narrowed ? 'narrowed' : 'accepted'
}
