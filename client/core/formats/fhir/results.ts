/** FHIR R4 Observation and DiagnosticReport. */
import type { Json } from '#vocab'
import type { Mapping } from './mapping.ts'
import {
  allWords,
  codes,
  compact,
  date,
  joined,
  notes,
  quantity,
  referenceRange,
  valueWords,
  when,
  words,
} from './types.ts'
import type { View } from './view.ts'

const part = (view: View): Json =>
  compact({
    text: words(view.object('code')),
    codes: codes(view.object('code')),
    value: quantity(view.object('valueQuantity')),
    valueText: valueWords(view) ?? words(view.object('dataAbsentReason')),
    interpretation: allWords(view.objects('interpretation')),
    referenceRange: referenceRange(view),
  })

export const observation: Mapping = {
  kind: 'Observation',
  properties: (view, { who }) =>
    compact({
      text: words(view.object('code')),
      codes: codes(view.object('code')),
      categories: view.objects('category').flatMap(codes),
      status: view.text('status'),
      date: when(view, 'effective'),
      recorded: date(view.text('issued')),
      value: quantity(view.object('valueQuantity')),
      valueText: valueWords(view) ?? words(view.object('dataAbsentReason')),
      components: view.objects('component').map(part),
      interpretation: allWords(view.objects('interpretation')),
      referenceRange: referenceRange(view),
      bodySite: words(view.object('bodySite')),
      performer: joined(view.objects('performer').map(who), ', '),
      note: notes(view),
    }),
}

export const diagnosticReport: Mapping = {
  kind: 'DiagnosticReport',
  properties: (view, { who, ref }) =>
    compact({
      text: words(view.object('code')),
      codes: codes(view.object('code')),
      categories: view.objects('category').flatMap(codes),
      status: view.text('status'),
      date: when(view, 'effective'),
      recorded: date(view.text('issued')),
      results: view.objects('result').flatMap(item => ref(item) ?? []),
      conclusion: joined([view.text('conclusion'), allWords(view.objects('conclusionCode'))], '\n'),
      performer: joined(view.objects('performer').map(who), ', '),
    }),
}
