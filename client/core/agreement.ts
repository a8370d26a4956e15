/**
 * The agreement of a grant: ODRL with a DPV purpose, as JSON-LD with whole IRIs (it needs no context document), signed by a
 * device of the assigner. It is what both sides keep.
 */
import { AlveoleError, fromUtf8, label, signBytes, utf8, verifySigned, type Signer } from '#crypto'
import { alv, dcterms, dpv, odrl, xsd } from '#vocab'

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

const iri = (id: string) => ({ '@id': id })
const date = (at: number) => ({ '@type': xsd.dateTime, '@value': new Date(at).toISOString() })
const limit = (leftOperand: string, operator: string, rightOperand: object) => ({
  [odrl.leftOperand]: iri(leftOperand),
  [odrl.operator]: iri(operator),
  [odrl.rightOperand]: rightOperand,
})

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

export const signAgreement = (terms: Terms, signer: Signer): Uint8Array =>
  signBytes(signer, label.agreement, utf8(JSON.stringify(toJsonLd(terms))))

/** Checks the signature and that the agreement is the assigner's own; then its dates and purpose may be shown. */
export function readAgreement(
  from: Uint8Array,
  assigner: string,
  publicKeyOf: (signer: Uint8Array) => Uint8Array | null,
): { until: number; purpose: string; facets: string[]; jsonLd: string } {
  const jsonLd = fromUtf8(verifySigned(from, label.agreement, publicKeyOf).signed)
  try {
    const document = JSON.parse(jsonLd)
    const permission = document[odrl.permission]
    const [, until, purpose] = permission[odrl.constraint]
    if (document[odrl.assigner]['@id'] !== assigner) throw new TypeError('of somebody else')
    const end = Date.parse(until[odrl.rightOperand]['@value'])
    if (Number.isNaN(end)) throw new TypeError('without an end')
    return {
      until: end,
      purpose: purpose[odrl.rightOperand]['@id'],
      facets: permission[alv.facet],
      jsonLd,
    }
  } catch (error) {
    throw new AlveoleError('tampered', 'not an agreement of its assigner', { cause: error })
  }
}
