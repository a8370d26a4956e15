/** `alveole show`: one record with all its properties; of a blob what describes it, not the key that opens it. */
import type { Command } from '../command.ts'
import { collectionNames } from '../names.ts'
import { recordOf } from '../record.ts'
import { kindLabel, propertyLines, rowOf, withoutKeys } from '../shown.ts'

export const show: Command = {
  name: 'show',
  synopsis: { fr: 'ID', en: 'ID' },
  about: { fr: 'Montre une donnée.', en: 'Shows one record.' },
  takes: [1, 1],
  run: async ({ arguments: [id = ''], language, vault }) => {
    const opened = await vault.open()
    const record = await recordOf(opened, id)
    const row = rowOf(record, await collectionNames(opened), language)
    return {
      json: { ...row, modified: new Date(record.modified).toISOString(), value: withoutKeys(record.value) },
      text: () =>
        [`${kindLabel(row.kind, language)}: ${row.label}`, propertyLines(record.kind, record.value, language)].join(
          '\n',
        ),
    }
  },
}
