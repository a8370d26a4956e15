/** Procedure: an operation or medical act. FHIR Procedure. */
import { alv } from '../terms.ts'
import { both, property } from './define.ts'
import { healthKind, leaf } from './health.ts'

const home = 'health/procedures'
const entry = leaf(home)

export const procedure = healthKind({
  name: 'Procedure',
  iri: alv.Procedure,
  label: both('Intervention', 'Procedure'),
  plural: both('Interventions', 'Procedures'),
  icon: '🏥',
  home,
  homes: [home],
  properties: {
    end: property(alv.end, 'date', entry, 'Fin', 'End', 'year'),
    reason: property(alv.reason, 'text', entry, 'Motif', 'Reason', 'drop'),
    bodySite: property(alv.bodySite, 'text', entry, 'Partie du corps', 'Body site', 'drop'),
    performer: property(alv.performer, 'text', entry, 'Réalisée par', 'Performed by', 'drop'),
    place: property(alv.place, 'text', entry, 'Lieu', 'Place', 'region'),
    conclusion: property(alv.conclusion, 'text', entry, 'Issue', 'Outcome', 'drop'),
    note: property(alv.note, 'note', entry, 'Remarque', 'Note', 'drop'),
  },
})
