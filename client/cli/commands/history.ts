/** `alveole history`: what was given, taken back and read, and by whom each line is vouched for. */
import type { JournalLine } from '#core'
import type { Language, Localised } from '#vocab'
import type { Command } from '../command.ts'
import { moment } from '../shown.ts'
import { table } from '../table.ts'

const events: Record<JournalLine['what'], Localised> = {
  granted: { fr: 'partagé', en: 'shared' },
  extended: { fr: 'partage prolongé', en: 'sharing extended' },
  shortened: { fr: 'partage raccourci', en: 'sharing shortened' },
  narrowed: { fr: 'partage restreint', en: 'sharing narrowed' },
  revoked: { fr: 'partage arrêté', en: 'sharing stopped' },
  ended: { fr: 'partage arrivé à sa fin', en: 'sharing came to its end' },
  'device-added': { fr: 'appareil ajouté', en: 'device added' },
  'device-removed': { fr: 'appareil retiré', en: 'device removed' },
  'group-founded': { fr: 'cercle créé', en: 'circle made' },
  'member-admitted': { fr: 'membre entré', en: 'member admitted' },
  'member-removed': { fr: 'membre retiré', en: 'member removed' },
  'rules-changed': {
    fr: 'droits d’accès changés par un autre programme, et rétablis',
    en: 'access rules changed by another program, and put right',
  },
  read: { fr: 'lu', en: 'read' },
  'reads-lost': { fr: 'lectures que le serveur n’a pas pu noter', en: 'reads that the server could not note' },
  'history-altered': { fr: 'l’historique du serveur a été modifié', en: 'the history of the server was altered' },
  'history-cut': {
    fr: 'il manque à l’historique du serveur ce qui y était',
    en: 'the history of the server lacks what was there',
  },
}

const byTime = (a: JournalLine, b: JournalLine): number => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)

const event = ({ what, times, application }: JournalLine, language: Language): string =>
  [events[what][language], times && times > 1 ? `×${times}` : '', application ? `(${application})` : '']
    .filter(Boolean)
    .join(' ')

export const history: Command = {
  name: 'history',
  synopsis: { fr: '', en: '' },
  about: {
    fr: 'Raconte ce qui a été partagé et repris, et qui a lu quoi, et quand.',
    en: 'Tells what was shared and taken back, who read what, and when.',
  },
  takes: [0, 0],
  run: async ({ language, vault }) => {
    const { journal } = await vault.open()
    const lines = [...(await journal.lines()), ...(await journal.reads())].sort(byTime)
    return {
      json: lines,
      text: () => table(lines.map(line => [moment(line.at, language), event(line, language), line.who, line.object])),
    }
  },
}
