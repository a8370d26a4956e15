/** `alveole rm`: one record, for good. */
import { inLanguage, type Command } from '../command.ts'
import { recordOf, takenId } from '../record.ts'

export const rm: Command = {
  name: 'rm',
  synopsis: { fr: 'ID [--erase]', en: 'ID [--erase]' },
  about: {
    fr: `Supprime une donnée du coffre, définitivement.
--erase efface aussitôt du serveur ses versions antérieures et ses fichiers, que le ménage n’ôte sinon qu’avec le temps.
Si le serveur fait défaut en chemin, la même ligne encore une fois, ou la commande suivante, efface ce qui reste.`,
    en: `Deletes a record from the vault, for good.
--erase deletes its older versions and its files from the server at once, which tidying would do in time.
Where the server fails on the way, the same line again, or the next command, deletes what is left.`,
  },
  options: ['erase'],
  takes: [1, 1],
  run: async context => {
    const [id = ''] = context.arguments
    const opened = await context.vault.open()
    const record = context.options.erase ? await takenId(opened, id) : (await recordOf(opened, id)).id
    await (context.options.erase ? opened.records.erase(record) : opened.records.remove(record))
    const keptIn = opened.selections.keptIn(record)
    return {
      json: { removed: record, ...(keptIn.length && { keptIn }) },
      text: () =>
        [
          inLanguage(context, `Supprimé : ${id}`, `Deleted: ${id}`),
          ...keptIn.map(one =>
            inLanguage(
              context,
              `Une copie figée reste partagée jusqu’à alveole revoke ${one}`,
              `A copy as it was stays shared until alveole revoke ${one}`,
            ),
          ),
        ].join('\n'),
    }
  },
}
