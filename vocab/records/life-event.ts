/** LifeEvent: something that happened in a life or to a couple. GEDCOM individual and family events and attributes. */
import { alv } from '../terms.ts'
import type { FacetOf } from '../kind.ts'
import { eventName, eventTags } from './event-names.ts'
import { both, property } from './define.ts'
import { familyKind, unlessLiving } from './family.ts'

const events = unlessLiving('family/events')
const births = unlessLiving('family/births')

const VITAL: ReadonlySet<unknown> = new Set(['BIRT', 'CHR', 'DEAT', 'BURI', 'CREM'])

/** Births, deaths and what goes with them are a facet of their own. */
const home: FacetOf = value => (VITAL.has(value['tag']) ? births(value) : events(value))

export const lifeEvent = familyKind({
  name: 'LifeEvent',
  iri: alv.LifeEvent,
  label: both('Événement', 'Life event'),
  plural: both('Événements', 'Life events'),
  icon: '🎗️',
  view: 'timeline',
  entry: 'family/events',
  source: 'family/source',
  leaves: ['family/births'],
  properties: {
    text: property(alv.text, 'text', home, 'Intitulé', 'Name', 'drop'),
    tag: property(alv.tag, 'text', home, 'Type', 'Type', eventTags),
    living: property(alv.living, 'flag', home, 'En vie', 'Alive', 'flag'),
    identifiers: property(alv.identifier, 'list', home, 'Identifiants', 'Identifiers', 'drop'),
    date: property(alv.date, 'date', home, 'Date', 'Date', 'year'),
    place: property(alv.place, 'text', home, 'Lieu', 'Place', 'region'),
    value: property(alv.value, 'text', home, 'Précision', 'Detail', 'drop'),
    person: property(alv.person, 'ref', home, 'Personnes', 'People', 'ref'),
    note: property(alv.note, 'note', home, 'Remarque', 'Note', 'drop'),
  },
  // An event of a type of its own is called by it.
  wordedBy: ['text', 'tag'],
  words: value => (typeof value['text'] === 'string' ? null : eventName(value['tag'])),
  named: ['text', 'value', 'tag'],
  dated: ['date'],
})
