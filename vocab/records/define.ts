/** How a kind is written down: short property lines, and an `origin` property that every kind has. */
import { alv } from '../terms.ts'
import type {
  Deidentification,
  FacetOf,
  FacetPath,
  Kind,
  Language,
  Localised,
  Property,
  PropertyType,
  RecordValue,
} from '../kind.ts'
import { dateText, displayText } from './read.ts'

type Where = FacetPath | FacetOf

/** `property(iri, type, facet, fr, en, deidentified)`: the order in which a line of a kind reads best. */
export const property = (
  iri: string,
  type: PropertyType,
  facet: Where,
  fr: string,
  en: string,
  deidentified: Deidentification,
): Property => ({ iri, type, facet, label: { fr, en }, deidentified })

export const both = (fr: string, en: string): Localised => ({ fr, en })

interface Spec {
  name: string
  iri: string
  label: Localised
  plural: Localised
  icon: string
  view: Kind['view']
  facets: readonly FacetPath[]
  properties: { [name: string]: Property }
  /** Where file, hash and date of import go: the leaf of the whole source. */
  originFacet: Where
  /** Words of our own for the record, before what follows, and the properties that they are made of. */
  words?: (value: RecordValue) => Localised | null
  wordedBy?: readonly string[]
  /** Names of the properties that may name the record, best first. */
  named: readonly string[]
  /** Names of the properties that may date it, best first. */
  dated: readonly string[]
}

const firstText = (names: readonly string[], read: (name: string) => string | null): string | null => {
  for (const name of names) {
    const text = read(name)
    if (text !== null) return text
  }
  return null
}

export function defineKind({ originFacet, words, wordedBy = [], named, dated, ...spec }: Spec): Kind {
  const origin = property(alv.origin, 'origin', originFacet, 'Origine', 'Origin', 'drop')
  return Object.freeze({
    ...spec,
    properties: Object.freeze({ ...spec.properties, origin }),
    said: Object.freeze([...new Set([...wordedBy, ...named, ...dated])]),
    labelOf: (value: RecordValue, lang: Language) =>
      words?.(value)?.[lang] ?? firstText(named, name => displayText(value[name])) ?? spec.label[lang],
    dateOf: (value: RecordValue) => firstText(dated, name => dateText(value[name])),
  })
}
