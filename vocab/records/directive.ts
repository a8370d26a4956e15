/** Directive: an advance directive or a consent. FHIR Consent. */
import { alv } from '../terms.ts'
import { both, property } from './define.ts'
import { healthKind, leaf } from './health.ts'

const home = 'health/directives'
const entry = leaf(home)

export const directive = healthKind({
  name: 'Directive',
  iri: alv.Directive,
  label: both('Volonté ou consentement', 'Wish or consent'),
  plural: both('Volontés et consentements', 'Wishes and consents'),
  icon: '✍️',
  home,
  homes: [home],
  properties: {
    categories: property(alv.category, 'code', entry, 'Catégorie', 'Category', 'code'),
    decision: property(alv.decision, 'text', entry, 'Décision', 'Decision', ['permit', 'deny']),
    end: property(alv.end, 'date', entry, 'Fin', 'End', 'year'),
    performer: property(alv.performer, 'text', entry, 'Déclaré par', 'Stated by', 'drop'),
    note: property(alv.note, 'note', entry, 'Remarque', 'Note', 'drop'),
  },
})
