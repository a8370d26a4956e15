/** A folder as one JSON-LD 1.1 document: the folder, and its records as the graph that it names. */
import { jsonLdContext, rdf, xsd, type Json, type RdfValue } from '#vocab'
import { collectionIri, type Described } from './rdf.ts'
import type { Place } from './files.ts'

/** In pieces, a record each. */
export async function* jsonLd(place: Place, records: AsyncIterable<Described>): AsyncGenerator<string> {
  const head = {
    '@context': jsonLdContext(),
    '@id': collectionIri(place),
    '@type': 'alv:Collection',
    'dcterms:title': place.collection.name,
  }
  yield `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "@graph": [`
  let between = '\n'
  for await (const record of records) {
    yield between + JSON.stringify(nodeOf(record), null, 2)
    between = ',\n'
  }
  yield '\n  ]\n}\n'
}

const nodeOf = ({ subject, kind, modified, properties }: Described): Json => ({
  '@id': subject,
  '@type': kind, // first, since the names that follow hold within it
  'dcterms:modified': valueOf(modified),
  ...Object.fromEntries(
    properties.map(({ name, values }) => [name, values.length === 1 ? valueOf(values[0]!) : values.map(valueOf)]),
  ),
})

function valueOf(value: RdfValue): Json {
  if ('iri' in value) return { '@id': value.iri }
  const { datatype } = value
  if (datatype === xsd.string) return value.value
  if (datatype === xsd.boolean) return value.value === 'true'
  if (datatype === rdf.JSON) return { '@value': JSON.parse(value.value) as Json, '@type': '@json' }
  return { '@value': value.value, '@type': compact(datatype) }
}

const compact = (datatype: string): string => `xsd:${datatype.slice(xsd.ns.length)}`
