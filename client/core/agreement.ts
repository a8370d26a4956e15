/**
 * The agreement of a grant: ODRL with a DPV purpose, as JSON-LD with whole IRIs (it needs no context document), signed by a
 * device of the assigner. It is what both sides keep.
 */
import { AlveoleError, label, signBytes, utf8, verifySigned, type Signer } from '#crypto'
import { alv, dcterms, dpv, odrl } from '#vocab'
import { date, each, idOf, iri, limit, member, spelled, text, timeOf, type Node } from './linked.ts'

export interface Terms {
  /** `urn:uuid:…` */
  grant: string
  assigner: string
  assignee: string
  collections: readonly string[]
  facets: readonly string[]
  from: number
  until: number
  purpose: string
  given: number
}

function toJsonLd(terms: Terms): object {
  return {
    '@id': terms.grant,
    '@type': [odrl.Agreement, alv.Grant, dpv.ConsentRecord],
    [odrl.assigner]: iri(terms.assigner),
    [odrl.assignee]: iri(terms.assignee),
    [dcterms.issued]: date(terms.given),
    [odrl.permission]: {
      [odrl.action]: iri(odrl.read),
      [odrl.target]: terms.collections.map(iri),
      [alv.facet]: terms.facets,
      [odrl.constraint]: [
        limit(odrl.dateTime, odrl.gteq, date(terms.from)),
        limit(odrl.dateTime, odrl.lteq, date(terms.until)),
        limit(odrl.purpose, odrl.isA, iri(terms.purpose)),
      ],
    },
  }
}

const write = (terms: Terms): string => JSON.stringify(toJsonLd(terms))

export const signAgreement = (terms: Terms, signer: Signer): Uint8Array =>
  signBytes(signer, label.agreement, utf8(write(terms)))

/** Checks the signature and that the agreement is the assigner's own; then its dates and purpose may be shown. */
export function readAgreement(
  from: Uint8Array,
  assigner: string,
  publicKeyOf: (signer: Uint8Array) => Uint8Array | null,
): Terms {
  const { signed } = verifySigned(from, label.agreement, publicKeyOf)
  const terms = spelled(signed, termsOf, write) // X8
  if (terms?.assigner !== assigner) throw new AlveoleError('tampered', 'not an agreement of its assigner')
  return terms
}

function termsOf(document: Node): Terms {
  const permission = member(document, odrl.permission)
  const limits = member(permission, odrl.constraint)
  const limit = (at: number): Node => member(member(limits, at), odrl.rightOperand)
  return {
    grant: text(member(document, '@id')),
    assigner: idOf(member(document, odrl.assigner)),
    assignee: idOf(member(document, odrl.assignee)),
    collections: each(member(permission, odrl.target), idOf),
    facets: each(member(permission, alv.facet), text),
    from: timeOf(limit(0)),
    until: timeOf(limit(1)),
    purpose: idOf(limit(2)),
    given: timeOf(member(document, dcterms.issued)),
  }
}
