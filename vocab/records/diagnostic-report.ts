/** DiagnosticReport: the report of tests or imaging. FHIR DiagnosticReport. */
import { alv } from '../terms.ts'
import { both, property } from './define.ts'
import { healthKind, leaf } from './health.ts'

const home = 'health/results'
const entry = leaf(home)

export const diagnosticReport = healthKind({
  name: 'DiagnosticReport',
  iri: alv.DiagnosticReport,
  label: both('Compte rendu', 'Report'),
  plural: both('Comptes rendus', 'Reports'),
  icon: '🔬',
  home,
  homes: [home],
  properties: {
    categories: property(alv.category, 'code', entry, 'Catégorie', 'Category', 'code'),
    results: property(alv.result, 'ref', entry, 'Résultats', 'Results', 'ref'),
    conclusion: property(alv.conclusion, 'note', entry, 'Conclusion', 'Conclusion', 'drop'),
    performer: property(alv.performer, 'text', entry, 'Réalisé par', 'Performed by', 'drop'),
    recorded: property(alv.recorded, 'date', entry, 'Publié le', 'Issued', 'year'),
  },
  dated: ['date', 'recorded'],
})
