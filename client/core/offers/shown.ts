/**
 * Which version of an offer this device showed last: an answer is to what its person has read (SPEC X11). A steward who changes
 * the terms between reading and answering gets no yes to the new ones.
 */
import { AlveoleError, equal, fromHex } from '#crypto'
import type { Store } from '../store.ts'
import type { OpenOffer } from './group-offers.ts'
import type { OfferInfo } from './standing.ts'

const item = (offer: string): string => `offer ${offer}`

export async function noteShown(store: Store, shown: readonly OfferInfo[]): Promise<void> {
  for (const { offer, version } of shown) {
    const [known, now] = [await store.get(item(offer)), fromHex(version)]
    if (!known || !equal(known, now)) await store.set(item(offer), now)
  }
}

/** `read`: the version that a page has on show; else what this device showed last counts. */
export async function checkRead(store: Store, { terms, version }: OpenOffer, read?: string): Promise<void> {
  const known = read === undefined ? await store.get(item(terms.offer)) : fromHex(read)
  if (known && equal(known, fromHex(version))) return
  const detail = { field: known ? 'changed' : 'unread', offer: terms.offer }
  throw new AlveoleError('refused', 'an answer is to what was read', { detail })
}
