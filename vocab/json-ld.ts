/** The JSON-LD 1.1 context of records: names of kinds and, within each kind, names of its properties. */
import { kinds } from './kinds.ts'
import { alv, dcterms, rdf, xsd } from './terms.ts'
import type { Json, Kind } from './kind.ts'

const compact = (iri: string): string => (iri.startsWith(alv.ns) ? `alv:${iri.slice(alv.ns.length)}` : iri)

/** Two kinds may mean different things by one name, so names hold within their kind (JSON-LD 1.1 §4.1.8). */
const contextOf = ({ iri, properties }: Kind): Json => ({
  '@id': compact(iri),
  '@context': Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, compact(property.iri)])),
})

export const jsonLdContext = (): Json => ({
  '@version': 1.1,
  alv: alv.ns,
  dcterms: dcterms.ns,
  rdf: rdf.ns,
  xsd: xsd.ns,
  ...Object.fromEntries(kinds.map(kind => [kind.name, contextOf(kind)])),
})
