/** Encounter: a consultation, stay or appointment. FHIR Encounter and Appointment. */
import { alv } from '../terms.ts'
import { both, property } from './define.ts'
import { healthKind, leaf } from './health.ts'

const home = 'health/appointments'
const entry = leaf(home)

export const encounter = healthKind({
  name: 'Encounter',
  iri: alv.Encounter,
  label: both('Visite', 'Visit'),
  plural: both('Visites', 'Visits'),
  icon: '📅',
  view: 'timeline',
  home,
  homes: [home],
  properties: {
    categories: property(alv.category, 'code', entry, 'Catégorie', 'Category', 'code'),
    end: property(alv.end, 'date', entry, 'Fin', 'End', 'year'),
    reason: property(alv.reason, 'text', entry, 'Motif', 'Reason', 'drop'),
    performer: property(alv.performer, 'text', entry, 'Avec', 'With', 'drop'),
    place: property(alv.place, 'text', entry, 'Lieu', 'Place', 'region'),
  },
})
