/** Story: a note or story about people. GEDCOM NOTE, of a person, a couple or shared. */
import { alv } from '../terms.ts'
import { both, property } from './define.ts'
import { familyKind, unlessLiving } from './family.ts'

const stories = unlessLiving('family/stories/entry')

export const story = familyKind({
  name: 'Story',
  iri: alv.Story,
  label: both('Récit', 'Story'),
  plural: both('Récits', 'Stories'),
  icon: '📖',
  view: 'list',
  entry: 'family/stories/entry',
  source: 'family/stories/source',
  properties: {
    title: property(alv.text, 'text', stories, 'Titre', 'Title', 'drop'),
    content: property(alv.note, 'note', stories, 'Texte', 'Text', 'drop'),
    person: property(alv.person, 'ref', stories, 'Personnes', 'People', 'ref'),
  },
  named: ['title', 'content'],
})
