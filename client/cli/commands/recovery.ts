/** `alveole recovery kit` and `alveole recovery test`: the 24 words, and whether the copy on paper is right. */
import { inLanguage, type Command } from '../command.ts'
import { kitText } from '../kit.ts'
import { absent, Told } from '../told.ts'

export const recoveryKit: Command = {
  name: 'recovery kit',
  synopsis: { fr: '', en: '' },
  about: {
    fr: 'Montre de nouveau le kit de secours, tant que votre copie n’a pas été vérifiée.',
    en: 'Shows the rescue kit again, as long as your copy has not been checked.',
  },
  takes: [0, 0],
  run: async ({ language, vault }) => {
    const kit = await (await vault.open()).recovery.kit(language)
    if (kit) return { json: { kit }, text: () => kitText(kit, language) }
    throw absent(
      'Seule la machine qui a créé le coffre peut montrer le kit, et seulement avant recovery test : ensuite il n’existe plus que sur votre papier.',
      'Only the machine that made the vault can show the kit, and only before recovery test: after that it exists on your paper alone.',
    )
  },
}

export const recoveryTest: Command = {
  name: 'recovery test',
  synopsis: { fr: '[--words-file F]', en: '[--words-file F]' },
  about: {
    fr: 'Vérifie que votre copie des 24 mots ouvre bien ce coffre.',
    en: 'Checks that your copy of the 24 words does open this vault.',
  },
  options: ['words-file'],
  takes: [0, 0],
  run: async context => {
    await context.vault.prepare()
    const prompt = { fr: 'Les 24 mots', en: 'The 24 words' }
    const words = await context.secrets.read(context.options['words-file'], {
      option: '--words-file',
      prompt,
      many: true,
    })
    if (await (await context.vault.open()).recovery.test(words)) {
      return { json: { ok: true }, text: () => inLanguage(context, 'Le kit est bon.', 'The kit is right.') }
    }
    throw new Told('wrong-unlock', {
      fr: 'Ces mots n’ouvrent pas ce coffre. Vérifiez leur ordre et leur orthographe.',
      en: 'These words do not open this vault. Check their order and spelling.',
    })
  },
}
