/** Patient: whose health it is. FHIR Patient. Address and phone are a facet of their own. */
import { alv } from '../terms.ts'
import { both, property } from './define.ts'
import { healthKind, leaf } from './health.ts'
import { SEXES } from './words.ts'

const home = 'health/summary'
const entry = leaf(home)
const contact = leaf(home, 'contact')

export const patient = healthKind({
  name: 'Patient',
  iri: alv.Patient,
  label: both('Patient', 'Patient'),
  plural: both('Patients', 'Patients'),
  icon: '🧑',
  home,
  homes: [home],
  leaves: ['entry', 'contact', 'source'],
  properties: {
    familyName: property(alv.familyName, 'text', entry, 'Nom de famille', 'Family name', 'drop'),
    givenName: property(alv.givenName, 'text', entry, 'Prénoms', 'Given names', 'drop'),
    birthDate: property(alv.birthDate, 'date', entry, 'Naissance', 'Birth', 'year'),
    deathDate: property(alv.deathDate, 'date', entry, 'Décès', 'Death', 'year'),
    sex: property(alv.sex, 'text', entry, 'Sexe', 'Sex', SEXES),
    identifiers: property(alv.identifier, 'table', contact, 'Numéros', 'Numbers', 'drop'),
    address: property(alv.address, 'list', contact, 'Adresse', 'Address', 'drop'),
    telecom: property(alv.telecom, 'list', contact, 'Téléphone et courriel', 'Phone and e-mail', 'drop'),
    contacts: property(alv.contact, 'list', contact, 'Personnes à prévenir', 'People to call', 'drop'),
  },
  dated: ['birthDate'],
})
