/** What all health kinds share: where their properties live, and the properties that every FHIR resource has. */
import { alv, dcterms } from '../terms.ts'
import type { FacetOf, FacetPath, Kind, Property, RecordValue } from '../kind.ts'
import { defineKind, property } from './define.ts'
import { sensitiveHome, sensitiveLeaves } from './sensitivity.ts'
import { STATUS } from './words.ts'

type Home = FacetPath | FacetOf

const homeOf = (home: Home, value: RecordValue): FacetPath => (typeof home === 'string' ? home : home(value))

/** The leaf of a property: under the kind's own concept, or under the sensitive one that claims the record. */
export function leaf(home: Home, name = 'entry'): FacetOf {
  return value => {
    const sensitive = sensitiveHome(value)
    if (sensitive !== null) return `${sensitive}/${name === 'source' ? 'source' : 'entry'}`
    return `${homeOf(home, value)}/${name}`
  }
}

/** Properties of every FHIR resource. `entry` is where what names the record goes. */
function common(entry: FacetOf, source: FacetOf): { [name: string]: Property } {
  return {
    text: property(alv.text, 'text', entry, 'Intitulé', 'Name', 'drop'),
    codes: property(alv.code, 'code', entry, 'Codes', 'Codes', 'code'),
    status: property(alv.status, 'text', entry, 'État', 'Status', STATUS),
    date: property(alv.date, 'date', entry, 'Date', 'Date', 'year'),
    resourceType: property(alv.resourceType, 'text', entry, 'Type', 'Type', 'drop'),
    fhirId: property(dcterms.identifier, 'text', entry, 'Identifiant à la source', 'Identifier at the source', 'drop'),
    fullUrl: property(alv.fullUrl, 'text', entry, 'Adresse d’origine', 'Address at the source', 'drop'),
    labels: property(alv.securityLabel, 'code', entry, 'Marquages', 'Marks', 'code'),
    subject: property(alv.subject, 'ref', entry, 'Patient', 'Patient', 'ref'),
    encounter: property(alv.encounter, 'ref', entry, 'Visite', 'Visit', 'ref'),
    source: property(alv.source, 'source', source, 'Tel que reçu', 'As received', 'drop'),
  }
}

interface HealthSpec {
  name: string
  iri: string
  label: Kind['label']
  plural: Kind['plural']
  icon: string
  view?: Kind['view']
  /** The concept its records live under; a function where a category decides. */
  home: Home
  /** Every concept `home` may give. */
  homes: readonly FacetPath[]
  /** Leaf names under `home`, when they are not entry and source. */
  leaves?: readonly string[]
  /** Leaf name of what names the record. */
  main?: string
  properties: { [name: string]: Property }
  named?: readonly string[]
  dated?: readonly string[]
}

export function healthKind(spec: HealthSpec): Kind {
  const {
    home,
    homes,
    leaves = ['entry', 'source'],
    main = 'entry',
    properties,
    named,
    dated,
    view = 'list',
    ...rest
  } = spec
  const source = leaf(home, 'source')
  return defineKind({
    ...rest,
    view,
    facets: [...new Set([...homes.flatMap(concept => leaves.map(name => `${concept}/${name}`)), ...sensitiveLeaves])],
    properties: { ...common(leaf(home, main), source), ...properties },
    originFacet: source,
    named: [...(named ?? []), 'text', 'codes', 'resourceType'],
    dated: [...(dated ?? []), 'date'],
  })
}
