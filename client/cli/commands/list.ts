/** `alveole list`: what the vault holds, a line per record. */
import type { Query } from '#core'
import { inLanguage, type Command, type Context } from '../command.ts'
import { collectionNamed, collectionNames, facetNamed, kindNamed, recordIdOf } from '../names.ts'
import { single } from '../required.ts'
import { day, kindLabel, type Row } from '../shown.ts'
import { table } from '../table.ts'
import { usage } from '../told.ts'

const SYNOPSIS =
  '[--kind K] [--facet F] [--collection C] [--text T] [--person ID] [--from D] [--to D] [--limit N] [--offset N]'

export const list: Command = {
  name: 'list',
  synopsis: { fr: SYNOPSIS, en: SYNOPSIS },
  about: {
    fr: `Liste ce que contient le coffre.
--text cherche des mots, sans égard aux accents ni aux majuscules. --person : la fiche d’une personne et ce qui s’y rapporte.
--from et --to bornent la date, comprises : 2024, 2024-05 ou 2024-05-17. --limit et --offset : une page, le plus récent d’abord.`,
    en: `Lists what the vault holds.
--text looks for words, accents and case aside. --person: a person’s record and what refers to it.
--from and --to bound the date, both included: 2024, 2024-05 or 2024-05-17. --limit and --offset: a page, newest first.`,
  },
  options: ['kind', 'facet', 'collection', 'text', 'person', 'from', 'to', 'limit', 'offset'],
  takes: [0, 0],
  run: async context => {
    const { options, language, vault } = context
    const wanted = queryOf(context)
    const collection = single(options, 'collection')
    const opened = await vault.open()
    if (collection !== undefined) wanted.collection = (await collectionNamed(opened, collection)).id
    const names = await collectionNames(opened)
    const found = await opened.records.list(wanted, language)
    const rows = found.map(({ id, kind, collection: at, label, date, facets, pending }): Row => ({
      id,
      kind,
      collection: names.get(at) ?? at,
      label,
      date,
      facets,
      ...(pending && { pending }),
    }))
    const waits = inLanguage(context, ' (pas encore envoyé)', ' (not sent yet)')
    return {
      json: rows,
      text: () =>
        table(
          rows.map(({ id, kind, label, date, pending }) => [
            day(date),
            kindLabel(kind, language),
            label + (pending ? waits : ''),
            id,
          ]),
        ),
    }
  },
}

function queryOf({ options }: Context): Query {
  const facet = single(options, 'facet')
  const [from, to] = [dateOf(options.from), dateOf(options.to)]
  if (from && to && from > to && !from.startsWith(to))
    throw usage('--from vient après --to.', '--from comes after --to.')
  const [limit, offset] = [countOf(options.limit), countOf(options.offset)]
  return {
    ...(options.kind !== undefined && { kind: kindNamed(options.kind) }),
    ...(facet !== undefined && { facet: facetNamed(facet) }),
    ...(options.text !== undefined && { text: options.text }),
    ...(options.person !== undefined && { person: recordIdOf(options.person) }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(limit !== undefined && { limit }),
    ...(offset !== undefined && { offset }),
    ...((limit ?? offset) !== undefined && { order: '-date' as const }),
  }
}

function dateOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const [, year = '', month = '01', day = '01'] = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/.exec(text) ?? []
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`)
  if (!Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)) return text
  throw usage(
    `« ${text} » n’est pas une date : 2024, 2024-05 ou 2024-05-17.`,
    `"${text}" is not a date: 2024, 2024-05 or 2024-05-17.`,
  )
}

function countOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw usage(`« ${text} » n’est pas un nombre.`, `"${text}" is not a number.`)
}
