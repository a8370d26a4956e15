/** `alveole list`: what the vault holds, a line per record. */
import type { Query } from '#core'
import type { Command } from '../command.ts'
import { collectionNamed, collectionNames, facetNamed, kindNamed } from '../names.ts'
import { single } from '../required.ts'
import { day, kindLabel, type Row } from '../shown.ts'
import { table } from '../table.ts'

export const list: Command = {
  name: 'list',
  synopsis: { fr: '[--kind K] [--facet F] [--collection C]', en: '[--kind K] [--facet F] [--collection C]' },
  about: { fr: 'Liste ce que contient le coffre.', en: 'Lists what the vault holds.' },
  options: ['kind', 'facet', 'collection'],
  takes: [0, 0],
  run: async ({ options, language, vault }) => {
    const [facet, collection] = [single(options, 'facet'), single(options, 'collection')]
    const wanted: Query = {
      ...(options.kind !== undefined && { kind: kindNamed(options.kind) }),
      ...(facet !== undefined && { facet: facetNamed(facet) }),
    }
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
    return {
      json: rows,
      text: () => table(rows.map(({ id, kind, label, date }) => [day(date), kindLabel(kind, language), label, id])),
    }
  },
}
