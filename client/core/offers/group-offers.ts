/**
 * The offers of a group, in its log: published, changed and withdrawn by stewards (SPEC N3, N6, X11). The log gives every member
 * the same ones in the same order: whom a host shows another, it shows a fork.
 */
import { AlveoleError, fromHex } from '#crypto'
import type { Context } from '../context.ts'
import { drawGrantId } from '../grants/grant-id.ts'
import type { KnownGroups } from '../groups/known-groups.ts'
import type { OpenGroup } from '../groups/open-group.ts'
import type { GroupId, OfferId } from '../types.ts'
import { checkOffer } from './check-offer.ts'
import { offerId, offerIri } from './offer-id.ts'
import { readOffer, versionOf, writeOffer, type OfferTerms } from './offer.ts'
import type { Asked } from './standing.ts'

/** What a steward fills in. `offer`: the one that this changes. */
export type OfferPolicy = Omit<OfferTerms, 'offer' | 'group' | 'issued'> & { offer?: OfferId }

/** An offer as it stands in the log. */
export interface OpenOffer extends Asked {
  bytes: Uint8Array
}

export async function publishOffer(
  { clock }: Context,
  known: KnownGroups,
  group: GroupId,
  { offer, ...policy }: OfferPolicy,
): Promise<OpenOffer> {
  known.steward(group)
  const id = offer === undefined ? drawGrantId() : offerId(offer)
  const terms: OfferTerms = { ...policy, offer: offerIri(id), group, issued: clock() }
  checkOffer(terms)
  const bytes = writeOffer(terms)
  await known.change(group, async open => {
    if (offer !== undefined) found(open, offer)
    return { entries: [{ type: 'offer', id, offer: bytes }] }
  })
  return { group, terms, bytes, version: versionOf(bytes) }
}

/** What was given stays given until its end, or until its owner takes it back. */
export async function withdrawOffer(known: KnownGroups, group: GroupId, offer: OfferId): Promise<void> {
  known.steward(group)
  const id = offerId(offer)
  await known.change(group, async open => {
    found(open, offer)
    return { entries: [{ type: 'withdraw', id }] }
  })
}

function found({ state }: OpenGroup, offer: OfferId): void {
  if (![...state.offers.keys()].some(id => offerIri(fromHex(id)) === offer))
    throw new AlveoleError('not-granted', 'no such offer', { detail: { offer } })
}

/** Oldest first. What is not written as an offer of this group is, or asks for what nobody may, is none, whichever steward signed it. */
export function offersIn({ url, state }: OpenGroup): OpenOffer[] {
  return [...state.offers].flatMap(([id, bytes]) => {
    const terms = readOffer(bytes)
    const isOurs = terms?.group === url && terms.offer === offerIri(fromHex(id)) && isSound(terms)
    return isOurs ? [{ group: url, terms, bytes, version: versionOf(bytes) }] : []
  })
}

function isSound(terms: OfferTerms): boolean {
  try {
    checkOffer(terms)
    return true
  } catch (error) {
    if (error instanceof AlveoleError) return false
    throw error
  }
}
