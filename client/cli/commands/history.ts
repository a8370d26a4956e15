/** `alveole history`: what was given and taken back, and by whom each line is vouched for. */
import type { JournalLine } from '#core'
import type { Localised } from '#vocab'
import type { Command } from '../command.ts'
import { moment } from '../shown.ts'
import { table } from '../table.ts'

const events: Record<JournalLine['what'], Localised> = {
  granted: { fr: 'partagé', en: 'shared' },
  revoked: { fr: 'partage arrêté', en: 'sharing stopped' },
  ended: { fr: 'partage arrivé à sa fin', en: 'sharing came to its end' },
  'device-added': { fr: 'appareil ajouté', en: 'device added' },
  'group-founded': { fr: 'cercle créé', en: 'circle made' },
  'member-admitted': { fr: 'membre entré', en: 'member admitted' },
  'member-removed': { fr: 'membre retiré', en: 'member removed' },
}

export const history: Command = {
  name: 'history',
  synopsis: { fr: '', en: '' },
  about: {
    fr: 'Raconte ce qui a été partagé et repris, et quand.',
    en: 'Tells what was shared and taken back, and when.',
  },
  takes: [0, 0],
  run: async ({ language, vault }) => {
    const lines = await (await vault.open()).journal.lines()
    return {
      json: lines,
      text: () =>
        table(lines.map(({ at, what, who, object }) => [moment(at, language), events[what][language], who, object])),
    }
  },
}
