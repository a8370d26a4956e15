/** The SHACL shapes of what circles ask and members answer (SPEC X11, X12), written into shapes.ttl by generate.ts. */
import { alv, dcterms, dpv, odrl, rdf, xsd } from './terms.ts'

const property = (path: string, constraint: string): string => `  sh:property [ sh:path <${path}> ; ${constraint} ]`
const one = 'sh:minCount 1 ; sh:maxCount 1'
const iri = 'sh:nodeKind sh:IRI'
const text = `sh:datatype <${xsd.string}>`
const time = `sh:datatype <${xsd.dateTime}>`
/** In both languages, each once. */
const words = `sh:datatype <${rdf.langString}> ; sh:languageIn ( "fr" "en" ) ; sh:uniqueLang true ; sh:minCount 2 ; sh:maxCount 2`
const within = (inner: string[]): string => `sh:node [ a sh:NodeShape ;\n  ${inner.join(' ;\n  ')} ]`
const named = [property(dpv.hasName, `${text} ; ${one}`), property(dpv.hasContact, `${text} ; ${one}`)]

const shape = (name: string, target: string, properties: string[]): string =>
  `<https://w3id.org/alveole/shape/${name}> a sh:NodeShape ;\n  sh:targetClass <${target}> ;\n${properties.join(' ;\n')} .\n`

const permission = [
  property(odrl.assignee, `${iri} ; ${one}`),
  property(odrl.action, `sh:hasValue <${odrl.read}> ; sh:maxCount 1`),
  property(alv.facet, `${text} ; sh:minCount 1`),
  property(odrl.constraint, 'sh:minCount 2 ; sh:maxCount 2'),
  property(odrl.duty, 'sh:maxCount 1'),
]
const notice = [
  property(alv.policyHash, `${text} ; sh:pattern "^[0-9a-f]{64}$" ; ${one}`),
  property(dcterms.language, 'sh:in ( "fr" "en" ) ; sh:minCount 2'),
]
const statuses = [dpv.ConsentGiven, dpv.ConsentRefused, dpv.ConsentWithdrawn].map(status => `<${status}>`).join(' ')

export const policyShapes: readonly string[] = [
  shape('Offer', alv.Offer, [
    property(odrl.assigner, `${iri} ; ${one}`),
    property(dcterms.issued, `${time} ; ${one}`),
    property(dcterms.title, words),
    property(dcterms.description, words),
    property(dpv.hasDataController, `${one} ; ${within(named)}`),
    property(dpv.hasLegalBasis, `${iri} ; ${one}`),
    property(dpv.hasTechnicalMeasure, `sh:in ( <${dpv.Deidentification}> ) ; sh:maxCount 1`),
    property(odrl.permission, `${one} ; ${within(permission)}`),
  ]),
  shape('Consent', alv.Consent, [
    property(dcterms.conformsTo, `sh:hasValue <${alv.Consent}> ; sh:maxCount 1`),
    property(dpv.hasDataSubject, `${iri} ; ${one}`),
    property(dpv.hasDataController, `${iri} ; ${one} ; ${within(named)}`),
    property(dpv.hasRecipient, `${iri} ; ${one}`),
    property(dpv.hasNotice, `${iri} ; ${one} ; ${within(notice)}`),
    property(dpv.hasPurpose, `${iri} ; ${one}`),
    property(dpv.hasLegalBasis, `${iri} ; ${one}`),
    property(dpv.hasPersonalData, `${iri} ; sh:minCount 1`),
    property(alv.facet, `${text} ; sh:minCount 1`),
    property(dpv.hasConsentStatus, `sh:in ( ${statuses} ) ; ${one}`),
    property(dpv.isIndicatedBy, `${iri} ; ${one}`),
    property(dpv.isIndicatedAtTime, `${time} ; ${one}`),
    property(alv.grant, `${iri} ; sh:maxCount 1`),
    property(dpv.hasExpiryTime, `${time} ; sh:maxCount 1`),
    property(dpv.hasConsentControl, `sh:in ( <${dpv.WithdrawConsent}> ) ; sh:maxCount 1`),
  ]),
]
