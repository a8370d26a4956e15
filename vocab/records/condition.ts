/** Condition: a health problem. FHIR Condition. */
import { alv } from '../terms.ts'
import { both, property } from './define.ts'
import { healthKind, leaf } from './health.ts'
import { SEVERITIES, VERIFICATIONS } from './words.ts'

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
    categories: property(alv.category, 'code', entry, 'Catégorie', 'Category', 'code'),
    verification: property(alv.verification, 'text', entry, 'Certitude', 'Certainty', VERIFICATIONS),
    severity: property(alv.severity, 'text', entry, 'Gravité', 'Severity', SEVERITIES),
    bodySite: property(alv.bodySite, 'text', entry, 'Partie du corps', 'Body site', 'drop'),
    start: property(alv.start, 'date', entry, 'Début', 'Onset', 'year'),
    end: property(alv.end, 'date', entry, 'Fin', 'Resolved', 'year'),
    recorded: property(alv.recorded, 'date', entry, 'Noté le', 'Recorded', 'year'),
    performer: property(alv.performer, 'text', entry, 'Noté par', 'Recorded by', 'drop'),
    note: property(alv.note, 'note', entry, 'Remarque', 'Note', 'drop'),
  },
  dated: ['start', 'recorded'],
})
