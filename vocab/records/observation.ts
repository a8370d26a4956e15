/**
 * Observation: a measurement or finding. FHIR Observation. Its category and LOINC codes say which facet it is:
 * pregnancy, lifestyle (social history), vital signs, else a test result.
 */
import { alv } from '../terms.ts'
import type { FacetPath, RecordValue } from '../kind.ts'
import { both, property } from './define.ts'
import { healthKind, leaf } from './health.ts'
import { codings } from './read.ts'
import { INTERPRETATIONS } from './words.ts'

const RESULTS = 'health/results'

// LOINC codes of the IPS profiles "pregnancy status", "expected delivery date", "pregnancy outcome" and kin.
const PREGNANCY = new Set(
  '82810-3 11778-8 11779-6 11780-4 11636-8 11637-6 11638-4 11639-2 11640-0 11612-9 11613-7 11614-5 33065-4 57062-2 11996-6 11977-6 8665-2 53693-8 18185-9 11884-4 49051-6'.split(
    ' ',
  ),
)

const byCategory: { readonly [code: string]: FacetPath } = {
  'vital-signs': 'health/vitals',
  'social-history': 'health/lifestyle',
  activity: 'health/lifestyle',
}

function home(value: RecordValue): FacetPath {
  if (codings(value['codes']).some(({ code }) => PREGNANCY.has(code))) return 'health/pregnancy'
  for (const { code } of codings(value['categories'])) {
    const found = Object.hasOwn(byCategory, code) ? byCategory[code] : undefined
    if (found) return found
  }
  return RESULTS
}

const entry = leaf(home)

export const observation = healthKind({
  name: 'Observation',
  iri: alv.Observation,
  label: both('Observation', 'Observation'),
  plural: both('Observations', 'Observations'),
  icon: '📈',
  view: 'table',
  home,
  homes: [RESULTS, 'health/vitals', 'health/lifestyle', 'health/pregnancy'],
  properties: {
    categories: property(alv.category, 'code', entry, 'Catégorie', 'Category', 'code'),
    value: property(alv.value, 'quantity', entry, 'Valeur', 'Value', 'quantity'),
    valueText: property(alv.finding, 'text', entry, 'Constat', 'Finding', 'drop'),
    components: property(alv.component, 'table', entry, 'Parties', 'Parts', 'parts'),
    interpretation: property(alv.interpretation, 'text', entry, 'Interprétation', 'Interpretation', INTERPRETATIONS),
    referenceRange: property(alv.referenceRange, 'text', entry, 'Valeurs usuelles', 'Usual range', 'drop'),
    bodySite: property(alv.bodySite, 'text', entry, 'Partie du corps', 'Body site', 'drop'),
    performer: property(alv.performer, 'text', entry, 'Réalisée par', 'Performed by', 'drop'),
    recorded: property(alv.recorded, 'date', entry, 'Publiée le', 'Issued', 'year'),
    note: property(alv.note, 'note', entry, 'Remarque', 'Note', 'drop'),
  },
  dated: ['date', 'recorded'],
})
