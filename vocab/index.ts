/** Public entry of the vocabulary: names are listed one by one. */
export {
  acl,
  alv,
  as,
  dcterms,
  dpv,
  euDga,
  euEhds,
  euGdpr,
  fhir,
  foaf,
  ldp,
  loinc,
  odrl,
  org,
  owl,
  pd,
  pim,
  prefixes,
  prov,
  rdf,
  rdfs,
  schema,
  sh,
  skos,
  notify,
  notifyContext,
  solid,
  sosa,
  vcard,
  xsd,
} from './terms.ts'
export { facets } from './facets.ts'
export {
  children,
  coverWithout,
  dataCategory,
  facet,
  isLeaf,
  isSensitive,
  isWithin,
  leavesUnder,
  reachesHealth,
  reachesSensitive,
  sensitiveFacets,
} from './facet-tree.ts'
export { deidentified, type Deidentifying } from './deidentify.ts'
export { kind, kinds, leafOf } from './kinds.ts'
export { legalBases, legalBasis } from './legal-bases.ts'
export { purpose, purposes } from './purposes.ts'
export { jsonLdContext } from './json-ld.ts'
export { canonicalJson } from './canonical-json.ts'
export { jsonOfRdf, rdfValues } from './rdf.ts'
export { displayText } from './records/read.ts'
export { mediaType } from './media-type.ts'
export type { LegalBasis } from './legal-bases.ts'
export type { Purpose } from './purposes.ts'
export type { RdfValue } from './rdf.ts'
export type {
  FacetConcept,
  FacetPath,
  Json,
  Kind,
  Language,
  Localised,
  Property,
  PropertyType,
  RecordValue,
  View,
} from './kind.ts'
