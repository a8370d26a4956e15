/** Coverage: an insurance, claim or reimbursement. FHIR Coverage, Claim, ClaimResponse, ExplanationOfBenefit. */
import { alv } from '../terms.ts'
import { both, property } from './define.ts'
import { healthKind, leaf } from './health.ts'

const home = 'health/coverage'
const entry = leaf(home)

export const coverage = healthKind({
  name: 'Coverage',
  iri: alv.Coverage,
  label: both('Assurance', 'Insurance'),
  plural: both('Assurance et remboursements', 'Insurance and claims'),
  icon: '🧾',
  view: 'table',
  home,
  homes: [home],
  properties: {
    categories: property(alv.category, 'code', entry, 'Catégorie', 'Category', 'code'),
    end: property(alv.end, 'date', entry, 'Fin', 'End', 'year'),
    amount: property(alv.amount, 'quantity', entry, 'Montant', 'Amount', 'quantity'),
    insurer: property(alv.insurer, 'text', entry, 'Assureur', 'Insurer', 'drop'),
    performer: property(alv.performer, 'text', entry, 'Soignant', 'Provider', 'drop'),
    identifiers: property(alv.identifier, 'table', entry, 'Numéros', 'Numbers', 'drop'),
    items: property(alv.component, 'list', entry, 'Lignes', 'Items', 'drop'),
  },
})
