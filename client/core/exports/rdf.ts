/** The RDF of a record, which both RDF forms of an export say the same of: subject, class, values by property. */
import { alv, dcterms, kind as kindOf, rdfValues, xsd, type Json, type Property, type RdfValue } from '#vocab'
import type { VaultRecord } from '../types.ts'
import { withoutFiles, type Place } from './files.ts'
import { putFiles } from './pointer.ts'

export interface Described {
  subject: string
  /** Name of its kind, and the class of it. */
  kind: string
  type: string
  modified: RdfValue
  properties: { name: string; iri: string; values: RdfValue[] }[]
}

export const collectionIri = ({ collection }: Place): string => `urn:alveole:collection:${collection.id}`
/** Ids come out of values that others may have written: nothing of them breaks out of an IRI. */
const recordIri = (id: string): string => `urn:alveole:record:${encodeURIComponent(id.toWellFormed())}`

export const about = {
  type: alv.Collection,
  title: dcterms.title,
  modified: dcterms.modified,
} as const

export function describe(place: Place, record: VaultRecord): Described {
  const kind = kindOf(record.kind)
  const value = described(place, record)
  const properties = Object.entries(value).flatMap(([name, content]) => {
    const property = kind?.properties[name]
    return property ? [{ name, iri: property.iri, values: valuesOf(property, content) }] : []
  })
  return {
    subject: recordIri(record.id),
    kind: record.kind,
    type: kind?.iri ?? alv.Record,
    modified: { value: new Date(record.modified).toISOString(), datatype: xsd.dateTime },
    properties,
  }
}

/** With what its files are called outside, where their keys were. */
function described(place: Place, record: VaultRecord): { [name: string]: Json } {
  const { value, files } = withoutFiles(place, record)
  const told = files.map(({ at, path, ref: { name, mediaType, size } }) => ({
    at,
    ref: { name, mediaType, size, path },
  }))
  return putFiles(value, told)
}

const valuesOf = ({ type }: Property, content: Json): RdfValue[] =>
  rdfValues(type, content).map(value => ('iri' in value ? { iri: recordIri(value.iri) } : value))
