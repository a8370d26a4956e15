/** `alveole grant`: lets a person or a circle read some facets, until a date, for a purpose. */
import type { Command, Context } from '../command.ts'
import { collectionNamed, facetNamed, groupNamed, purposeNamed, recordIdOf } from '../names.ts'
import { required } from '../required.ts'
import { checkAhead, endsText } from '../shares.ts'
import { parseTime } from '../time.ts'
import { usage } from '../told.ts'

export const grant: Command = {
  name: 'grant',
  synopsis: {
    fr: '--to WEBID|CERCLE [--collection C… | --record ID… [--snapshot] [--deidentified]] [--facet F…] [--from D] --until D --purpose P',
    en: '--to WEBID|GROUP [--collection C… | --record ID… [--snapshot] [--deidentified]] [--facet F…] [--from D] --until D --purpose P',
  },
  about: {
    fr: `Donne à une personne ou à un cercle le droit de lire des facettes (health/immunizations), jusqu’à une date, pour un but.
Sans --facet : tout ce que contiennent les collections nommées, sauf le sensible. Sans --collection : les facettes nommées, partout.
--record ne partage que ces données, en copie tenue à jour, ou telles quelles aujourd’hui avec --snapshot ; sans --facet : tout sauf le sensible.
--deidentified n’en montre que les champs sûrs : l’année au lieu de la date, la région au lieu du lieu, des pseudonymes pour les identifiants,
ni textes, ni noms, ni sources. Cela cache des champs, pas qui vous êtes : la copie est dans votre pod, et une image montre ce qu’elle montre.
Une date est en ISO 8601 ou une durée : 24h, 30d, 2w, 3mo, 1y. Un but est un terme DPV : dpv:HealthcareManagement.`,
    en: `Lets a person or a circle read facets (health/immunizations), until a date, for a purpose.
Without --facet: all that the named collections hold, but the sensitive. Without --collection: the named facets, everywhere.
--record shares these records alone, as a copy that is kept up to date, or as they are today with --snapshot; without --facet: all but the sensitive.
--deidentified shows their safe fields alone: the year instead of the date, the region instead of the place, pseudonyms for identifiers,
no texts, names or sources. It hides fields, not who you are: the copy stands in your pod, and a picture shows what it shows.
A date is ISO 8601 or a duration: 24h, 30d, 2w, 3mo, 1y. A purpose is a DPV term: dpv:HealthcareManagement.`,
  },
  options: ['to', 'collection', 'facet', 'record', 'snapshot', 'deidentified', 'from', 'until', 'purpose'],
  takes: [0, 0],
  run: async context => {
    const { options, vault } = context
    const recipient = required(options, 'to')
    const purpose = purposeNamed(required(options, 'purpose'))
    const time = timesOf(context)
    const facets = options.facet?.map(facetNamed)
    checkNamed(options)
    const opened = await vault.open()
    const to = await groupNamed(opened, recipient) // or a WebID, which is an address too
    const named =
      options.collection && (await Promise.all(options.collection.map(name => collectionNamed(opened, name))))
    const what = {
      ...(facets && { facets }),
      ...(named && { collections: named.map(({ id }) => id) }),
      ...(options.record && { records: options.record.map(recordIdOf), follow: !options.snapshot }),
      ...(options.deidentified && { deidentified: true }),
    }
    const { grant, until, enforcedBy } = await opened.grants.give({ to, purpose, ...time, ...what })
    return { json: { grant, until, enforcedBy }, text: () => `${grant}\n${endsText(context, until, enforcedBy)}` }
  },
}

function checkNamed({ facet, collection, record, snapshot, deidentified }: Context['options']): void {
  if (!facet && !collection && !record)
    throw usage(
      'Dites quoi partager : --facet, --collection ou --record.',
      'Say what to share: --facet, --collection or --record.',
    )
  if (record && collection)
    throw usage('--record et --collection ne vont pas ensemble.', '--record and --collection do not go together.')
  if (!record && (snapshot || deidentified))
    throw usage('--snapshot et --deidentified vont avec --record.', '--snapshot and --deidentified go with --record.')
}

function timesOf({ options }: Context): { from?: Date; until: Date } {
  const until = checkAhead(parseTime(required(options, 'until'), 'end'))
  const from = options.from === undefined ? null : parseTime(options.from, 'start')
  if (from && from >= until) throw usage('--from vient après --until.', '--from comes after --until.')
  return { until, ...(from && { from }) }
}
