/** Offers and consent records come back as they were written, and have one spelling (X11, X12). */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { deviceKey, label, sealGroupMessage, signBytes, signerOf, utf8, fromUtf8, unsafeUnverified } from '#crypto'
import { drawGroupEpoch } from '../../crypto/group-epoch.ts'
import { readConsent, signConsent, type Consent } from '../../client/core/offers/consent-record.ts'
import { OFFER_BYTES, readOffer, writeOffer, type OfferTerms } from '../../client/core/offers/offer.ts'
import { anyText, anyUint, few } from '../crypto/arbitraries.ts'
import { codeOf, person } from '../crypto/support.ts'

const alice = person('alice')
const me = signerOf(alice.device)
const keyOf = (signer: Uint8Array) => deviceKey(alice.identity, signer)
const anyTime = anyUint.map(at => Math.min(at, 8.64e15))
const anyWords = fc.record({ fr: anyText, en: anyText })
const anyController = fc.record({ name: anyText, contact: anyText })

const anyOffer: fc.Arbitrary<OfferTerms> = fc.record({
  offer: anyText,
  group: anyText,
  title: anyWords,
  terms: anyWords,
  controller: anyController,
  facets: few(anyText),
  purpose: anyText,
  legalBasis: anyText,
  end: fc.oneof(fc.record({ until: anyTime }), fc.record({ days: fc.integer({ min: 1, max: 36_525 }) })),
  compensation: fc.boolean(),
  deidentified: fc.boolean(),
  issued: anyTime,
})
const anyConsent: fc.Arbitrary<Consent> = fc.record({
  record: anyText,
  subject: fc.constant(alice.webId),
  group: anyText,
  controller: anyController,
  offer: anyText,
  version: anyText,
  purpose: anyText,
  legalBasis: anyText,
  categories: few(anyText),
  facets: few(anyText),
  status: fc.constantFrom('given' as const, 'refused' as const, 'withdrawn' as const),
  at: anyTime,
  given: fc.option(fc.record({ grant: anyText, until: anyTime })),
})

/** What JSON or its readers take for the same, or nearly so. */
const otherSpellings = (json: string): string[] => [
  JSON.stringify(JSON.parse(json), null, 1),
  ` ${json}`,
  `\u{feff}${json}`,
  JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(json) as object).toReversed())),
  JSON.stringify({ ...(JSON.parse(json) as object), more: 1 }),
  `{"@id":0,${json.slice(1)}`,
  `{"__proto__":{},${json.slice(1)}`,
  json.replace('@', '\\u0040'),
  json.replaceAll(/\.(\d{3})Z"/g, '.$10Z"'),
  `[${json}]`,
  json.slice(0, -1),
]

test('[X11] an offer comes back as it was written, and has one spelling', () => {
  fc.assert(
    fc.property(anyOffer, of => {
      const bytes = writeOffer(of)
      expect(readOffer(bytes)).toEqual(of)
      for (const other of otherSpellings(fromUtf8(bytes))) expect(readOffer(utf8(other))).toBe(null)
    }),
  )
})

test('[X11] an offer of more than 8 KiB is neither written nor read', () => {
  const [of] = fc.sample(anyOffer, 1)
  const long = { ...of!, terms: { fr: 'é'.repeat(OFFER_BYTES), en: '' } }
  expect(codeOf(() => writeOffer(long))).toBe('too-large')
  const json = fromUtf8(writeOffer(of!))
  expect(readOffer(utf8(json.padEnd(OFFER_BYTES + 1)))).toBe(null)
})

test('[X12] a consent comes back as it was written, has one spelling, and is its signer’s', () => {
  fc.assert(
    fc.property(anyConsent, of => {
      const signed = signConsent(of, me)
      expect(readConsent(signed, alice.webId, keyOf)).toEqual(of)
      expect(codeOf(() => readConsent(signed, 'https://other.example/', keyOf))).toBe('tampered')
      for (const other of otherSpellings(fromUtf8(unsafeUnverified(signed).signed))) {
        const again = signBytes(me, label.consent, utf8(other))
        expect(codeOf(() => readConsent(again, alice.webId, keyOf))).toBe('tampered')
      }
    }),
  )
})

test('[X3] what an answer may hold at most, and its withdrawal, is within a message', () => {
  for (const bytes of [3400, 3412])
    expect(sealGroupMessage(drawGroupEpoch(1), new Uint8Array(bytes)).length).toBeLessThan(4097)
})
