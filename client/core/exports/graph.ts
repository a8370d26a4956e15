/** A folder as one RDF document, in either spelling; the stored files of its records stand beside it. */
import { DataFactory, Writer, type Quad } from 'n3'
import { utf8 } from '#crypto'
import { rdf, xsd, type RdfValue } from '#vocab'
import type { VaultRecord } from '../types.ts'
import type { ExportForm, Place } from './files.ts'
import { jsonLd } from './json-ld.ts'
import { about, collectionIri, describe, type Described } from './rdf.ts'
import { streamOf } from './stream.ts'

const { namedNode, literal, quad, defaultGraph } = DataFactory

export function graphOf(
  form: Exclude<ExportForm, 'source'>,
  place: Place,
  records: AsyncIterable<VaultRecord>,
): ReadableStream<Uint8Array> {
  const described = describeAll(place, records)
  return streamOf(encoded(form === 'jsonld' ? jsonLd(place, described) : nQuads(place, described)))
}

async function* encoded(pieces: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) yield utf8(piece)
}

async function* describeAll(place: Place, records: AsyncIterable<VaultRecord>): AsyncGenerator<Described> {
  for await (const record of records) yield describe(place, record)
}

async function* nQuads(place: Place, records: AsyncIterable<Described>): AsyncGenerator<string> {
  const writer = new Writer({ format: 'application/n-quads' })
  const graph = namedNode(collectionIri(place))
  yield writer.quadsToString([
    quad(graph, namedNode(rdf.type), namedNode(about.type), defaultGraph()),
    quad(
      graph,
      namedNode(about.title),
      objectOf({ value: place.collection.name, datatype: xsd.string }),
      defaultGraph(),
    ),
  ])
  for await (const record of records) yield writer.quadsToString(quadsOf(record, graph))
}

function quadsOf({ subject, type, modified, properties }: Described, graph: ReturnType<typeof namedNode>): Quad[] {
  const say = (predicate: string, object: Quad['object']) =>
    quad(namedNode(subject), namedNode(predicate), object, graph)
  return [
    say(rdf.type, namedNode(type)),
    say(about.modified, objectOf(modified)),
    ...properties.flatMap(({ iri, values }) => values.map(value => say(iri, objectOf(value)))),
  ]
}

const objectOf = (value: RdfValue): Quad['object'] =>
  'iri' in value ? namedNode(value.iri) : literal(value.value, namedNode(value.datatype))
