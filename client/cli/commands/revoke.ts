/** `alveole revoke`: ends a grant, now. */
import type { GrantId, Reencrypted } from '#core'
import { inLanguage, type Command, type Context } from '../command.ts'
import { iriOf } from '../names.ts'

export const revoke: Command = {
  name: 'revoke',
  synopsis: { fr: 'PARTAGE', en: 'GRANT' },
  about: {
    fr: `Met fin à un partage : le serveur refuse dès la demande suivante, et la suite est écrite sous de nouvelles clés.
--rewrap chiffre aussi à nouveau les données que ce partage ouvrait, et efface les anciennes du serveur.
Interrompu, il s’achève quand on le redemande ; ce qui n’était plus qu’à effacer l’est par la commande suivante.
--reencrypt chiffre aussi à nouveau, sous de nouvelles clés, les fichiers que ce partage ouvrait. Interrompu, il reprend où il en était.`,
    en: `Ends a grant: the server refuses from the next request on, and what follows is written under new keys.
--rewrap also seals what this grant opened anew, and deletes what was there from the server.
Interrupted, it is finished when it is asked for again; what was only left to delete is deleted by the next command.
--reencrypt also seals the files that this grant opened anew, under new keys. Interrupted, it goes on where it stopped.`,
  },
  options: ['rewrap', 'reencrypt'],
  takes: [1, 1],
  run: async context => {
    const { arguments: given, options, progress, signal, vault } = context
    const { grant, state, reencrypted } = await (
      await vault.open()
    ).grants.revoke(iriOf(given[0] ?? '') as GrantId, {
      rewrap: options.rewrap ?? false,
      reencrypt: options.reencrypt ?? false,
      onProgress: (done, total, of) => progress.show(WORDS[of], total ? done / total : 1),
      signal,
    })
    return {
      json: { grant, state, ...(reencrypted && { reencrypted }) },
      text: () =>
        [
          inLanguage(context, `Partage terminé : ${grant}`, `Grant ended: ${grant}`),
          ...(reencrypted ? [reencryptedText(context, reencrypted)] : []),
        ].join('\n'),
    }
  },
}

const WORDS = {
  records: { fr: 'Données chiffrées à nouveau', en: 'Sealing records anew' },
  files: { fr: 'Fichiers chiffrés à nouveau', en: 'Sealing files anew' },
}

const reencryptedText = (context: Context, { files, bytes }: Reencrypted): string =>
  inLanguage(
    context,
    `Fichiers chiffrés à nouveau : ${files} (${bytes} octets)`,
    `Files sealed anew: ${files} (${bytes} bytes)`,
  )
