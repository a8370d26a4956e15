/** `alveole consent …`: one's own answers to what circles ask. */
import type { Choice, ConsentInfo, OfferId } from '#core'
import type { Language } from '#vocab'
import { inLanguage, type Command, type Context } from '../command.ts'
import { collectionNamed, facetNamed, iriOf } from '../names.ts'
import { receiptText } from '../offer-text.ts'
import { moment } from '../shown.ts'
import { table } from '../table.ts'
import { parseTime } from '../time.ts'
import { usage } from '../told.ts'

const offerIn = ({ arguments: [offer = ''] }: Context): OfferId => iriOf(offer) as OfferId
const json = ({ offer, group, version, status, at, facets, until, grant, narrowed, told }: ConsentInfo) => ({
  offer,
  group,
  version,
  status,
  at,
  facets,
  until,
  grant,
  narrowed,
  told,
})
const synopsis = { fr: 'PROPOSITION', en: 'OFFER' }

export const consentAccept: Command = {
  name: 'consent accept',
  synopsis: {
    fr: 'PROPOSITION [--facet F…] [--until D] [--collection C…]',
    en: 'OFFER [--facet F…] [--until D] [--collection C…]',
  },
  about: {
    fr: `Accepte ce qu’un cercle demande, ou une partie : moins de facettes, une fin plus proche, certaines collections.
Sans --facet : tout ce qui est demandé, sauf le sensible, à nommer.`,
    en: `Agrees to what a circle asks, or to a part of it: fewer facets, an earlier end, some collections.
Without --facet: all that is asked but the sensitive, which has to be named.`,
  },
  options: ['facet', 'until', 'collection'],
  takes: [1, 1],
  run: async context => {
    const { options, vault, language } = context
    const facets = options.facet?.map(facetNamed)
    const until = options.until === undefined ? null : parseTime(options.until, 'end')
    const opened = await vault.open()
    const named = await Promise.all((options.collection ?? []).map(name => collectionNamed(opened, name)))
    const choice: Choice = {
      ...(facets && { facets }),
      ...(until && { until }),
      ...(named.length && { collections: named.map(({ id }) => id) }),
    }
    const consent = await opened.consents.accept(offerIn(context), choice)
    return { json: json(consent), text: () => receiptText(consent, [language]) }
  },
}

export const consentRefuse: Command = {
  name: 'consent refuse',
  synopsis: { fr: 'PROPOSITION [--tell]', en: 'OFFER [--tell]' },
  about: {
    fr: `Refuse ce qu’un cercle demande, sans rien y perdre. Seul votre coffre le sait, sauf avec --tell.`,
    en: `Refuses what a circle asks, which costs nothing. Only your vault knows, unless with --tell.`,
  },
  options: ['tell'],
  takes: [1, 1],
  run: async context => {
    const opened = await context.vault.open()
    const consent = await opened.consents.refuse(offerIn(context), { tell: context.options.tell ?? false })
    return { json: json(consent), text: () => inLanguage(context, 'Refusée', 'Refused') }
  },
}

export const consentWithdraw: Command = {
  name: 'consent withdraw',
  synopsis,
  about: {
    fr: 'Retire votre accord : plus rien de nouveau ne se lit. Ce qui a été lu reste lu.',
    en: 'Withdraws what you agreed to: nothing new can be read. What was read stays read.',
  },
  takes: [1, 1],
  run: async context => {
    const consent = await (await context.vault.open()).consents.withdraw(offerIn(context))
    return { json: json(consent), text: () => inLanguage(context, 'Accord retiré', 'Withdrawn') }
  },
}

export const consentList: Command = {
  name: 'consent list',
  synopsis: { fr: '', en: '' },
  about: { fr: 'Liste toutes vos réponses, les plus anciennes d’abord.', en: 'Lists all your answers, oldest first.' },
  takes: [0, 0],
  run: async ({ language, vault }) => {
    const all = await (await vault.open()).consents.list()
    return {
      json: all.map(json),
      text: () => table(all.map(one => [one.status, moment(one.at, language), one.terms.title[language], one.offer])),
    }
  },
}

export const consentReceipt: Command = {
  name: 'consent receipt',
  synopsis: { fr: 'PROPOSITION [--lang fr|en]', en: 'OFFER [--lang fr|en]' },
  about: {
    fr: 'Écrit le reçu de votre dernière réponse, à imprimer, dans les deux langues ou une seule. --json : la trace signée, en JSON-LD.',
    en: 'Writes the receipt of your last answer, to be printed, in both languages or one. --json: the signed record, as JSON-LD.',
  },
  options: ['lang'],
  takes: [1, 1],
  run: async context => {
    const languages = languagesOf(context.options.lang)
    const consent = await (await context.vault.open()).consents.receipt(offerIn(context))
    return { json: JSON.parse(consent.record) as unknown, text: () => receiptText(consent, languages) }
  },
}

function languagesOf(asked: string | undefined): Language[] {
  if (asked === undefined) return ['fr', 'en']
  if (asked === 'fr' || asked === 'en') return [asked]
  throw usage('--lang : fr ou en.', '--lang: fr or en.')
}
