/** FHIR R4 Condition, AllergyIntolerance, Procedure, Immunization, CarePlan, Device, DeviceUseStatement. */
import type { Mapping } from './mapping.ts'
import { allWords, codes, compact, date, joined, notes, periodEnd, when, words } from './types.ts'

export const condition: Mapping = {
  kind: 'Condition',
  properties: (view, { who }) =>
    compact({
      text: words(view.object('code')),
      codes: codes(view.object('code')),
      categories: view.objects('category').flatMap(codes),
      status: words(view.object('clinicalStatus')),
      verification: words(view.object('verificationStatus')),
      severity: words(view.object('severity')),
      bodySite: allWords(view.objects('bodySite')),
      start: when(view, 'onset'),
      end: when(view, 'abatement'),
      recorded: date(view.text('recordedDate')),
      performer: who(view.object('asserter') ?? view.object('recorder')),
      note: notes(view),
    }),
}

export const allergy: Mapping = {
  kind: 'Allergy',
  properties: (view, { who }) =>
    compact({
      text:
        words(view.object('code')) ??
        allWords(view.objects('reaction').flatMap(item => item.object('substance') ?? [])),
      codes: codes(view.object('code')),
      categories: view.texts('category'),
      status: words(view.object('clinicalStatus')),
      verification: words(view.object('verificationStatus')),
      severity: view.text('criticality'),
      reactions: view
        .objects('reaction')
        .flatMap(item => joined([allWords(item.objects('manifestation')), item.text('severity')], ', ') ?? []),
      start: when(view, 'onset'),
      recorded: date(view.text('recordedDate')),
      performer: who(view.object('asserter') ?? view.object('recorder')),
      note: notes(view),
    }),
}

export const procedure: Mapping = {
  kind: 'Procedure',
  properties: (view, { who }) =>
    compact({
      text: words(view.object('code')),
      codes: codes(view.object('code')),
      status: view.text('status'),
      date: when(view, 'performed'),
      end: periodEnd(view.object('performedPeriod')),
      reason: allWords(view.objects('reasonCode')) ?? joined(view.objects('reasonReference').map(who), ', '),
      bodySite: allWords(view.objects('bodySite')),
      performer: joined(
        view.objects('performer').map(item => who(item.object('actor'))),
        ', ',
      ),
      place: who(view.object('location')),
      conclusion: words(view.object('outcome')),
      note: notes(view),
    }),
}

export const immunization: Mapping = {
  kind: 'Immunization',
  properties: (view, { who }) => {
    const protocols = view.objects('protocolApplied')
    const doses = protocols.map(item => {
      const number = item.has('doseNumberPositiveInt') ? item.decimal('doseNumberPositiveInt') : undefined
      return number ?? item.text('doseNumberString')
    })
    return compact({
      text: words(view.object('vaccineCode')),
      codes: codes(view.object('vaccineCode')),
      status: view.text('status'),
      date: when(view, 'occurrence'),
      disease: allWords(protocols.flatMap(item => item.objects('targetDisease'))),
      dose: joined(doses, ', '),
      lot: view.text('lotNumber'),
      manufacturer: who(view.object('manufacturer')),
      bodySite: words(view.object('site')),
      performer: joined(
        view.objects('performer').map(item => who(item.object('actor'))),
        ', ',
      ),
      place: who(view.object('location')),
      note: notes(view),
    })
  },
}

export const carePlan: Mapping = {
  kind: 'CarePlan',
  properties: (view, { who }) =>
    compact({
      text: view.text('title') ?? allWords(view.objects('category')),
      codes: view.objects('category').flatMap(codes),
      status: view.text('status'),
      date: date(view.object('period')?.text('start') ?? view.text('created')),
      end: periodEnd(view.object('period')),
      activities: view.objects('activity').flatMap(item => {
        const detail = item.object('detail')
        return words(detail?.object('code')) ?? detail?.text('description') ?? who(item.object('reference')) ?? []
      }),
      goals: view.objects('goal').flatMap(goal => who(goal) ?? []),
      performer: who(view.object('author')),
      note: joined([view.text('description'), notes(view)], '\n'),
    }),
}

export const device: Mapping = {
  kind: 'Device',
  properties: view =>
    compact({
      text: words(view.object('type')) ?? view.objects('deviceName')[0]?.text('name'),
      codes: codes(view.object('type')),
      status: view.text('status'),
      date: date(view.text('manufactureDate')),
      end: date(view.text('expirationDate')),
      manufacturer: view.text('manufacturer'),
      serial: view.text('serialNumber'),
      lot: view.text('lotNumber'),
      note: notes(view),
    }),
}

export const deviceUse: Mapping = {
  kind: 'Device',
  properties: (view, { who }) =>
    compact({
      text: who(view.object('device')),
      status: view.text('status'),
      date: when(view, 'timing') ?? date(view.text('recordedOn')),
      end: periodEnd(view.object('timingPeriod')),
      bodySite: words(view.object('bodySite')),
      reason: allWords(view.objects('reasonCode')),
      note: notes(view),
    }),
}
