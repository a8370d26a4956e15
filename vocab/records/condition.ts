/** Condition: a health problem. FHIR Condition. */
import { alv } from '../terms.ts'
import { both, property } from './define.ts'
import { healthKind, leaf } from './health.ts'

const home = 'health/problems'
const entry = leaf(home)

export const condition = healthKind({
  name: 'Condition',
  iri: alv.Condition,
  label: both('Problème de santé', 'Health problem'),
  plural: both('Problèmes de santé', 'Health problems'),
  icon: '🩺',
  home,
  homes: [home],
  properties: {
    categories: property(alv.category, 'code', entry, 'Catégorie', 'Category'),
    verification: property(alv.verification, 'text', entry, 'Certitude', 'Certainty'),
    severity: property(alv.severity, 'text', entry, 'Gravité', 'Severity'),
    bodySite: property(alv.bodySite, 'text', entry, 'Partie du corps', 'Body site'),
    start: property(alv.start, 'date', entry, 'Début', 'Onset'),
    end: property(alv.end, 'date', entry, 'Fin', 'Resolved'),
    recorded: property(alv.recorded, 'date', entry, 'Noté le', 'Recorded'),
    performer: property(alv.performer, 'text', entry, 'Noté par', 'Recorded by'),
    note: property(alv.note, 'note', entry, 'Remarque', 'Note'),
  },
  dated: ['start', 'recorded'],
})
