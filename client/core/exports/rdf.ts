/** The RDF of a record, which both RDF forms of an export say the same of: subject, class, values by property. */
import {
  alv,
  canonicalJson,
  dcterms,
  jsonOfRdf,
  kind as kindOf,
  rdf,
  rdfValues,
  xsd,
  type Json,
  type Property,
  type RdfValue,
} from '#vocab'
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

/** The same, out of a document. */
export interface ReadBack {
  id: string
  kind: string
  modified: RdfValue | undefined
  /** By name. */
  values: ReadonlyMap<string, readonly RdfValue[]>
  exact: RdfValue | undefined
  files: RdfValue | undefined
}

export const collectionIri = ({ collection }: Place): string => `urn:alveole:collection:${collection.id}`
/** Ids come out of values that others may have written: nothing of them breaks out of an IRI. */
const recordIri = (id: string): string => `${RECORD}${encodeURIComponent(id.toWellFormed())}`
const RECORD = 'urn:alveole:record:'

/** Throws where it is none. */
export const idOfIri = (iri: string): string => decodeURIComponent(iri.slice(RECORD.length))

/** References by the ids that they were made of. */
export const withIds = (values: readonly RdfValue[]): RdfValue[] =>
  values.map(value => ('iri' in value ? { iri: idOfIri(value.iri) } : value))

export const about = {
  type: alv.Collection,
  title: dcterms.title,
  modified: dcterms.modified,
} as const

export function describe(place: Place, record: VaultRecord): Described {
  const kind = kindOf(record.kind)
  const { value, files } = described(place, record)
  const stated = Object.entries(value).flatMap(([name, content]) => {
    const property = kind?.properties[name]
    return property ? [{ name, iri: property.iri, values: valuesOf(property, content) }] : []
  })
  const exact = Object.fromEntries(Object.entries(value).filter(([name, content]) => !isSaid(name, content, stated)))
  return {
    subject: recordIri(record.id),
    kind: record.kind,
    type: kind?.iri ?? alv.Record,
    modified: { value: new Date(record.modified).toISOString(), datatype: xsd.dateTime },
    properties: [
      ...stated,
      ...(Object.keys(exact).length ? [literal('alv:exactValues', alv.exactValues, exact)] : []),
      ...(files.length ? [literal('alv:storedFiles', alv.storedFiles, files)] : []),
    ],
  }
}

const literal = (name: string, iri: string, json: Json) => ({
  name,
  iri,
  values: [{ value: canonicalJson(json), datatype: rdf.JSON }],
})

/** Whether the triples say all of it; two properties of one IRI are not told apart by them. */
function isSaid(name: string, content: Json, stated: Described['properties']): boolean {
  const [mine, ...others] = stated.filter(({ iri }) => iri === stated.find(one => one.name === name)?.iri)
  const back = mine && !others.length ? jsonOfRdf(withIds(mine.values)) : undefined
  return back !== undefined && canonicalJson(back) === canonicalJson(content)
}

/** With what its files are called outside, where their keys were. */
function described(place: Place, record: VaultRecord): { value: { [name: string]: Json }; files: Json[] } {
  const { value, files } = withoutFiles(place, record)
  const told = files.map(({ at, path, ref: { name, mediaType, size } }) => ({
    at,
    ref: { name, mediaType, size, path },
  }))
  const stored = files.map(({ at, path, ref: { name, mediaType } }) => ({ at, path, name, mediaType }))
  return { value: putFiles(value, told), files: stored }
}

const valuesOf = ({ type }: Property, content: Json): RdfValue[] =>
  rdfValues(type, content).map(value => ('iri' in value ? { iri: recordIri(value.iri) } : value))
