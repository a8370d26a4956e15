/**
 * Relationship: a tie between two people, read "person is … of relative": spouse or partner, or parent of a child
 * (birth, adopted, foster, …). GEDCOM FAM gives one for the couple and one for each parent and child.
 */
import { alv } from '../terms.ts'
import type { Localised } from '../kind.ts'
import { both, property } from './define.ts'
import { familyKind, unlessLiving } from './family.ts'

const ties: { readonly [tie: string]: Localised } = {
  spouse: both('Conjoints', 'Spouses'),
  parent: both('Parent et enfant', 'Parent and child'),
}

const relations = unlessLiving('family/relations')

export const relationship = familyKind({
  name: 'Relationship',
  iri: alv.Relationship,
  label: both('Lien de famille', 'Family tie'),
  plural: both('Liens de famille', 'Family ties'),
  icon: '🔗',
  view: 'table',
  entry: 'family/relations',
  source: 'family/source',
  properties: {
    tie: property(alv.tie, 'text', relations, 'Lien', 'Tie', ['spouse', 'parent']),
    pedigree: property(alv.pedigree, 'text', relations, 'Filiation', 'Pedigree', [
      'birth',
      'adopted',
      'foster',
      'sealing',
    ]),
    person: property(alv.person, 'ref', relations, 'Personne', 'Person', 'ref'),
    relative: property(alv.relative, 'ref', relations, 'Proche', 'Relative', 'ref'),
    start: property(alv.start, 'date', relations, 'Début', 'Start', 'year'),
    end: property(alv.end, 'date', relations, 'Fin', 'End', 'year'),
  },
  named: [],
  wordedBy: ['tie'],
  words: value => (typeof value['tie'] === 'string' ? (ties[value['tie']] ?? null) : null),
  dated: ['start'],
})
