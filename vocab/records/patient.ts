/** Patient: whose health it is. FHIR Patient. Address and phone are a facet of their own. */
import { alv } from '../terms.ts'
import { both, property } from './define.ts'
import { healthKind, leaf } from './health.ts'

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
    familyName: property(alv.familyName, 'text', entry, 'Nom de famille', 'Family name'),
    givenName: property(alv.givenName, 'text', entry, 'Prénoms', 'Given names'),
    birthDate: property(alv.birthDate, 'date', entry, 'Naissance', 'Birth'),
    deathDate: property(alv.deathDate, 'date', entry, 'Décès', 'Death'),
    sex: property(alv.sex, 'text', entry, 'Sexe', 'Sex'),
    identifiers: property(alv.identifier, 'table', contact, 'Numéros', 'Numbers'),
    address: property(alv.address, 'list', contact, 'Adresse', 'Address'),
    telecom: property(alv.telecom, 'list', contact, 'Téléphone et courriel', 'Phone and e-mail'),
    contacts: property(alv.contact, 'list', contact, 'Personnes à prévenir', 'People to call'),
  },
  dated: ['birthDate'],
})
