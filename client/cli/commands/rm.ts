/** `alveole rm`: one record, for good. */
import { inLanguage, type Command } from '../command.ts'
import { recordOf } from '../record.ts'

export const rm: Command = {
  name: 'rm',
  synopsis: { fr: 'ID', en: 'ID' },
  about: { fr: 'Supprime une donnée du coffre, définitivement.', en: 'Deletes a record from the vault, for good.' },
  takes: [1, 1],
  run: async context => {
    const [id = ''] = context.arguments
    const opened = await context.vault.open()
    const record = await recordOf(opened, id)
    await opened.records.remove(record.id)
    return { json: { removed: record.id }, text: () => inLanguage(context, `Supprimé : ${id}`, `Deleted: ${id}`) }
  },
}
