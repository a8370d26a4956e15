/** CarePlan: what is planned for care. FHIR CarePlan. */
import { alv } from '../terms.ts'
import { both, property } from './define.ts'
import { healthKind, leaf } from './health.ts'

const home = 'health/plans'
const entry = leaf(home)

export const carePlan = healthKind({
  name: 'CarePlan',
  iri: alv.CarePlan,
  label: both('Plan de soins', 'Care plan'),
  plural: both('Plans de soins', 'Care plans'),
  icon: '🗒️',
  home,
  homes: [home],
  properties: {
    end: property(alv.end, 'date', entry, 'Fin', 'End', 'year'),
    activities: property(alv.activity, 'list', entry, 'Activités', 'Activities', 'drop'),
    goals: property(alv.goal, 'list', entry, 'Objectifs', 'Goals', 'drop'),
    performer: property(alv.performer, 'text', entry, 'Établi par', 'Written by', 'drop'),
    note: property(alv.note, 'note', entry, 'Remarque', 'Note', 'drop'),
  },
})
