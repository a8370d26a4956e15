/** `alveole rm`: one record, for good. */
import { inLanguage, type Command } from '../command.ts'
import { recordOf } from '../record.ts'

export const rm: Command = {
  name: 'rm',
  synopsis: { fr: 'ID [--erase]', en: 'ID [--erase]' },
  about: {
    fr: `Supprime une donnée du coffre, définitivement.
--erase efface aussitôt du serveur ses versions antérieures et ses fichiers, que le ménage n’ôte sinon qu’avec le temps.`,
    en: `Deletes a record from the vault, for good.
--erase deletes its older versions and its files from the server at once, which tidying would do in time.`,
  },
  options: ['erase'],
  takes: [1, 1],
  run: async context => {
    const [id = ''] = context.arguments
    const opened = await context.vault.open()
    const record = await recordOf(opened, id)
    await (context.options.erase ? opened.records.erase(record.id) : opened.records.remove(record.id))
    return { json: { removed: record.id }, text: () => inLanguage(context, `Supprimé : ${id}`, `Deleted: ${id}`) }
  },
}
