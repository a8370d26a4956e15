/** `alveole group found`: a new circle, with oneself as its steward. */
import type { Command } from '../command.ts'

export const groupFound: Command = {
  name: 'group found',
  synopsis: { fr: 'NOM', en: 'NAME' },
  about: { fr: 'Crée un cercle dont vous êtes responsable.', en: 'Makes a circle that you look after.' },
  takes: [1, 1],
  run: async ({ arguments: [name = ''], vault }) => {
    const { group } = await (await vault.open()).groups.found(name)
    return { json: { group }, text: () => group }
  },
}
