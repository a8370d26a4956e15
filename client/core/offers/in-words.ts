/** Offers and answers in everyday words, in either language: what the command line, the web page and the printed receipt say. */
import { facet, isSensitive, legalBases, purposes, type Language, type Localised } from '#vocab'
import type { OfferTerms } from './offer.ts'
import type { ConsentInfo } from './standing.ts'

export interface OfferWords {
  title: string
  /** Who asks, and how to reach them. */
  who: string
  facets: { path: string; label: string; sensitive: boolean }[]
  /** What for, until when, on what ground, and what one may answer. */
  sentences: string[]
  /** The group's own text. */
  terms: string
}

export const offerWords = (of: OfferTerms, language: Language): OfferWords => ({
  title: of.title[language],
  who: asks(of.controller)[language],
  facets: of.facets.map(path => ({ path, label: facetLabel(path, language), sensitive: isSensitive(path) })),
  sentences: [
    purposeOf(of.purpose)[language],
    until(of, language),
    groundOf(of.legalBasis)[language],
    (of.compensation ? PAID : UNPAID)[language],
    ...(of.deidentified ? [DEIDENTIFIED[language]] : []),
    FREE[language],
  ],
  terms: of.terms[language],
})

/** A receipt, line by line. */
export function consentWords(of: ConsentInfo, language: Language): string[] {
  const { title, who, sentences, terms } = offerWords(of.terms, language)
  const given = of.facets.map(path => `– ${facetLabel(path, language)}`)
  const what = (of.status === 'refused' ? REFUSED : GIVEN)[language]
  const lines = [RECEIPT[language], title, who, answer(of, language), what, ...given]
  const end = of.until && of.status === 'given' ? [ends(of.until, language), WITHDRAW[language]] : []
  return [...lines, ...end, ASKED[language], ...sentences.slice(0, -1), terms, number(of, language)]
}

/** From the top: "Health › Immunizations". */
export function facetLabel(path: string, language: Language): string {
  const steps = path.split('/').map((_, at, all) => all.slice(0, at + 1).join('/'))
  return steps.map(step => facet(step)?.label[language] ?? step).join(' › ')
}

const RECEIPT: Localised = { fr: 'Reçu de consentement', en: 'Consent receipt' }
const GIVEN: Localised = { fr: 'Ce qui est donné à lire :', en: 'What may be read:' }
const REFUSED: Localised = { fr: 'Ce qui était demandé :', en: 'What was asked for:' }
const ASKED: Localised = { fr: 'La proposition disait :', en: 'The offer said:' }
const PAID: Localised = { fr: 'Vous recevez de l’argent pour cela.', en: 'You are paid for it.' }
const UNPAID: Localised = { fr: 'Aucun argent n’est en jeu.', en: 'No money is involved.' }
const DEIDENTIFIED: Localised = {
  fr: 'Seuls les champs qui ne disent ni qui, ni où, ni quel jour sont donnés, de ce que vous avez le jour où vous acceptez.',
  en: 'Only fields that say neither who, nor where, nor which day are given, of what you have on the day you accept.',
}
const FREE: Localised = {
  fr: 'Vous pouvez en donner moins, refuser ou ne rien dire, et retirer votre accord quand vous voulez : vous restez membre.',
  en: 'You may give less, refuse or say nothing, and withdraw whenever you like: you stay a member.',
}
const WITHDRAW: Localised = {
  fr: 'Vous pouvez retirer cet accord à tout moment, aussi simplement que vous l’avez donné. Ce qui a été lu reste lu.',
  en: 'You can withdraw at any time, as simply as you agreed. What was read stays read.',
}

const asks = ({ name, contact }: OfferTerms['controller']): Localised => ({
  fr: `${name} (${contact}) demande à lire :`,
  en: `${name} (${contact}) asks to read:`,
})

function purposeOf(iri: string): Localised {
  const label = purposes.find(one => one.iri === iri)?.label ?? { fr: iri, en: iri }
  return { fr: `Pour : ${label.fr}.`, en: `What for: ${label.en}.` }
}

function groundOf(iri: string): Localised {
  const label = legalBases.find(one => one.iri === iri)?.label ?? { fr: iri, en: iri }
  return { fr: `Fondement : ${label.fr}.`, en: `Legal basis: ${label.en}.` }
}

function until({ end }: OfferTerms, language: Language): string {
  if ('until' in end) return ends(new Date(end.until).toISOString(), language)
  const days = end.days
  return language === 'fr'
    ? `Pendant ${days} jour${days > 1 ? 's' : ''} après votre accord, au plus.`
    : `For ${days} day${days > 1 ? 's' : ''} after you agree, at most.`
}

const ends = (at: string, language: Language): string =>
  language === 'fr' ? `Jusqu’au ${moment(at, 'fr')}, au plus tard.` : `Until ${moment(at, 'en')}, at the latest.`

const answers: Record<ConsentInfo['status'], Localised> = {
  given: { fr: 'Accord donné', en: 'Agreed' },
  refused: { fr: 'Refusé', en: 'Refused' },
  withdrawn: { fr: 'Accord retiré', en: 'Withdrawn' },
}

const answer = ({ status, at }: ConsentInfo, language: Language): string =>
  language === 'fr' ? `${answers[status].fr} le ${moment(at, 'fr')}.` : `${answers[status].en} on ${moment(at, 'en')}.`

/** By what the record and the offer that it answers can be found again. */
const number = ({ offer, version }: ConsentInfo, language: Language): string =>
  language === 'fr' ? `Proposition ${offer}, version ${version}.` : `Offer ${offer}, version ${version}.`

const moment = (at: string, language: Language): string =>
  new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'short' }).format(new Date(at))
