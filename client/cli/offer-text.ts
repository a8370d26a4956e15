/** Offers and receipts as a terminal shows them. */
import { consentWords, offerWords, type ConsentInfo, type OfferInfo, type OfferState } from '#core'
import type { Language, Localised } from '#vocab'
import { printable } from './table.ts'

export const states: Record<OfferState, Localised> = {
  open: { fr: 'sans réponse', en: 'not answered' },
  accepted: { fr: 'acceptée', en: 'accepted' },
  narrowed: { fr: 'acceptée en partie', en: 'accepted in part' },
  refused: { fr: 'refusée', en: 'refused' },
  withdrawn: { fr: 'accord retiré', en: 'withdrawn' },
  changed: { fr: 'a changé : répondez de nouveau', en: 'changed: answer again' },
  ended: { fr: 'terminée', en: 'ended' },
}
/** Words of other people, line by line: nothing in them that a terminal would obey. */
const lines = (text: string): string => text.split('\n').map(printable).join('\n')
const SENSITIVE: Localised = { fr: 'sensible', en: 'sensitive' }

export function offerText({ offer, state, terms }: OfferInfo, language: Language): string {
  const { title, who, facets, sentences, terms: own } = offerWords(terms, language)
  const asked = facets.map(
    ({ path, label, sensitive }) => `– ${label} (${path})${sensitive ? `, ${SENSITIVE[language]}` : ''}`,
  )
  return [`${title} [${states[state][language]}]`, offer, who, ...asked, ...sentences, own].map(lines).join('\n')
}

/** In one language, or both. */
export const receiptText = (consent: ConsentInfo, languages: readonly Language[]): string =>
  languages.map(language => consentWords(consent, language).map(lines).join('\n')).join('\n\n———\n\n')
