/** Immunization: a vaccine received or declined. FHIR Immunization. */
import { alv } from '../terms.ts'
import { both, property } from './define.ts'
import { healthKind, leaf } from './health.ts'

const home = 'health/immunizations'
const entry = leaf(home)

export const immunization = healthKind({
  name: 'Immunization',
  iri: alv.Immunization,
  label: both('Vaccination', 'Vaccination'),
  plural: both('Vaccinations', 'Vaccinations'),
  icon: '💉',
  view: 'table',
  home,
  homes: [home],
  properties: {
    disease: property(alv.reason, 'text', entry, 'Maladie visée', 'Target disease', 'drop'),
    dose: property(alv.dose, 'text', entry, 'Dose', 'Dose', 'drop'),
    lot: property(alv.lot, 'text', entry, 'Lot', 'Lot number', 'drop'),
    manufacturer: property(alv.manufacturer, 'text', entry, 'Fabricant', 'Manufacturer', 'drop'),
    bodySite: property(alv.bodySite, 'text', entry, 'Site d’injection', 'Site', 'drop'),
    performer: property(alv.performer, 'text', entry, 'Réalisée par', 'Performed by', 'drop'),
    place: property(alv.place, 'text', entry, 'Lieu', 'Place', 'region'),
    note: property(alv.note, 'note', entry, 'Remarque', 'Note', 'drop'),
  },
})
