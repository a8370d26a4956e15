/** Person: someone in a family tree. GEDCOM INDI. */
import { alv } from '../terms.ts'
import { both, property } from './define.ts'
import { familyKind, unlessLiving } from './family.ts'

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
    name: property(alv.text, 'text', identity, 'Nom', 'Name'),
    givenName: property(alv.givenName, 'text', identity, 'Prénoms', 'Given names'),
    familyName: property(alv.familyName, 'text', identity, 'Nom de famille', 'Family name'),
    otherNames: property(alv.otherName, 'list', identity, 'Autres noms', 'Other names'),
    sex: property(alv.sex, 'text', identity, 'Sexe', 'Sex'),
    birthDate: property(alv.birthDate, 'date', births, 'Naissance', 'Birth'),
    birthPlace: property(alv.birthPlace, 'text', births, 'Lieu de naissance', 'Place of birth'),
    deathDate: property(alv.deathDate, 'date', births, 'Décès', 'Death'),
    deathPlace: property(alv.deathPlace, 'text', births, 'Lieu de décès', 'Place of death'),
  },
  named: ['name', 'otherNames'],
  dated: ['birthDate'],
})
