/** FHIR data types (R4, datatypes.html) turned into the value shapes of the vocabulary. */
import type { Json, RecordValue } from '#vocab'
import type { View } from './view.ts'

/** Members that are there: undefined, empty text and empty lists are left out. */
export function compact(members: { [name: string]: Json | undefined }): RecordValue {
  const value: RecordValue = {}
  for (const [name, json] of Object.entries(members)) {
    if (json === undefined || json === '' || (Array.isArray(json) && json.length === 0)) continue
    value[name] = json
  }
  return value
}

export const joined = (parts: readonly (string | undefined)[], separator = ' '): string | undefined =>
  parts.filter(part => part !== undefined && part !== '').join(separator) || undefined

export const coding = (view: View): Json =>
  compact({ system: view.text('system'), code: view.text('code'), display: view.text('display') })

/** Codings of a CodeableConcept. */
export const codes = (concept: View | undefined): Json[] => concept?.objects('coding').map(coding) ?? []

/** Words of a CodeableConcept: its text, else a display, else a code. */
export function words(concept: View | undefined): string | undefined {
  if (!concept) return undefined
  const codings = concept.objects('coding')
  const first = (name: string): string | undefined => codings.map(view => view.text(name)).find(Boolean)
  return concept.text('text') ?? first('display') ?? first('code')
}

export const allWords = (concepts: readonly View[]): string | undefined => joined(concepts.map(words), ', ')

export function quantity(view: View | undefined): Json | undefined {
  const value = view?.decimal('value')
  if (!view || value === undefined) return undefined
  const money = view.text('currency')
  return compact({
    value,
    unit: view.text('unit') ?? view.text('code') ?? money,
    comparator: view.text('comparator'),
    code: view.text('code'),
    system: view.text('system'),
  })
}

export function quantityWords(view: View | undefined): string | undefined {
  const value = view?.decimal('value')
  if (!view || value === undefined) return undefined
  return joined([view.text('comparator'), value, view.text('unit') ?? view.text('code')])
}

const range = (view: View): string | undefined =>
  joined([quantityWords(view.object('low')), quantityWords(view.object('high'))], ' – ')

const ISO = /^\d{4}(-\d\d(-\d\d(T.*)?)?)?$/

/** A FHIR date of any precision; words that are no date stay words. */
export const date = (text: string | undefined): Json | undefined =>
  text === undefined || ISO.test(text) ? text : { text }

/** Start of a choice of date types: `onset` reads onsetDateTime, onsetDate, onsetPeriod, onsetInstant, onsetString … */
export function when(view: View, name: string): Json | undefined {
  const instant = view.has(`${name}DateTime`) ? `${name}DateTime` : `${name}Instant`
  const period = view.object(`${name}Period`)
  const timing = view.object(`${name}Timing`)
  const told = view.text(`${name}String`) ?? quantityWords(view.object(`${name}Age`))
  const between = view.object(`${name}Range`)
  const text = told ?? (between ? range(between) : undefined)
  return (
    date(view.text(instant) ?? view.text(`${name}Date`)) ??
    date(period?.text('start') ?? period?.text('end') ?? timing?.texts('event')[0]) ??
    (text === undefined ? undefined : { text })
  )
}

export const periodEnd = (view: View | undefined): Json | undefined => date(view?.text('end'))

export const notes = (view: View): string | undefined =>
  joined(
    view.objects('note').map(note => note.text('text')),
    '\n',
  )

export function humanName(view: View): string | undefined {
  return (
    view.text('text') ??
    joined([...view.texts('prefix'), ...view.texts('given'), view.text('family'), ...view.texts('suffix')])
  )
}

export function addressWords(view: View): string | undefined {
  const town = joined([view.text('postalCode'), view.text('city')])
  return view.text('text') ?? joined([...view.texts('line'), town, view.text('state'), view.text('country')], ', ')
}

/** Any `value[x]` in words, for what has no quantity. */
export function valueWords(view: View): string | undefined {
  const flag = view.has('valueBoolean') ? view.flag('valueBoolean') : undefined
  const integer = view.has('valueInteger') ? view.decimal('valueInteger') : undefined
  const between = view.object('valueRange')
  const ratio = view.object('valueRatio')
  const period = view.object('valuePeriod')
  return (
    words(view.object('valueCodeableConcept')) ??
    view.text('valueString') ??
    view.text('valueDateTime') ??
    view.text('valueTime') ??
    integer ??
    (flag === undefined ? undefined : String(flag)) ??
    (between ? range(between) : undefined) ??
    (ratio
      ? joined([quantityWords(ratio.object('numerator')), quantityWords(ratio.object('denominator'))], ' / ')
      : undefined) ??
    (period ? joined([period.text('start'), period.text('end')], ' – ') : undefined)
  )
}

export const referenceRange = (view: View): string | undefined =>
  joined(
    view.objects('referenceRange').map(item => item.text('text') ?? range(item)),
    '; ',
  )
