/** Person: someone in a family tree. GEDCOM INDI. */
import { alv } from '../terms.ts'
import { both, property } from './define.ts'
import { familyKind, unlessLiving } from './family.ts'
import { SEXES } from './words.ts'

const identity = unlessLiving('family/identity')
const births = unlessLiving('family/births')

export const person = familyKind({
  name: 'Person',
  iri: alv.Person,
  label: both('Personne', 'Person'),
  plural: both('Personnes', 'People'),
  icon: '👤',
  view: 'tree',
  entry: 'family/identity',
  source: 'family/source',
  leaves: ['family/births'],
  properties: {
    name: property(alv.text, 'text', identity, 'Nom', 'Name', 'drop'),
    givenName: property(alv.givenName, 'text', identity, 'Prénoms', 'Given names', 'drop'),
    familyName: property(alv.familyName, 'text', identity, 'Nom de famille', 'Family name', 'drop'),
    otherNames: property(alv.otherName, 'list', identity, 'Autres noms', 'Other names', 'drop'),
    sex: property(alv.sex, 'text', identity, 'Sexe', 'Sex', SEXES),
    birthDate: property(alv.birthDate, 'date', births, 'Naissance', 'Birth', 'year'),
    birthPlace: property(alv.birthPlace, 'text', births, 'Lieu de naissance', 'Place of birth', 'region'),
    deathDate: property(alv.deathDate, 'date', births, 'Décès', 'Death', 'year'),
    deathPlace: property(alv.deathPlace, 'text', births, 'Lieu de décès', 'Place of death', 'region'),
  },
  named: ['name', 'otherNames'],
  dated: ['birthDate'],
})
