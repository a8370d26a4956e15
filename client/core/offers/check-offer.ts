/** What a group may ask at all (SPEC X11): checked by who publishes, and again by whoever is asked. */
import { AlveoleError } from '#crypto'
import { facet, legalBasis, purpose, reachesHealth } from '#vocab'
import type { OfferTerms } from './offer.ts'

/** A hundred years. */
const DAYS = 36_525

/** Throws `usage` where something is missing or unknown, `refused` where nobody may ask for it. */
export function checkOffer(of: OfferTerms): void {
  const { title, terms, controller, facets, end } = of
  for (const words of [title, terms]) needs('words in both languages', words.fr.trim() && words.en.trim())
  needs('who answers for it, and how to reach them', controller.name.trim() && controller.contact.trim())
  needs('facets, each once', facets.length && new Set(facets).size === facets.length)
  for (const path of facets) needs('facets of the vocabulary', facet(path))
  needs('a purpose', purpose(of.purpose) === of.purpose)
  needs('a legal basis', legalBasis(of.legalBasis) === of.legalBasis)
  if ('until' in end) needs('an end that is to come', end.until > of.issued)
  else needs('an end', Number.isInteger(end.days) && end.days >= 1 && end.days <= DAYS)
  // De-identified copies too: they stand in the giver's own pod, so whoever reads them knows whose they are (Z).
  if (of.compensation && facets.some(reachesHealth)) {
    const detail = { field: 'compensation', facet: facets.find(reachesHealth)! }
    throw new AlveoleError('refused', 'health data is not for money', { detail })
  }
}

function needs(what: string, given: unknown): void {
  if (!given) throw new AlveoleError('usage', `an offer has ${what}`, { detail: { field: what } })
}
