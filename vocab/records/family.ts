/**
 * What all genealogy kinds share: everything about a living person, or that names one, lives under family/living.
 * `living` is set on import (see the rule in formats/gedcom) and may be changed by the member.
 */
import { alv } from '../terms.ts'
import type { FacetOf, FacetPath, Kind, Localised, Property, RecordValue } from '../kind.ts'
import { defineKind, property } from './define.ts'

const LIVING = 'family/living'

/** `path` for those no longer alive, the entry or source of family/living for others. */
export const unlessLiving = (path: FacetPath): FacetOf => {
  const living = `${LIVING}/${path.endsWith('/source') ? 'source' : 'entry'}`
  return value => (value['living'] === true ? living : path)
}

interface FamilySpec {
  name: string
  iri: string
  label: Kind['label']
  plural: Kind['plural']
  icon: string
  view: Kind['view']
  /** The leaf of what names the record, and that of its source. */
  entry: FacetPath
  source: FacetPath
  /** Other leaves it uses when nobody alive is concerned. */
  leaves?: readonly FacetPath[]
  properties: { [name: string]: Property }
  words?: (value: RecordValue) => Localised | null
  wordedBy?: readonly string[]
  named: readonly string[]
  dated?: readonly string[]
}

export function familyKind({ entry, source, leaves = [], properties, dated = [], ...rest }: FamilySpec): Kind {
  const main = unlessLiving(entry)
  const origin = unlessLiving(source)
  return defineKind({
    ...rest,
    dated,
    facets: [entry, source, ...leaves, `${LIVING}/entry`, `${LIVING}/source`],
    properties: {
      living: property(alv.living, 'flag', main, 'En vie', 'Alive', 'flag'),
      identifiers: property(alv.identifier, 'list', main, 'Identifiants', 'Identifiers', 'drop'),
      source: property(alv.source, 'source', origin, 'Tel que reçu', 'As received', 'drop'),
      ...properties,
    },
    originFacet: origin,
  })
}
