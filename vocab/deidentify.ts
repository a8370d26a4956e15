/**
 * De-identification: what the table of kinds calls safe, in the form that its rules say, and nothing else. Each rule builds its value
 * from parts it knows; no value passes as it came but numbers, flags and listed words. It hides fields: what a picture shows, or
 * what rare codes together tell, it does not know.
 */
import { countryIn } from './country.ts'
import type { Deidentification, Json, RecordValue } from './kind.ts'
import { kind as kindOf } from './kinds.ts'
import { dateText, isObject, listOf } from './records/read.ts'
import { isUcum, isUnit } from './units.ts'

export interface Deidentifying {
  /** What the copy of another record is called; null: it has none. */
  refOf(record: string): string | null
  /** Whether it refers to a stored file. Such a value passes as it is: whoever stores the copy puts a reference of its own in its place. */
  isFile(value: Json): boolean
}

export function deidentified(kind: string, value: RecordValue, how: Deidentifying): RecordValue {
  const properties = kindOf(kind)?.properties ?? {}
  const safe = Object.entries(value).flatMap(([name, json]) => {
    const rule = Object.hasOwn(properties, name) ? properties[name]!.deidentified : 'drop'
    const left = apply(rule, json, how)
    return left === null ? [] : [[name, left] as const]
  })
  return Object.fromEntries(safe)
}

function apply(rule: Deidentification, json: Json, how: Deidentifying): Json | null {
  if (typeof rule !== 'string') return wordsOf(json, rule)
  return rule === 'ref' || rule === 'picture' ? byReference[rule](json, how) : byValue[rule](json)
}

const byValue: Record<Exclude<Deidentification, readonly string[] | 'ref' | 'picture'>, (json: Json) => Json | null> = {
  drop: () => null,
  year: json => yearIn(json),
  region: json => (isObject(json) ? square(json) : typeof json === 'string' ? countryIn(json) : null),
  code: json => someOf(listOf(json).flatMap(one => codingOf(one) ?? [])),
  quantity: json => quantityOf(json),
  number: json => (typeof json === 'number' && Number.isFinite(json) ? json : null),
  flag: json => (typeof json === 'boolean' ? json : null),
  parts: json => someOf(listOf(json).flatMap(one => partOf(one) ?? [])),
}

const byReference = {
  ref: (json: Json, { refOf }: Deidentifying): Json | null => {
    const one = (ref: Json): Json | null => {
      const id = isObject(ref) && typeof ref['ref'] === 'string' ? refOf(ref['ref']) : null
      return id === null ? null : { ref: id }
    }
    return Array.isArray(json) ? someOf(json.flatMap(ref => one(ref) ?? [])) : one(json)
  },
  picture: (json: Json, { isFile }: Deidentifying): Json | null => (isFile(json) ? json : thumbnailOf(json)),
}

const someOf = (list: Json[]): Json | null => (list.length ? list : null)

const wordsOf = (json: Json, words: readonly string[]): Json | null => {
  const isOne = (one: Json): boolean => typeof one === 'string' && words.includes(one)
  return Array.isArray(json) ? someOf(json.filter(isOne)) : isOne(json) ? json : null
}

/** Of ISO 8601 as it is written with hyphens: digits without them may be a day. */
const yearIn = (json: Json): string | null => /^(\d{4})(?:$|-|T)/.exec(dateText(json) ?? '')?.[1] ?? null

/** A degree of latitude is 111 km; one of longitude is 78 km in Paris. */
function square({ latitude, longitude }: { [key: string]: Json }): Json | null {
  const isDegrees = (angle: Json | undefined, most: number): angle is number =>
    typeof angle === 'number' && Math.abs(angle) <= most
  if (!isDegrees(latitude, 90) || !isDegrees(longitude, 180)) return null
  return { latitude: Math.floor(latitude), longitude: Math.floor(longitude) }
}

/** Terminologies that anybody can look up: a system of a hospital's own would name the hospital, one of numbers a person. */
const PUBLISHED = [
  /^http:\/\/snomed\.info\/sct$/,
  /^http:\/\/loinc\.org\/?$/,
  /^http:\/\/unitsofmeasure\.org\/?$/,
  /^http:\/\/www\.nlm\.nih\.gov\/research\/umls\/rxnorm$/,
  /^http:\/\/www\.whocc\.no\/atc$/,
  /^http:\/\/hl7\.org\/fhir\/sid\/(?:icd|ex-icd|icf|icpc|cvx|mvx|ndc)[\w-]*$/,
  /^http:\/\/hl7\.org\/fhir\/[a-z][a-z-]*$/,
  /^http:\/\/terminology\.hl7\.org\/CodeSystem\/[\w-]+$/,
]
const isPublished = (system: Json | undefined): system is string =>
  typeof system === 'string' && PUBLISHED.some(pattern => pattern.test(system))

const UCUM = /^http:\/\/unitsofmeasure\.org/

const CODE = /^[A-Za-z0-9][A-Za-z0-9.+/_-]{0,23}$/

/** Without the words beside it: a sender may have put anything there. */
function codingOf(json: Json): Json | null {
  if (!isObject(json) || !isPublished(json['system'])) return null
  const { system, code } = json
  return isCodeOf(system, code) ? { system, code } : null
}

/** UCUM lets any text stand in braces. */
const isCodeOf = (system: string, code: Json | undefined): code is string =>
  typeof code === 'string' && (UCUM.test(system) ? isUcum(code) : CODE.test(code))

const NUMBER = /^[+-]?\d{1,12}(?:\.\d{1,12})?$/
const COMPARATORS = ['<', '<=', '>=', '>']

function quantityOf(json: Json): Json | null {
  if (!isObject(json) || typeof json['value'] !== 'string' || !NUMBER.test(json['value'])) return null
  const { value, unit, comparator, code, system } = json
  return {
    value,
    ...(typeof unit === 'string' && isUnit(unit) && { unit }),
    ...(typeof comparator === 'string' && COMPARATORS.includes(comparator) && { comparator }),
    ...(isPublished(system) && isCodeOf(system, code) && { code, system }),
  }
}

/** Of an observation: systolic and diastolic. */
function partOf(json: Json): Json | null {
  if (!isObject(json)) return null
  const codes = byValue.code(json['codes'] ?? null)
  const value = quantityOf(json['value'] ?? null)
  return codes && value ? { codes, value } : null
}

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/

function thumbnailOf(json: Json): Json | null {
  if (!isObject(json) || json['mediaType'] !== 'image/jpeg') return null
  const { mediaType, data } = json
  return typeof data === 'string' && BASE64.test(data) ? { mediaType, data } : null
}
