/**
 * What a record kind is: its properties, the one leaf facet each belongs to, and how it is named and shown.
 * A kind is one file in records/ and one line in kinds.ts; it reads values, never touches bytes or keys.
 */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

export type RecordValue = { [property: string]: Json }

/** French and English are equal: every text shown to a person has both. */
export interface Localised {
  fr: string
  en: string
}

export type Language = keyof Localised

/** Slash path of concept ids from a top concept: `health/immunizations/entry`. */
export type FacetPath = string

export interface FacetConcept {
  path: FacetPath
  label: Localised
  definition: Localised
  /** Declared on this very concept; ask isSensitive(), which counts the broader ones too. */
  sensitive: boolean
  /** Declared on this very concept; ask reachesHealth(), which counts broader and narrower ones too. */
  health?: true
  /** IRI of DPV's category of personal data that this is, or is close to; ask dataCategory(). */
  category?: string
  /** IRIs of equal concepts elsewhere (DPV, LOINC). */
  matches: readonly string[]
}

/**
 * Shapes of values, so that views need no knowledge of kinds.
 * text, note: string · date: ISO 8601 of any precision, or {text, start?, end?} where only words are known
 * code: Coding[] · quantity: {value, unit?, comparator?, code?, system?}, value as written ("1.50")
 * ref: {ref: record id} or a list of them · blob: BlobRef · source: {mediaType, text}
 * thumbnail: {mediaType, data}, data in base64, small enough to lie in the record
 * list: string[] · table: list of objects · place: {latitude, longitude, altitude?} · origin: {file, format, hash, at}
 */
export type PropertyType =
  | 'text'
  | 'note'
  | 'date'
  | 'code'
  | 'quantity'
  | 'ref'
  | 'blob'
  | 'thumbnail'
  | 'source'
  | 'list'
  | 'table'
  | 'place'
  | 'flag'
  | 'number'
  | 'origin'

export type FacetOf = (value: RecordValue) => FacetPath

/**
 * What is left of a property in a de-identified copy (deidentify.ts): nothing; the year of a date; of a place the square of a degree or
 * the country; codes of published terminologies; numbers with their unit; parts of an observation, as such; the reference to another
 * copy; a picture under another name; or one of these words.
 */
export type Deidentification =
  | 'drop'
  | 'year'
  | 'region'
  | 'code'
  | 'quantity'
  | 'number'
  | 'flag'
  | 'parts'
  | 'ref'
  | 'picture'
  | readonly string[]

export interface Property {
  iri: string
  label: Localised
  /** For a given value each property has exactly one leaf. */
  facet: FacetPath | FacetOf
  type: PropertyType
  deidentified: Deidentification
}

export type View = 'list' | 'table' | 'gallery' | 'tree' | 'timeline'

export interface Kind {
  name: string
  iri: string
  label: Localised
  plural: Localised
  /** A character that stands for the kind where there is no room for its label. */
  icon: string
  view: View
  /** Every leaf it may use. */
  facets: readonly FacetPath[]
  properties: { readonly [name: string]: Property }
  /** The properties that `labelOf` and `dateOf` read: all that a list needs of a record. */
  said: readonly string[]
  /** From whatever properties are visible; never throws on missing or odd ones. */
  labelOf: (value: RecordValue, lang: Language) => string
  /** ISO 8601 of any precision. */
  dateOf: (value: RecordValue) => string | null
}
