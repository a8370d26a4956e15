/** `alveole group offer`, `alveole group offers` and `alveole group withdraw`: what a circle asks of its members. */
import type { OfferId, OfferInfo } from '#core'
import { inLanguage, type Command } from '../command.ts'
import { groupNamed, iriOf } from '../names.ts'
import { readOfferFile } from '../offer-file.ts'
import { offerText } from '../offer-text.ts'

export const groupOffer: Command = {
  name: 'group offer',
  synopsis: { fr: 'CERCLE FICHIER', en: 'GROUP FILE' },
  about: {
    fr: `Demande aux membres d’un cercle de laisser lire des données ; chacun répond, ou non. Réservé aux responsables.
Le fichier est en JSON : voir le manuel. S’il nomme une proposition (« offer »), celle-ci change, et la question est posée de nouveau.`,
    en: `Asks the members of a circle to let it read something; each answers, or not. For stewards.
The file is JSON: see the manual. If it names an offer ("offer"), that one changes, and everybody is asked again.`,
  },
  takes: [2, 2],
  run: async ({ arguments: [group = '', file = ''], vault }) => {
    const policy = await readOfferFile(file)
    const opened = await vault.open()
    const { offer, version } = await opened.groups.offer(await groupNamed(opened, group), policy)
    return { json: { offer, version }, text: () => offer }
  },
}

export const groupOffers: Command = {
  name: 'group offers',
  synopsis: { fr: 'CERCLE', en: 'GROUP' },
  about: {
    fr: 'Dit ce qu’un cercle demande, et ce que vous avez répondu.',
    en: 'Says what a circle asks, and what you answered.',
  },
  takes: [1, 1],
  run: async ({ arguments: [group = ''], language, vault }) => {
    const opened = await vault.open()
    const offers = await opened.groups.offers(await groupNamed(opened, group))
    return { json: offers.map(json), text: () => offers.map(one => offerText(one, language)).join('\n\n') }
  },
}

const json = ({ offer, version, state, terms }: OfferInfo) => {
  const { title, facets, purpose, legalBasis, compensation, deidentified } = terms
  const end = 'until' in terms.end ? { until: new Date(terms.end.until).toISOString() } : terms.end
  return { offer, version, state, title, facets, purpose, legalBasis, ...end, compensation, deidentified }
}

export const groupWithdraw: Command = {
  name: 'group withdraw',
  synopsis: { fr: 'CERCLE PROPOSITION', en: 'GROUP OFFER' },
  about: {
    fr: 'Ne demande plus rien par cette proposition. Ce qui a été accepté le reste, jusqu’à sa fin ou son retrait par son propriétaire.',
    en: 'Asks for nothing more by this offer. What was accepted stays so, until its end or until its owner withdraws.',
  },
  takes: [2, 2],
  run: async context => {
    const [group = '', offer = ''] = context.arguments
    const opened = await context.vault.open()
    const named = iriOf(offer) as OfferId
    await opened.groups.withdrawOffer(await groupNamed(opened, group), named)
    return { json: { offer: named }, text: () => inLanguage(context, 'Proposition retirée', 'Offer withdrawn') }
  },
}
