/**
 * The RDF of a record: one triple per value, with the property's IRI. Words are plain literals, dates have the XML
 * type of their precision, references are IRIs, structured values are rdf:JSON literals (JSON-LD 1.1 §10.2).
 */
import { rdf, xsd } from './terms.ts'
import { canonicalJson } from './canonical-json.ts'
import type { Json, PropertyType } from './kind.ts'
import { isObject } from './records/read.ts'

export type RdfValue = { value: string; datatype: string } | { iri: string }

const PRECISIONS: readonly [RegExp, string][] = [
  [/^-?\d{4,}$/, xsd.gYear],
  [/^-?\d{4,}-\d\d$/, xsd.gYearMonth],
  [/^-?\d{4,}-\d\d-\d\d$/, xsd.date],
  [/^-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?$/, xsd.dateTime],
]

const json = (value: Json): RdfValue => ({ value: canonicalJson(value), datatype: rdf.JSON })

function dateValue(value: Json): RdfValue {
  if (typeof value !== 'string') return json(value)
  return { value, datatype: PRECISIONS.find(([pattern]) => pattern.test(value))?.[1] ?? xsd.string }
}

function reference(value: Json): RdfValue {
  return isObject(value) && typeof value['ref'] === 'string' ? { iri: value['ref'] } : json(value)
}

function single(type: PropertyType, value: Json): RdfValue {
  if (type === 'date') return dateValue(value)
  if (type === 'ref') return reference(value)
  if (typeof value === 'string') return { value, datatype: xsd.string }
  if (typeof value === 'boolean') return { value: String(value), datatype: xsd.boolean }
  if (typeof value === 'number')
    return { value: String(value), datatype: Number.isInteger(value) ? xsd.integer : xsd.decimal }
  return json(value)
}

/** Values of a property of a given type; a list gives one value for each item. */
export const rdfValues = (type: PropertyType, value: Json): RdfValue[] =>
  (Array.isArray(value) ? value : [value]).map(item => single(type, item))
