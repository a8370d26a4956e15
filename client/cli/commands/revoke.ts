/** `alveole revoke`: ends a grant, now. */
import type { GrantId } from '#core'
import { inLanguage, type Command } from '../command.ts'
import { iriOf } from '../names.ts'

export const revoke: Command = {
  name: 'revoke',
  synopsis: { fr: 'PARTAGE', en: 'GRANT' },
  about: {
    fr: 'Met fin à un partage : le serveur refuse dès la demande suivante, et la suite est écrite sous de nouvelles clés.',
    en: 'Ends a grant: the server refuses from the next request on, and what follows is written under new keys.',
  },
  options: ['rewrap', 'reencrypt'],
  takes: [1, 1],
  run: async context => {
    const [named = ''] = context.arguments
    const { grant, state } = await (await context.vault.open()).grants.revoke(iriOf(named) as GrantId)
    return {
      json: { grant, state },
      text: () => inLanguage(context, `Partage terminé : ${grant}`, `Grant ended: ${grant}`),
    }
  },
}
