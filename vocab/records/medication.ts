/**
 * Medication: a medicine prescribed, taken, given, dispensed or described. FHIR MedicationRequest,
 * MedicationStatement, MedicationAdministration, MedicationDispense, Medication. Three facets, so that a pharmacist
 * or a relative can see what is taken without seeing why or by whom it was prescribed.
 */
import { alv } from '../terms.ts'
import { both, property } from './define.ts'
import { healthKind, leaf } from './health.ts'

const home = 'health/medications'
const what = leaf(home, 'what')
const dosage = leaf(home, 'dosage')
const prescriber = leaf(home, 'prescriber')

export const medication = healthKind({
  name: 'Medication',
  iri: alv.Medication,
  label: both('Médicament', 'Medication'),
  plural: both('Médicaments', 'Medications'),
  icon: '💊',
  home,
  homes: [home],
  leaves: ['what', 'dosage', 'prescriber', 'source'],
  main: 'what',
  properties: {
    medication: property(alv.product, 'ref', what, 'Produit', 'Product', 'ref'),
    form: property(alv.category, 'text', what, 'Forme', 'Form', 'drop'),
    start: property(alv.start, 'date', what, 'Début', 'Start', 'year'),
    end: property(alv.end, 'date', what, 'Fin', 'End', 'year'),
    dosage: property(alv.dosage, 'list', dosage, 'Posologie', 'Dosage', 'drop'),
    quantity: property(alv.value, 'quantity', dosage, 'Quantité', 'Quantity', 'quantity'),
    prescriber: property(alv.prescriber, 'text', prescriber, 'Prescripteur', 'Prescriber', 'drop'),
    reason: property(alv.reason, 'text', prescriber, 'Motif', 'Reason', 'drop'),
    note: property(alv.note, 'note', prescriber, 'Remarque', 'Note', 'drop'),
  },
  dated: ['date', 'start'],
})
