/** `alveole group invite` and `alveole group join`: the two ends of a link. */
import { inLanguage, type Command } from '../command.ts'
import { groupNamed } from '../names.ts'

export const groupInvite: Command = {
  name: 'group invite',
  synopsis: { fr: 'CERCLE', en: 'GROUP' },
  about: {
    fr: 'Donne un lien d’invitation, à coller dans Alvéole (Cercles, Entrer avec un lien) ou après « alveole group join ». Il est secret : ne l’envoyez qu’aux personnes invitées.',
    en: 'Gives an invitation link, to be pasted in Alvéole (Circles, Join with a link) or after "alveole group join". It is a secret: send it to the invited only.',
  },
  takes: [1, 1],
  run: async ({ arguments: [group = ''], vault }) => {
    const opened = await vault.open()
    const link = await opened.groups.invite(await groupNamed(opened, group))
    return { json: { link }, text: () => link }
  },
}

export const groupJoin: Command = {
  name: 'group join',
  synopsis: { fr: 'LIEN', en: 'LINK' },
  about: {
    fr: 'Demande à entrer dans un cercle. Le lien peut venir de l’entrée standard : alveole group join -',
    en: 'Asks to join a circle. The link may come from standard input: alveole group join -',
  },
  takes: [1, 1],
  run: async context => {
    const [given = ''] = context.arguments
    const prompt = { fr: 'Lien d’invitation', en: 'Invitation link' }
    const link = given === '-' ? await context.secrets.read('-', { option: 'LINK', prompt }) : given
    const { group, state } = await (await context.vault.open()).groups.join(link)
    const pending = inLanguage(context, 'demande envoyée', 'request sent')
    return { json: { group, state }, text: () => `${group} ${state === 'pending' ? pending : state}` }
  },
}
