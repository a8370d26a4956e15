/** FHIR R4 Patient, Encounter, Appointment, Coverage, Claim, ClaimResponse, ExplanationOfBenefit, Consent. */
import type { Json } from '#vocab'
import type { Mapping } from './mapping.ts'
import {
  addressWords,
  allWords,
  codes,
  coding,
  compact,
  date,
  humanName,
  joined,
  periodEnd,
  quantity,
  words,
} from './types.ts'
import type { View } from './view.ts'

const telecom = (views: readonly View[]): string[] => views.flatMap(view => view.text('value') ?? [])

const identifiers = (view: View): Json[] =>
  view
    .objects('identifier')
    .map(item => compact({ system: item.text('system'), value: item.text('value'), type: words(item.object('type')) }))

export const patient: Mapping = {
  kind: 'Patient',
  properties: view => {
    const names = view.objects('name')
    const name = names.find(item => item.text('use') === 'official') ?? names[0]
    return compact({
      text: name ? humanName(name) : undefined,
      familyName: name?.text('family'),
      givenName: joined(name?.texts('given') ?? []),
      birthDate: date(view.text('birthDate')),
      deathDate: view.has('deceasedDateTime') ? date(view.text('deceasedDateTime')) : undefined,
      sex: view.text('gender'),
      identifiers: identifiers(view),
      address: view.objects('address').flatMap(item => addressWords(item) ?? []),
      telecom: telecom(view.objects('telecom')),
      contacts: view.objects('contact').flatMap(item => {
        const called = item.object('name')
        return (
          joined(
            [
              called ? humanName(called) : undefined,
              allWords(item.objects('relationship')),
              ...telecom(item.objects('telecom')),
            ],
            ', ',
          ) ?? []
        )
      }),
    })
  },
}

export const encounter: Mapping = {
  kind: 'Encounter',
  properties: (view, { who }) => {
    const type = view.object('class')
    return compact({
      text: allWords(view.objects('type')) ?? type?.text('display') ?? type?.text('code'),
      codes: view.objects('type').flatMap(codes),
      categories: type ? [coding(type)] : [],
      status: view.text('status'),
      date: date(view.object('period')?.text('start')),
      end: periodEnd(view.object('period')),
      reason: allWords(view.objects('reasonCode')) ?? joined(view.objects('reasonReference').map(who), ', '),
      performer: joined(
        view.objects('participant').map(item => who(item.object('individual'))),
        ', ',
      ),
      place: joined(
        [who(view.object('serviceProvider')), ...view.objects('location').map(item => who(item.object('location')))],
        ', ',
      ),
    })
  },
}

export const appointment: Mapping = {
  kind: 'Encounter',
  properties: (view, { who }) =>
    compact({
      text: view.text('description') ?? allWords(view.objects('serviceType')) ?? words(view.object('appointmentType')),
      codes: view.objects('serviceType').flatMap(codes),
      status: view.text('status'),
      date: date(view.text('start')),
      end: date(view.text('end')),
      reason: allWords(view.objects('reasonCode')),
      performer: joined(
        view.objects('participant').map(item => who(item.object('actor'))),
        ', ',
      ),
    }),
}

export const coverage: Mapping = {
  kind: 'Coverage',
  properties: (view, { who }) => {
    const subscriber = view.text('subscriberId')
    return compact({
      text: words(view.object('type')) ?? joined(view.objects('payor').map(who), ', '),
      codes: codes(view.object('type')),
      status: view.text('status'),
      date: date(view.object('period')?.text('start')),
      end: periodEnd(view.object('period')),
      insurer: joined(view.objects('payor').map(who), ', '),
      identifiers: [
        ...identifiers(view),
        ...(subscriber === undefined ? [] : [{ type: 'subscriberId', value: subscriber }]),
      ],
    })
  },
}

/** Claim, ClaimResponse and ExplanationOfBenefit have the same backbone. */
export const claim: Mapping = {
  kind: 'Coverage',
  properties: (view, { who }) => {
    const items = view.objects('item').flatMap(item => words(item.object('productOrService')) ?? [])
    // A Claim has one total; the answers to it have a list of them.
    const total =
      view.text('resourceType') === 'Claim' ? view.object('total') : view.objects('total')[0]?.object('amount')
    return compact({
      text: joined([...new Set(items)].slice(0, 3), ', ') ?? words(view.object('type')),
      codes: codes(view.object('type')),
      status: view.text('status'),
      date: date(view.object('billablePeriod')?.text('start') ?? view.text('created')),
      end: periodEnd(view.object('billablePeriod')),
      amount: quantity(total ?? view.object('payment')?.object('amount')),
      insurer: who(view.object('insurer')),
      performer: who(view.object('provider') ?? view.object('requestor')),
      identifiers: identifiers(view),
      items,
    })
  },
}

export const consent: Mapping = {
  kind: 'Directive',
  properties: (view, { who }) => {
    const provision = view.object('provision')
    return compact({
      text:
        allWords(provision?.objects('code') ?? []) ?? allWords(view.objects('category')) ?? words(view.object('scope')),
      codes: provision?.objects('code').flatMap(codes),
      categories: [...view.objects('category').flatMap(codes), ...codes(view.object('scope'))],
      status: view.text('status'),
      date: date(view.text('dateTime')),
      end: periodEnd(provision?.object('period')),
      decision: provision?.text('type'),
      performer: joined(view.objects('performer').map(who), ', '),
    })
  },
}
