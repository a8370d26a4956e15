/** `alveole verify`: every byte and every signature of the vault. */
import { inLanguage, type Command } from '../command.ts'
import { exitCodeOf } from '../exit-codes.ts'
import { problemLine } from '../problem-line.ts'

export const verify: Command = {
  name: 'verify',
  synopsis: { fr: '', en: '' },
  about: {
    fr: 'Relit tout le coffre et vérifie chaque octet et chaque signature. Sort avec 4 si quelque chose a été altéré.',
    en: 'Reads the whole vault and checks every byte and every signature. Exits with 4 if something was altered.',
  },
  takes: [0, 0],
  run: async context => {
    const { language, progress, vault } = context
    const opened = await vault.open()
    const { resources, bytes, problems } = await opened.verify(count =>
      progress.show({ fr: `${count} fichiers vérifiés`, en: `${count} files checked` }, null),
    )
    const counted = inLanguage(
      context,
      `${resources} fichiers, ${bytes} octets vérifiés`,
      `${resources} files, ${bytes} bytes checked`,
    )
    return {
      json: { resources, bytes, problems },
      text: () => [counted, ...problems.map(({ where, code }) => problemLine(where, code, language))].join('\n'),
      exit: exitCodeOf(problems),
    }
  },
}
