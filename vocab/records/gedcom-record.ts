/** GedcomRecord: header, submitter, source, repository or unknown entry of a family tree file, kept line for line. */
import { alv } from '../terms.ts'
import { both, property } from './define.ts'
import { familyKind, unlessLiving } from './family.ts'

const source = unlessLiving('family/source')

export const gedcomRecord = familyKind({
  name: 'GedcomRecord',
  iri: alv.GedcomRecord,
  label: both('Élément d’arbre', 'Family tree entry'),
  plural: both('Éléments d’arbre', 'Family tree entries'),
  icon: '🌳',
  view: 'list',
  entry: 'family/source',
  source: 'family/source',
  properties: {
    tag: property(alv.tag, 'text', source, 'Type', 'Type', 'drop'),
    text: property(alv.text, 'text', source, 'Intitulé', 'Name', 'drop'),
  },
  named: ['text', 'tag'],
})
