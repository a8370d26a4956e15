/** `alveole group leave`: out of a circle, by one's own wish. */
import { inLanguage, type Command } from '../command.ts'
import { groupNamed } from '../names.ts'

export const groupLeave: Command = {
  name: 'group leave',
  synopsis: { fr: 'CERCLE', en: 'GROUP' },
  about: {
    fr: 'Demande à sortir d’un cercle. C’est fait quand un responsable ouvre Alvéole ; retirez vous-même ce que vous y partagez.',
    en: 'Asks to be taken out of a circle. It is done when a steward opens Alvéole; take back yourself what you share there.',
  },
  takes: [1, 1],
  run: async context => {
    const [named = ''] = context.arguments
    const vault = await context.vault.open()
    const group = await groupNamed(vault, named)
    await vault.groups.leave(group)
    return { json: { group }, text: () => inLanguage(context, 'Demande envoyée', 'Request sent') }
  },
}
