/** What an offer is named by: 16 bytes in logs and the account, `urn:uuid:…` wherever people and programs see it. */
import { AlveoleError, fromHex } from '#crypto'
import { grantIri } from '../grants/grant-id.ts'
import type { OfferId } from '../types.ts'

export const offerIri = (id: Uint8Array): OfferId => grantIri(id) as string as OfferId

const IRI = /^urn:uuid:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/

/** Throws `usage` where it is none. */
export function offerId(offer: string): Uint8Array {
  const [, digits] = IRI.exec(offer) ?? []
  if (!digits) throw new AlveoleError('usage', 'not the name of an offer', { detail: { offer } })
  return fromHex(digits.replaceAll('-', ''))
}
