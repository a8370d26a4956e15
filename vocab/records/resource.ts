/** Resource: a health record of a type without a kind of its own, kept whole and shown raw, never dropped. */
import { alv } from '../terms.ts'
import { both } from './define.ts'
import { healthKind } from './health.ts'

export const resource = healthKind({
  name: 'Resource',
  iri: alv.Resource,
  label: both('Autre donnée de santé', 'Other health record'),
  plural: both('Autres données de santé', 'Other health records'),
  icon: '🗂️',
  home: 'health',
  homes: ['health'],
  properties: {},
})
