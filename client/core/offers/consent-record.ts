/**
 * A consent record: what a member answered to an offer, signed by a device of theirs (SPEC X12). Its fields are those of
 * ISO/IEC TS 27560:2023 in DPV terms, as JSON-LD with whole IRIs, in one spelling. Owner and group both keep it.
 */
import { AlveoleError, label, signBytes, utf8, verifySigned, type Signer } from '#crypto'
import { alv, dcterms, dpv } from '#vocab'
import { date, each, idOf, iri, member, spelled, text, timeOf, type Node } from '../linked.ts'

export interface Consent {
  /** `urn:uuid:…` */
  record: string
  /** WebID of who answered. */
  subject: string
  /** URL of the group that asked. */
  group: string
  controller: { name: string; contact: string }
  offer: string
  /** Of the offer: 64 hexadecimal digits. */
  version: string
  purpose: string
  legalBasis: string
  /** DPV categories of personal data that the facets fall under. */
  categories: readonly string[]
  facets: readonly string[]
  status: ConsentStatus
  /** Milliseconds since 1970. */
  at: number
  /** Of what was given: the grant, and when it ends. */
  given: { grant: string; until: number } | null
}
export type ConsentStatus = 'given' | 'refused' | 'withdrawn'

const statuses: { readonly [status in ConsentStatus]: string } = {
  given: dpv.ConsentGiven,
  refused: dpv.ConsentRefused,
  withdrawn: dpv.ConsentWithdrawn,
}

const toJsonLd = (of: Consent): object => ({
  '@id': of.record,
  '@type': [dpv.ConsentRecord, alv.Consent],
  [dcterms.conformsTo]: iri(alv.Consent),
  [dpv.hasDataSubject]: iri(of.subject),
  [dpv.hasDataController]: {
    '@id': of.group,
    [dpv.hasName]: of.controller.name,
    [dpv.hasContact]: of.controller.contact,
  },
  [dpv.hasRecipient]: iri(of.group),
  [dpv.hasNotice]: { '@id': of.offer, [alv.policyHash]: of.version, [dcterms.language]: ['fr', 'en'] },
  [dpv.hasPurpose]: iri(of.purpose),
  [dpv.hasLegalBasis]: iri(of.legalBasis),
  [dpv.hasPersonalData]: of.categories.map(iri),
  [alv.facet]: of.facets,
  [dpv.hasConsentStatus]: iri(statuses[of.status]),
  [dpv.isIndicatedBy]: iri(of.subject),
  [dpv.isIndicatedAtTime]: date(of.at),
  ...(of.given && {
    [alv.grant]: iri(of.given.grant),
    [dpv.hasExpiryTime]: date(of.given.until),
    [dpv.hasConsentControl]: iri(dpv.WithdrawConsent),
  }),
})

const write = (of: Consent): string => JSON.stringify(toJsonLd(of))

export const signConsent = (of: Consent, signer: Signer): Uint8Array =>
  signBytes(signer, label.consent, utf8(write(of)))

/** null where it is not, letter for letter, what would be written. Who says it is nobody's word yet. */
export const unsafeConsent = (jsonLd: Uint8Array): Consent | null => spelled(jsonLd, termsOf, write)

/** Checks the signature, and that the record is of whom it says. */
export function readConsent(
  from: Uint8Array,
  subject: string,
  publicKeyOf: (signer: Uint8Array) => Uint8Array | null,
): Consent {
  const of = unsafeConsent(verifySigned(from, label.consent, publicKeyOf).signed)
  if (of?.subject !== subject) throw new AlveoleError('tampered', 'not a consent of its subject')
  return of
}

function termsOf(document: Node): Consent {
  const controller = member(document, dpv.hasDataController)
  const notice = member(document, dpv.hasNotice)
  const grant = member(document, alv.grant)
  return {
    record: text(member(document, '@id')),
    subject: idOf(member(document, dpv.hasDataSubject)),
    group: idOf(controller),
    controller: { name: text(member(controller, dpv.hasName)), contact: text(member(controller, dpv.hasContact)) },
    offer: idOf(notice),
    version: text(member(notice, alv.policyHash)),
    purpose: idOf(member(document, dpv.hasPurpose)),
    legalBasis: idOf(member(document, dpv.hasLegalBasis)),
    categories: each(member(document, dpv.hasPersonalData), idOf),
    facets: each(member(document, alv.facet), text),
    status: statusOf(idOf(member(document, dpv.hasConsentStatus))),
    at: timeOf(member(document, dpv.isIndicatedAtTime)),
    given: grant === undefined ? null : { grant: idOf(grant), until: timeOf(member(document, dpv.hasExpiryTime)) },
  }
}

function statusOf(term: string): ConsentStatus {
  const found = (Object.keys(statuses) as ConsentStatus[]).find(status => statuses[status] === term)
  if (!found) throw new TypeError('no status of a consent')
  return found
}
