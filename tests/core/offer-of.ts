/** An offer as a steward fills one in. */
import type { OfferPolicy } from '#core'
import { euEhds, euGdpr } from '#vocab'
import { DAY, FACET } from './world.ts'

export const offerOf = (clock: () => number, more: Partial<OfferPolicy> = {}): OfferPolicy => ({
  title: { fr: 'Vaccins', en: 'Vaccines' },
  terms: { fr: 'Nous comptons les vaccins.', en: 'We count vaccinations.' },
  controller: { name: 'Coop', contact: 'dpo@coop.example' },
  facets: [FACET],
  purpose: euEhds.HealthcareScientificResearch,
  legalBasis: euGdpr['A9-2-a'],
  end: { until: clock() + 300 * DAY },
  compensation: false,
  deidentified: false,
  ...more,
})
