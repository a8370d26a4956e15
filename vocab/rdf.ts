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

function jsonOf(value: RdfValue): Json {
  if ('iri' in value) return { ref: value.iri }
  if (value.datatype === rdf.JSON) return JSON.parse(value.value) as Json
  if (value.datatype === xsd.boolean) return value.value === 'true'
  const isNumber = value.datatype === xsd.integer || value.datatype === xsd.decimal
  return isNumber && Number.isFinite(Number(value.value)) ? Number(value.value) : value.value
}

const spelling = (value: RdfValue): string => ('iri' in value ? value.iri : `${value.datatype} ${value.value}`)

/**
 * What these values say of a property, whatever RDF tool they went through: of a list neither its order, nor what stands in it
 * twice, nor that it is one of a single item. undefined where there are none; throws SyntaxError at JSON that is none.
 */
export function jsonOfRdf(values: readonly RdfValue[]): Json | undefined {
  const distinct = new Map(values.map(value => [spelling(value), value]))
  const sorted = [...distinct].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => jsonOf(value))
  return sorted.length > 1 ? sorted : sorted[0]
}

/** Values of a property of a given type; a list gives one value for each item. */
export const rdfValues = (type: PropertyType, value: Json): RdfValue[] =>
  (Array.isArray(value) ? value : [value]).map(item => single(type, item))
