/** `alveole group admit` and `alveole group remove`: who belongs to a circle. */
import type { GroupId, Vault } from '#core'
import { inLanguage, type Command } from '../command.ts'
import { groupNamed, iriOf } from '../names.ts'

export const groupAdmit: Command = {
  name: 'group admit',
  synopsis: { fr: 'CERCLE WEBID', en: 'GROUP WEBID' },
  about: {
    fr: 'Fait entrer une personne qui l’a demandé avec un lien.',
    en: 'Lets in somebody who asked with a link.',
  },
  takes: [2, 2],
  run: async context => {
    const vault = await context.vault.open()
    const [group, webId] = await named(vault, context.arguments)
    const { name, state } = await vault.groups.admit(group, webId)
    return { json: { group, webId, state }, text: () => inLanguage(context, `Entrée : ${name}`, `Admitted: ${name}`) }
  },
}

export const groupRemove: Command = {
  name: 'group remove',
  synopsis: { fr: 'CERCLE WEBID', en: 'GROUP WEBID' },
  about: {
    fr: 'Retire une personne : plus rien de nouveau ne lui est lisible. Ce qu’elle a déjà lu, elle l’a lu.',
    en: 'Removes somebody: nothing new can be read by them. What they have read stays read.',
  },
  takes: [2, 2],
  run: async context => {
    const vault = await context.vault.open()
    const [group, webId] = await named(vault, context.arguments)
    await vault.groups.remove(group, webId)
    return {
      json: { group, webId, state: 'removed' },
      text: () => inLanguage(context, `Retiré : ${webId}`, `Removed: ${webId}`),
    }
  },
}

const named = async (vault: Vault, [group = '', webId = '']: string[]): Promise<[GroupId, string]> => [
  await groupNamed(vault, group),
  iriOf(webId),
]
