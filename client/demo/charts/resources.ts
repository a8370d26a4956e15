/** What a chart is made of: vaccines, allergies, problems, medicines, measurements, events, documents. */
import type { Json } from '#vocab'
import { by, code, concept, notes, unit, type Coded, type Resource } from './fhir.ts'

interface Vaccine {
  /** CVX. */
  code: Coded
  disease: string
  date: string
  dose: number
  lot: string
  by: string
  note?: string
}

export const vaccine = ({ code, disease, date, dose, lot, by: who, note }: Vaccine): Resource => ({
  resourceType: 'Immunization',
  status: 'completed',
  vaccineCode: concept('cvx', code),
  occurrenceDateTime: date,
  lotNumber: lot,
  performer: [{ actor: by(who) }],
  protocolApplied: [{ doseNumberPositiveInt: dose, targetDisease: [{ text: disease }] }],
  ...notes(note),
})

interface Allergy {
  text: string
  category: 'food' | 'medication' | 'environment'
  criticality: 'low' | 'high'
  reactions: string[]
  since: string
  by: string
  note?: string
}

export const allergy = ({ text, category, criticality, reactions, since, by: who, note }: Allergy): Resource => ({
  resourceType: 'AllergyIntolerance',
  clinicalStatus: code('allergy-clinical', 'active'),
  category: [category],
  criticality,
  code: { text },
  onsetDateTime: since,
  asserter: by(who),
  reaction: [{ manifestation: reactions.map(reaction => ({ text: reaction })) }],
  ...notes(note),
})

interface Problem {
  /** ICD-10. */
  code: Coded
  since: string
  until?: string
  by: string
  note?: string
}

export const problem = ({ code: named, since, until, by: who, note }: Problem): Resource => ({
  resourceType: 'Condition',
  clinicalStatus: code('condition-clinical', until ? 'resolved' : 'active'),
  code: concept('icd10', named),
  onsetDateTime: since,
  ...(until && { abatementDateTime: until }),
  asserter: by(who),
  ...notes(note),
})

interface Medicine {
  /** ATC. */
  code: Coded
  dosage: string
  date: string
  until?: string
  ended?: boolean
  by: string
  reason: string
  note?: string
}

export const medicine = ({ code, dosage, date, until, ended, by: who, reason, note }: Medicine): Resource => ({
  resourceType: 'MedicationRequest',
  status: ended ? 'completed' : 'active',
  intent: 'order',
  medicationCodeableConcept: concept('atc', code),
  authoredOn: date,
  requester: by(who),
  reasonCode: [{ text: reason }],
  dosageInstruction: [{ text: dosage }],
  ...(until && { dispenseRequest: { validityPeriod: { start: date, end: until } } }),
  ...notes(note),
})

type Category = 'laboratory' | 'vital-signs' | 'social-history'

interface Measure {
  /** LOINC. */
  code: Coded
  unit: string
  low?: number
  high?: number
  category?: Category
  by: string
}

const observation = (named: Coded, category: Category, date: string, more: { [element: string]: Json }): Resource => ({
  resourceType: 'Observation',
  status: 'final',
  category: [code('observation-category', category)],
  code: concept('loinc', named),
  effectiveDateTime: date,
  ...more,
})

function flag(value: number, low = -Infinity, high = Infinity): { [element: string]: Json } {
  if (value >= low && value <= high) return {}
  const [letter, text] = value > high ? ['H', 'Élevé · High'] : ['L', 'Bas · Low']
  return { interpretation: [{ ...code('interpretation', letter), text }] }
}

/** The same measurement over the years, so that a trend shows. */
export const measures = (
  { code, unit: symbol, low, high, category = 'laboratory', by: who }: Measure,
  values: readonly (readonly [date: string, value: number])[],
): Resource[] =>
  values.map(([date, value]) =>
    observation(code, category, date, {
      valueQuantity: unit(value, symbol),
      ...((low !== undefined || high !== undefined) && {
        referenceRange: [
          {
            ...(low !== undefined && { low: unit(low, symbol) }),
            ...(high !== undefined && { high: unit(high, symbol) }),
          },
        ],
      }),
      ...flag(value, low, high),
      performer: [by(who)],
    }),
  )

export const finding = (named: Coded, date: string, text: string, category: Category = 'laboratory'): Resource =>
  observation(named, category, date, { valueString: text })

const part = (named: Coded, value: number): Json => ({
  code: concept('loinc', named),
  valueQuantity: unit(value, 'mm[Hg]'),
})

export const bloodPressures = (
  words: { whole: string; upper: string; lower: string },
  who: string,
  values: readonly (readonly [date: string, upper: number, lower: number])[],
): Resource[] =>
  values.map(([date, upper, lower]) =>
    observation(['85354-9', words.whole], 'vital-signs', date, {
      component: [part(['8480-6', words.upper], upper), part(['8462-4', words.lower], lower)],
      performer: [by(who)],
    }),
  )
