/** Offers and consent records: JSON-LD in one spelling (X11, X12). */
import { fromUtf8, label, signBytes, signerOf, unsafeUnverified, utf8 } from '#crypto'
import { alv, dpv, legalBasis } from '#vocab'
import { signConsent, type Consent } from '../../../client/core/offers/consent-record.ts'
import { versionOf, writeOffer, type OfferTerms } from '../../../client/core/offers/offer.ts'
import { alice, ann, ben, bob, devices, time } from './people.ts'
import { flip, write } from './write.ts'

const group = 'https://bob.example/alveole/groups/AAAAAAAAAAAAAAAAAAAAAA/'
const asked: OfferTerms = {
  offer: 'urn:uuid:00000000-0000-4000-8000-000000000001',
  group,
  title: { fr: 'Étude', en: 'Study' },
  terms: { fr: 'Rien ne sort d’ici.', en: 'Nothing leaves.' },
  controller: { name: 'Les Abeilles', contact: 'donnees@abeilles.example' },
  facets: ['health/immunizations'],
  purpose: 'https://w3id.org/dpv#HealthcareManagement',
  legalBasis: legalBasis('eu-gdpr:A9-2-a')!,
  end: { days: 30 },
  compensation: false,
  deidentified: false,
  issued: time,
}
const paid: OfferTerms = { ...asked, end: { until: time + 3600_000 }, compensation: true, deidentified: true }

type Members = [string, unknown][]
const text = Buffer.from(writeOffer(asked)).toString()
const rewritten = (of: string, edit: (members: Members) => Members): string =>
  JSON.stringify(Object.fromEntries(edit(Object.entries(JSON.parse(of) as object))))
const offered = (of: string) => ({ offer: utf8(of) })

await write(
  'offer',
  [
    { name: 'for thirty days', input: { offer: writeOffer(asked) } },
    { name: 'for money, de-identified, until a date', input: { offer: writeOffer(paid) } },
  ],
  [
    { name: 'nothing', rule: 'X11', set: offered('null') },
    { name: 'not JSON', rule: 'X11', set: offered(text.slice(1)) },
    { name: 'not text', rule: 'X11', set: { offer: Uint8Array.of(0xff, ...utf8(text)) } },
    { name: 'with a blank', rule: 'X11', set: offered(text.replace(':', ': ')) },
    { name: 'with a member twice', rule: 'X11', set: offered(text.replace('{', `{"@id":"${asked.offer}",`)) },
    { name: 'with a member more', rule: 'X11', set: offered(rewritten(text, members => [...members, ['a', 1]])) },
    { name: 'in another order', rule: 'X11', set: offered(rewritten(text, members => members.toReversed())) },
    { name: 'in one language', rule: 'X11', set: offered(text.replace(/,\{"@language":"en"[^}]*\}/, '')) },
    { name: 'of days that are no number', rule: 'X11', set: offered(text.replace('"P30D"', '"P030D"')) },
    { name: 'with another spelling of its date', rule: 'X11', set: offered(text.replaceAll('.000Z"', 'Z"')) },
    { name: 'for another action', rule: 'X11', set: offered(text.replace('/2/read"', '/2/use"')) },
    {
      name: 'of more than 8 KiB',
      rule: 'X11',
      set: offered(text.replace('Nothing leaves.', 'x'.repeat(8192))),
    },
  ],
)

const said: Consent = {
  record: 'urn:uuid:00000000-0000-4000-8000-000000000002',
  subject: alice,
  group,
  controller: asked.controller,
  offer: asked.offer,
  version: versionOf(writeOffer(asked)),
  purpose: asked.purpose,
  legalBasis: asked.legalBasis,
  categories: ['https://w3id.org/dpv/pd#MedicalHealth'],
  facets: asked.facets,
  status: 'given',
  at: time,
  given: { grant: 'urn:uuid:00000000-0000-4000-8000-000000000000', until: time + 3600_000 },
}
const signer = signerOf(ann.device)
const input = { signed: signConsent(said, signer), subject: alice, devices }
const refused = { ...said, status: 'refused', facets: [], categories: [], given: null } as const
const json = (of: Consent): string => fromUtf8(unsafeUnverified(signConsent(of, signer)).signed)
const given = json(said)
const signed = (of: string, by = ann.device) => ({ signed: signBytes(signerOf(by), label.consent, utf8(of)) })

await write(
  'consent',
  [
    { name: 'given', input },
    { name: 'refused', input: { ...input, signed: signConsent(refused, signer) } },
  ],
  [
    { name: 'of another subject', rule: 'X12', set: { subject: bob } },
    { name: 'that its signer makes for another', rule: 'X12', set: signed(json({ ...said, subject: bob })) },
    { name: 'of another’s device', rule: 'X12', set: signed(given, ben.device) },
    { name: 'signed as an agreement', rule: 'S3', set: { signed: signBytes(signer, label.agreement, utf8(given)) } },
    { name: 'another signature', rule: 'S2', splice: flip('signed', -1) },
    { name: 'nothing', rule: 'X12', set: signed('null') },
    { name: 'not JSON', rule: 'X12', set: signed(given.slice(1)) },
    { name: 'with a blank', rule: 'X12', set: signed(given.replace(':', ': ')) },
    { name: 'with a member more', rule: 'X12', set: signed(rewritten(given, members => [...members, ['a', 1]])) },
    { name: 'in another order', rule: 'X12', set: signed(rewritten(given, members => members.toReversed())) },
    {
      name: 'that is neither given, refused nor withdrawn',
      rule: 'X12',
      set: signed(given.replace(dpv.ConsentGiven, `${dpv.ns}ConsentRequested`)),
    },
    {
      name: 'of a grant without an end',
      rule: 'X12',
      set: signed(rewritten(given, members => members.filter(([name]) => name !== dpv.hasExpiryTime))),
    },
    {
      name: 'of an end without a grant',
      rule: 'X12',
      set: signed(rewritten(given, members => members.filter(([name]) => name !== alv.grant))),
    },
  ],
)
