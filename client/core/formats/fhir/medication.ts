/** FHIR R4 Medication, MedicationRequest, MedicationStatement, MedicationAdministration, MedicationDispense. */
import type { Json } from '#vocab'
import type { Mapping, Surroundings } from './mapping.ts'
import {
  allWords,
  codes,
  compact,
  date,
  joined,
  notes,
  periodEnd,
  quantity,
  quantityWords,
  when,
  words,
} from './types.ts'
import type { View } from './view.ts'

const product = (view: View, around: Surroundings): { [name: string]: Json | undefined } => {
  const concept = view.object('medicationCodeableConcept')
  const reference = view.object('medicationReference')
  const contained = around.contained(reference)
  const code = concept ?? contained?.object('code')
  return {
    text: words(code) ?? around.who(reference),
    codes: codes(code),
    form: words(contained?.object('form')),
    medication: around.ref(reference),
  }
}

/** "every 8 h" in the terms of Timing.repeat, which have no words of their own. */
function rhythm(timing: View | undefined): string | undefined {
  const repeat = timing?.object('repeat')
  const period = repeat?.decimal('period')
  const often =
    repeat && period
      ? `${repeat.decimal('frequency') ?? '1'} / ${period} ${repeat.text('periodUnit') ?? ''}`.trim()
      : undefined
  return (
    words(timing?.object('code')) ??
    joined([often, ...(repeat?.texts('when') ?? []), ...(repeat?.texts('timeOfDay') ?? [])])
  )
}

function dose(view: View): string | undefined {
  const amounts = view.objects('doseAndRate').map(item => {
    const between = item.object('doseRange')
    const low = quantityWords(between?.object('low'))
    return quantityWords(item.object('doseQuantity')) ?? joined([low, quantityWords(between?.object('high'))], ' – ')
  })
  return joined([...amounts, quantityWords(view.object('dose'))], ', ')
}

function dosageLine(view: View): string | undefined {
  const written = view.text('text')
  const parts = [dose(view), rhythm(view.object('timing')), words(view.object('route'))]
  return joined([written ?? joined(parts, ', '), view.text('patientInstruction')], '. ')
}

const dosages = (views: readonly View[]): Json[] => views.flatMap(view => dosageLine(view) ?? [])

const reasons = (view: View, { who }: Surroundings): string | undefined =>
  allWords(view.objects('reasonCode')) ?? joined(view.objects('reasonReference').map(who), ', ')

export const medicationRequest: Mapping = {
  kind: 'Medication',
  properties: (view, around) =>
    compact({
      ...product(view, around),
      status: view.text('status'),
      date: date(view.text('authoredOn')),
      end: periodEnd(view.object('dispenseRequest')?.object('validityPeriod')),
      dosage: dosages(view.objects('dosageInstruction')),
      quantity: quantity(view.object('dispenseRequest')?.object('quantity')),
      prescriber: around.who(view.object('requester')),
      reason: reasons(view, around),
      note: notes(view),
    }),
}

export const medicationStatement: Mapping = {
  kind: 'Medication',
  properties: (view, around) =>
    compact({
      ...product(view, around),
      status: view.text('status'),
      date: date(view.text('dateAsserted')) ?? when(view, 'effective'),
      start: when(view, 'effective'),
      end: periodEnd(view.object('effectivePeriod')),
      dosage: dosages(view.objects('dosage')),
      prescriber: around.who(view.object('informationSource')),
      reason: reasons(view, around),
      note: notes(view),
    }),
}

export const medicationAdministration: Mapping = {
  kind: 'Medication',
  properties: (view, around) =>
    compact({
      ...product(view, around),
      status: view.text('status'),
      date: when(view, 'effective'),
      end: periodEnd(view.object('effectivePeriod')),
      dosage: dosages([view.object('dosage')].filter(item => item !== undefined)),
      prescriber: joined(
        view.objects('performer').map(item => around.who(item.object('actor'))),
        ', ',
      ),
      reason: reasons(view, around),
      note: notes(view),
    }),
}

export const medicationDispense: Mapping = {
  kind: 'Medication',
  properties: (view, around) =>
    compact({
      ...product(view, around),
      status: view.text('status'),
      date: date(view.text('whenHandedOver') ?? view.text('whenPrepared')),
      dosage: dosages(view.objects('dosageInstruction')),
      quantity: quantity(view.object('quantity')),
      prescriber: joined(
        view.objects('performer').map(item => around.who(item.object('actor'))),
        ', ',
      ),
      note: notes(view),
    }),
}

export const medication: Mapping = {
  kind: 'Medication',
  properties: view =>
    compact({
      text:
        words(view.object('code')) ??
        allWords(view.objects('ingredient').flatMap(item => item.object('itemCodeableConcept') ?? [])),
      codes: codes(view.object('code')),
      status: view.text('status'),
      form: words(view.object('form')),
    }),
}
