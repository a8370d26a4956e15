/** `alveole shares`: what one lets others read. */
import type { GrantState, SelectionInfo } from '#core'
import type { Localised } from '#vocab'
import type { Command } from '../command.ts'
import { facetLabels, progressWords } from '../shares.ts'
import { moment } from '../shown.ts'
import { table } from '../table.ts'

const states: Record<GrantState, Localised> = {
  giving: { fr: 'en cours', en: 'being given' },
  live: { fr: 'actif', en: 'live' },
  scheduled: { fr: 'prévu', en: 'scheduled' },
  ended: { fr: 'terminé', en: 'ended' },
  ending: { fr: 'se termine', en: 'ending' },
}

const unconfirmed: Localised = { fr: 'à confirmer', en: 'to be confirmed' }

export const shares: Command = {
  name: 'shares',
  synopsis: { fr: '[--confirm]', en: '[--confirm]' },
  about: {
    fr: `Liste ce que vous laissez lire, à qui et jusqu’à quand.
Après alveole login, rien de nouveau n’est partagé depuis cette machine avant --confirm : « cette liste est juste ».`,
    en: `Lists what you let others read, whom and until when.
After alveole login nothing new is shared from this machine before --confirm: “this list is right”.`,
  },
  options: ['confirm'],
  takes: [0, 0],
  run: async ({ language, vault, options }) => {
    const opened = await vault.open()
    if (options.confirm) await opened.grants.confirm()
    const grants = await opened.grants.list()
    return {
      json: grants.map(({ grant, to, facets, until, state, selection }) => {
        const of = selection && { records: selection.records, follows: selection.follows }
        return { grant, to, facets, until, state, ...of, ...(selection && { deidentified: selection.deidentified }) }
      }),
      text: () =>
        table(
          grants.map(({ grant, toName, facets, until, state, progress, confirmed, selection }) => [
            confirmed ? (progress ? progressWords[progress] : states[state])[language] : unconfirmed[language],
            toName,
            moment(until, language),
            [...(selection ? [chosen(selection)[language]] : []), facetLabels(facets, language)].join(' · '),
            grant,
          ]),
        ),
    }
  },
}

function chosen({ records, follows, deidentified }: SelectionInfo): Localised {
  const [fr, en] = [
    [`${records.length} donnée(s)`, ...(follows ? [] : ['figées']), ...(deidentified ? ['désidentifiées'] : [])],
    [`${records.length} record(s)`, ...(follows ? [] : ['as they were']), ...(deidentified ? ['de-identified'] : [])],
  ]
  return { fr: fr.join(' '), en: en.join(' ') }
}
