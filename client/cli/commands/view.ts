/** `alveole view`: what the members of a circle, or one person, let me read. Live: rows come from their owners' pods. */
import type { SharedView, ViewRow } from '#core'
import { errorText } from '../../core/messages.ts'
import { AlveoleError, type ErrorCode } from '#crypto'
import type { Command } from '../command.ts'
import { exitCodeOf } from '../exit-codes.ts'
import { groupNamed, kindNamed } from '../names.ts'
import { day, kindLabel, moment, withoutKeys } from '../shown.ts'
import { table } from '../table.ts'

export const view: Command = {
  name: 'view',
  synopsis: { fr: 'CERCLE|WEBID [--kind K]', en: 'GROUP|WEBID [--kind K]' },
  about: {
    fr: 'Montre ce que les membres d’un cercle, ou une personne, vous laissent lire.',
    en: 'Shows what the members of a circle, or a person, let you read.',
  },
  options: ['kind'],
  takes: [1, 1],
  run: async ({ arguments: [of = ''], options, language, say, vault }) => {
    const kind = options.kind === undefined ? {} : { kind: kindNamed(options.kind) }
    const opened = await vault.open()
    const { rows, problems }: SharedView = await opened.views.open(await groupNamed(opened, of), kind)
    for (const { owner, code } of problems) {
      const error = new AlveoleError(code as ErrorCode)
      say({ fr: `${owner} : ${errorText(error, 'fr')}`, en: `${owner}: ${errorText(error, 'en')}` })
    }
    return {
      json: { rows: rows.map(rowJson), problems },
      text: () =>
        table(
          rows.map(row => [
            day(row.date),
            kindLabel(row.kind, language),
            row.label,
            row.ownerName,
            moment(row.until, language),
          ]),
        ),
      exit: exitCodeOf(problems),
    }
  },
}

const rowJson = ({ id, kind, label, owner, grant, until, value }: ViewRow) => ({
  id,
  kind,
  label,
  owner,
  grant,
  until,
  fields: withoutKeys(value),
})
