/**
 * What a group asks of its members: an ODRL offer with DPV terms, as JSON-LD with whole IRIs, in one spelling (SPEC X11). It
 * stands in the group's log, whose entry signs it; members alone read that, and a host reads nothing of it.
 */
import { AlveoleError, hash, toHex, utf8 } from '#crypto'
import { alv, dcterms, dpv, odrl, xsd, type Localised } from '#vocab'
import { date, each, idOf, iri, limit, member, spelled, text, timeOf, type Node } from '../linked.ts'

/** Bytes: the heads of a log carry it until newer entries came. */
export const OFFER_BYTES = 8192

export interface OfferTerms {
  /** `urn:uuid:…`; the same from version to version. */
  offer: string
  /** URL of the group that asks. */
  group: string
  title: Localised
  /** The whole of what is asked and promised, as the group puts it. */
  terms: Localised
  /** Who answers for what becomes of the data, and how to reach them. */
  controller: { name: string; contact: string }
  facets: readonly string[]
  /** IRI of a DPV purpose. */
  purpose: string
  /** IRI of a ground of the GDPR, in DPV terms. */
  legalBasis: string
  /** When it ends, milliseconds since 1970; or so many days after it was accepted. */
  end: { until: number } | { days: number }
  /** For money. */
  compensation: boolean
  /** Asks for data that no longer says whose it is. */
  deidentified: boolean
  /** Milliseconds since 1970. */
  issued: number
}

const LANGUAGES = ['fr', 'en'] as const
const said = (words: Localised) => LANGUAGES.map(language => ({ '@language': language, '@value': words[language] }))
const endOf = ({ end }: OfferTerms): object =>
  'until' in end
    ? limit(odrl.dateTime, odrl.lteq, date(end.until))
    : limit(odrl.elapsedTime, odrl.lteq, { '@type': xsd.duration, '@value': `P${end.days}D` })

/** A group both issues it and is whom it lets read. What is not asked for is not there. */
const toJsonLd = (of: OfferTerms): object => ({
  '@id': of.offer,
  '@type': [odrl.Offer, alv.Offer],
  [odrl.assigner]: iri(of.group),
  [dcterms.issued]: date(of.issued),
  [dcterms.title]: said(of.title),
  [dcterms.description]: said(of.terms),
  [dpv.hasDataController]: { [dpv.hasName]: of.controller.name, [dpv.hasContact]: of.controller.contact },
  [dpv.hasLegalBasis]: iri(of.legalBasis),
  ...(of.deidentified && { [dpv.hasTechnicalMeasure]: iri(dpv.Deidentification) }),
  [odrl.permission]: {
    [odrl.assignee]: iri(of.group),
    [odrl.action]: iri(odrl.read),
    [alv.facet]: of.facets,
    [odrl.constraint]: [endOf(of), limit(odrl.purpose, odrl.isA, iri(of.purpose))],
    ...(of.compensation && { [odrl.duty]: { [odrl.action]: iri(odrl.compensate) } }),
  },
})

const write = (of: OfferTerms): string => JSON.stringify(toJsonLd(of))

export function writeOffer(of: OfferTerms): Uint8Array {
  const bytes = utf8(write(of))
  if (bytes.length > OFFER_BYTES) throw new AlveoleError('too-large', 'an offer holds 8 KiB at most')
  return bytes
}

/** null where it is not, letter for letter, what would be written (X11). */
export const readOffer = (from: Uint8Array): OfferTerms | null =>
  from.length > OFFER_BYTES ? null : spelled(from, termsOf, write)

/** Names a version: 64 hexadecimal digits. */
export const versionOf = (offer: Uint8Array): string => toHex(hash(offer))

function termsOf(document: Node): OfferTerms {
  const permission = member(document, odrl.permission)
  const controller = member(document, dpv.hasDataController)
  const limits = (at: number): Node => member(member(permission, odrl.constraint), at)
  return {
    offer: text(member(document, '@id')),
    group: idOf(member(document, odrl.assigner)),
    title: localised(member(document, dcterms.title)),
    terms: localised(member(document, dcterms.description)),
    controller: { name: text(member(controller, dpv.hasName)), contact: text(member(controller, dpv.hasContact)) },
    facets: each(member(permission, alv.facet), text),
    purpose: idOf(member(limits(1), odrl.rightOperand)),
    legalBasis: idOf(member(document, dpv.hasLegalBasis)),
    end: endIn(limits(0)),
    compensation: member(permission, odrl.duty) !== undefined,
    deidentified: member(document, dpv.hasTechnicalMeasure) !== undefined,
    issued: timeOf(member(document, dcterms.issued)),
  }
}

function endIn(constraint: Node): OfferTerms['end'] {
  const right = member(constraint, odrl.rightOperand)
  if (idOf(member(constraint, odrl.leftOperand)) === odrl.dateTime) return { until: timeOf(right) }
  return { days: Number(/^P(\d{1,5})D$/.exec(text(member(right, '@value')))?.[1]) }
}

function localised(node: Node): Localised {
  const [fr, en] = [0, 1].map(at => text(member(member(node, at), '@value')))
  return { fr: fr!, en: en! }
}
