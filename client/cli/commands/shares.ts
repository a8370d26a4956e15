/** `alveole shares`: what one lets others read. */
import type { GrantState } from '#core'
import { facet, type Language, type Localised } from '#vocab'
import type { Command } from '../command.ts'
import { moment } from '../shown.ts'
import { table } from '../table.ts'

const states: Record<GrantState, Localised> = {
  giving: { fr: 'en cours', en: 'being given' },
  live: { fr: 'actif', en: 'live' },
  scheduled: { fr: 'prévu', en: 'scheduled' },
  ended: { fr: 'terminé', en: 'ended' },
  ending: { fr: 'se termine', en: 'ending' },
}

export const shares: Command = {
  name: 'shares',
  synopsis: { fr: '', en: '' },
  about: {
    fr: 'Liste ce que vous laissez lire, à qui et jusqu’à quand.',
    en: 'Lists what you let others read, whom and until when.',
  },
  takes: [0, 0],
  run: async ({ language, vault }) => {
    const grants = await (await vault.open()).grants.list()
    return {
      json: grants.map(({ grant, to, facets, until, state }) => ({ grant, to, facets, until, state })),
      text: () =>
        table(
          grants.map(({ grant, toName, facets, until, state }) => [
            states[state][language],
            toName,
            moment(until, language),
            labels(facets, language),
            grant,
          ]),
        ),
    }
  },
}

const labels = (paths: readonly string[], language: Language): string =>
  paths.map(path => facet(path)?.label[language] ?? path).join(', ')
