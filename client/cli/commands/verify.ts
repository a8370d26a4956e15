/** `alveole verify`: every byte and every signature of the vault. */
import { inLanguage, type Command } from '../command.ts'
import { exitCodeOf } from '../exit-codes.ts'
import { problemLine } from '../problem-line.ts'

export const verify: Command = {
  name: 'verify',
  synopsis: { fr: '', en: '' },
  about: {
    fr: `Relit tout le coffre et vérifie chaque octet et chaque signature. Sort avec 4 si quelque chose a été altéré.
Sinon, retire ce que des programmes interrompus ont laissé et que rien ne nomme depuis une semaine.`,
    en: `Reads the whole vault and checks every byte and every signature. Exits with 4 if something was altered.
Else removes what programs that died left behind, once nothing has named it for a week.`,
  },
  takes: [0, 0],
  run: async context => {
    const { language, progress, vault } = context
    const opened = await vault.open()
    const { resources, bytes, problems } = await opened.verify(count =>
      progress.show({ fr: `${count} fichiers vérifiés`, en: `${count} files checked` }, null),
    )
    if (!problems.length) await opened.tidy()
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
