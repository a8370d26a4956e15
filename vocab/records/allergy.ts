/** Allergy: an allergy or intolerance. FHIR AllergyIntolerance. */
import { alv } from '../terms.ts'
import { both, property } from './define.ts'
import { healthKind, leaf } from './health.ts'
import { ALLERGENS, SEVERITIES, VERIFICATIONS } from './words.ts'

const home = 'health/allergies'
const entry = leaf(home)

export const allergy = healthKind({
  name: 'Allergy',
  iri: alv.Allergy,
  label: both('Allergie', 'Allergy'),
  plural: both('Allergies', 'Allergies'),
  icon: '⚠️',
  home,
  homes: [home],
  properties: {
    categories: property(alv.category, 'list', entry, 'Catégorie', 'Category', ALLERGENS),
    verification: property(alv.verification, 'text', entry, 'Certitude', 'Certainty', VERIFICATIONS),
    severity: property(alv.severity, 'text', entry, 'Risque', 'Criticality', SEVERITIES),
    reactions: property(alv.reaction, 'list', entry, 'Réactions', 'Reactions', 'drop'),
    start: property(alv.start, 'date', entry, 'Début', 'Onset', 'year'),
    recorded: property(alv.recorded, 'date', entry, 'Noté le', 'Recorded', 'year'),
    performer: property(alv.performer, 'text', entry, 'Noté par', 'Recorded by', 'drop'),
    note: property(alv.note, 'note', entry, 'Remarque', 'Note', 'drop'),
  },
  dated: ['start', 'recorded'],
})
