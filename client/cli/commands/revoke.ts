/** `alveole revoke`: ends a grant, all of one person's or circle's, or every one, now. */
import type { GrantId, Reencrypted, Stopped, Vault } from '#core'
import { AlveoleError } from '#crypto'
import { errorText } from '../../core/messages.ts'
import { inLanguage, type Command, type Context, type Result } from '../command.ts'
import { confirmed } from '../confirm.ts'
import { exitCodeOf } from '../exit-codes.ts'
import { collectionNames, groupNamed, iriOf } from '../names.ts'
import { endedLine } from '../shares.ts'
import { usage } from '../told.ts'

export const revoke: Command = {
  name: 'revoke',
  synopsis: { fr: 'PARTAGE | --to WEBID|CERCLE | --all', en: 'GRANT | --to WEBID|GROUP | --all' },
  about: {
    fr: `Met fin à un partage : le serveur refuse dès la demande suivante, et la suite est écrite sous de nouvelles clés.
--to met fin à tout ce que cette personne ou ce cercle a reçu ; --all à tous les partages (--yes : sans demander).
--rotate change les clés aussitôt, sans attendre la prochaine écriture.
--rewrap chiffre aussi à nouveau les données que ce partage ouvrait, et efface les anciennes du serveur.
Interrompu, il s’achève quand on le redemande ; ce qui n’était plus qu’à effacer l’est par la commande suivante.
--reencrypt chiffre aussi à nouveau, sous de nouvelles clés, les fichiers que ce partage ouvrait. Interrompu, il reprend où il en était.`,
    en: `Ends a grant: the server refuses from the next request on, and what follows is written under new keys.
--to ends all that this person or circle was given; --all every grant there is (--yes: without asking).
--rotate changes the keys at once, without waiting for the next write.
--rewrap also seals what this grant opened anew, and deletes what was there from the server.
Interrupted, it is finished when it is asked for again; what was only left to delete is deleted by the next command.
--reencrypt also seals the files that this grant opened anew, under new keys. Interrupted, it goes on where it stopped.`,
  },
  options: ['to', 'all', 'yes', 'rotate', 'rewrap', 'reencrypt'],
  takes: [0, 1],
  run: async context => {
    const { arguments: given, options, vault } = context
    const asked = [given[0], options.to, options.all].filter(one => one !== undefined && one !== false)
    if (asked.length !== 1)
      throw usage('Il faut un partage, --to ou --all ; voir --help.', 'Expected a grant, --to or --all; see --help.')
    if (given[0] !== undefined) return one(context, iriOf(given[0]) as GrantId)
    if (options.rewrap || options.reencrypt)
      throw usage('--rewrap et --reencrypt vont avec un partage.', '--rewrap and --reencrypt go with one grant.')
    if (options.all) await confirmed(context, EVERYTHING)
    const opened = await vault.open()
    const how = { rotate: options.rotate ?? false }
    const stopped = options.all
      ? await opened.grants.stopEverything(how)
      : await opened.grants.revokeAll(await groupNamed(opened, options.to ?? ''), how) // or a WebID
    return many(context, opened, stopped)
  },
}

const EVERYTHING = {
  fr: 'Mettre fin à tous vos partages, pour tout le monde ? Ce qui a été lu a pu être gardé.',
  en: 'End all that you share, for everybody? What was read they may have kept.',
}

async function one(context: Context, id: GrantId): Promise<Result> {
  const { options, progress, signal, vault } = context
  const ended = await (
    await vault.open()
  ).grants.revoke(id, {
    rotate: options.rotate ?? false,
    rewrap: options.rewrap ?? false,
    reencrypt: options.reencrypt ?? false,
    onProgress: (done, total, of) => progress.show(WORDS[of], total ? done / total : 1),
    signal,
  })
  const { grant, state, reencrypted } = ended
  return {
    json: { grant, state, progress: ended.progress, ...(reencrypted && { reencrypted }) },
    text: () =>
      [endedLine(ended, context.language), ...(reencrypted ? [reencryptedText(context, reencrypted)] : [])].join('\n'),
  }
}

async function many(context: Context, opened: Vault, { grants, problems }: Stopped): Promise<Result> {
  const names = await collectionNames(opened)
  const told = problems.map(({ collection, code }) => ({ collection: names.get(collection) ?? collection, code }))
  const problemLine = ({ collection, code }: (typeof told)[number]): string =>
    `${collection}: ${errorText(new AlveoleError(code), context.language)}`
  return {
    json: { grants: grants.map(({ grant, to, state, progress }) => ({ grant, to, state, progress })), problems: told },
    text: () =>
      grants.length
        ? [...grants.map(grant => endedLine(grant, context.language)), ...told.map(problemLine)].join('\n')
        : inLanguage(context, 'Rien n’était partagé.', 'Nothing was shared.'),
    exit: exitCodeOf(told),
  }
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
