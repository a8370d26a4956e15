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

const write = (terms: Terms): string => JSON.stringify(toJsonLd(terms))

export const signAgreement = (terms: Terms, signer: Signer): Uint8Array =>
  signBytes(signer, label.agreement, utf8(write(terms)))

/** Checks the signature and that the agreement is the assigner's own; then its dates and purpose may be shown. */
export function readAgreement(
  from: Uint8Array,
  assigner: string,
  publicKeyOf: (signer: Uint8Array) => Uint8Array | null,
): Terms {
  const terms = read(fromUtf8(verifySigned(from, label.agreement, publicKeyOf).signed))
  if (terms?.assigner !== assigner) throw new AlveoleError('tampered', 'not an agreement of its assigner')
  return terms
}

/** null where it is not, letter for letter, what would be written: no reader passes over what another may hold it to (X8). */
function read(jsonLd: string): Terms | null {
  try {
    const terms = termsOf(JSON.parse(jsonLd))
    return write(terms) === jsonLd ? terms : null
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError || error instanceof RangeError) return null
    throw error
  }
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

type Node = unknown
const member = (of: Node, name: string | number): Node => (of as { [name: string]: Node })[name]
const idOf = (node: Node): string => text(member(node, '@id'))
const timeOf = (node: Node): number => Date.parse(text(member(node, '@value')))
const each = (of: Node, read: (node: Node) => string): string[] => (of as Node[]).map(read)

function text(node: Node): string {
  if (typeof node !== 'string') throw new TypeError('not text')
  return node
}
