/** Everything out again, decrypted and readable without us: sources as they came, or RDF as N-Quads. */
import { DataFactory, Writer, type Quad } from 'n3'
import { utf8 } from '#crypto'
import { alv, dcterms, kind as kindOf, rdf, rdfValues, type Json, type Property } from '#vocab'
import { isBlob } from './blob-refs.ts'
import { openBlob } from './blobs/open-blob.ts'
import type { Collections } from './collections/collections.ts'
import type { Context } from './context.ts'
import type { BlobRef, CollectionInfo, VaultRecord } from './types.ts'

export interface ExportedFile {
  /** Folders and name, separated by slashes; safe on every file system. */
  path: string
  body: Uint8Array | ReadableStream<Uint8Array>
}

const { namedNode, literal, quad } = DataFactory
const iriOfRecord = (record: VaultRecord) => `urn:alveole:record:${record.id}`

export class Exporter {
  readonly #context: Context
  readonly #collections: Collections

  constructor(context: Context, collections: Collections) {
    this.#context = context
    this.#collections = collections
  }

  async *export(format: 'source' | 'nquads'): AsyncGenerator<ExportedFile> {
    for (const collection of await this.#collections.list()) {
      const { index } = await this.#collections.open(collection.id)
      if (format === 'nquads') yield nquads(collection, [...index.records(collection.id)])
      else for (const record of index.records(collection.id)) yield* this.#sources(collection, record)
    }
  }

  /** The files of a record as they came in, its source text, and what it says beyond them as JSON. */
  *#sources(collection: CollectionInfo, record: VaultRecord): Generator<ExportedFile> {
    const { pod, locked } = this.#context
    const base = `${safe(collection.name)}/${record.kind}/`
    for (const [property, value] of Object.entries(record.value)) {
      if (isBlob(value)) {
        const name = `${base}${record.id} ${safe(value.name)}`
        yield {
          path: property === 'original' ? name : `${base}${record.id} ${property} ${safe(value.name)}`,
          body: openBlob({ pod, container: collection.url }, value, undefined, { signal: locked }),
        }
      } else if (isSource(value)) {
        yield { path: `${base}${record.id}.${extension(value.mediaType)}`, body: utf8(value.text) }
      }
    }
    yield { path: `${base}${record.id}.record.json`, body: utf8(`${JSON.stringify(plain(record), null, 2)}\n`) }
  }
}

export const isSource = (value: unknown): value is { mediaType: string; text: string } =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as { text?: unknown }).text === 'string' &&
  'mediaType' in value

/** Without the keys of its blobs: an export is for people and programs, not for opening pods. */
const plain = ({ id, kind, value, modified }: VaultRecord): Json => ({
  id,
  kind,
  modified: new Date(modified).toISOString(),
  value: Object.fromEntries(
    Object.entries(value).map(([name, content]) => [name, isBlob(content) ? describe(content) : content]),
  ),
})

const describe = ({ name, size, mediaType }: BlobRef): Json => ({ name, size, mediaType })

const safe = (name: string): string =>
  name
    .replaceAll(/[/\\:*?"<>|\u0000-\u001f]/g, '_')
    .replace(/^\.+/, '_')
    .slice(0, 120) || '_'

const EXTENSIONS: { [mediaType: string]: string } = {
  'application/fhir+json': 'fhir.json',
  'text/vnd.familysearch.gedcom': 'ged',
}
const extension = (mediaType: string): string =>
  EXTENSIONS[mediaType] ?? (mediaType.includes('json') ? 'json' : mediaType.includes('gedcom') ? 'ged' : 'txt')

/** One named graph per collection. */
function nquads(collection: CollectionInfo, records: VaultRecord[]): ExportedFile {
  const graph = namedNode(`urn:alveole:collection:${collection.id}`)
  const quads = records.flatMap(record => quadsOf(record, graph))
  return {
    path: `${safe(collection.name)}.nq`,
    body: utf8(new Writer({ format: 'application/n-quads' }).quadsToString(quads)),
  }
}

function quadsOf(record: VaultRecord, graph: ReturnType<typeof namedNode>): Quad[] {
  const subject = namedNode(iriOfRecord(record))
  const kind = kindOf(record.kind)
  const own = [
    quad(subject, namedNode(rdf.type), namedNode(kind?.iri ?? alv.Record), graph),
    quad(subject, namedNode(dcterms.modified), literal(new Date(record.modified).toISOString()), graph),
  ]
  const properties = Object.entries(record.value).flatMap(([name, value]) => {
    const property = kind?.properties[name]
    return property
      ? objectsOf(property, value).map(object => quad(subject, namedNode(property.iri), object, graph))
      : []
  })
  return [...own, ...properties]
}

/** Keys never leave with the RDF; references name exported records. */
function objectsOf({ type }: Property, value: Json): Quad['object'][] {
  const shown = isBlob(value) ? describe(value) : isSource(value) ? value.text : value
  return rdfValues(type, shown).map(object =>
    'iri' in object ? namedNode(`urn:alveole:record:${object.iri}`) : literal(object.value, namedNode(object.datatype)),
  )
}
