/** `alveole move`: the vault to another server, with the same WebID, root, shares and circles. Cut short, the same line goes on. */
import { moveVault } from '#core'
import { accountPassword, podElsewhere } from '../account.ts'
import { inLanguage, type Command } from '../command.ts'
import { surroundings } from '../open.ts'
import { required } from '../required.ts'

const SYNOPSIS = '--server URL --email E --password-file F --name N'

export const move: Command = {
  name: 'move',
  synopsis: { fr: SYNOPSIS, en: SYNOPSIS },
  about: {
    fr: `Déménage le coffre sur un autre serveur : un compte et un pod y sont créés, tout y est copié et vérifié, puis votre profil y renvoie.
WebID, clés, partages et cercles restent ; l’ancien pod est fermé, pas effacé. Les cercles fondés dans l’ancien pod y restent.`,
    en: `Moves the vault to another server: an account and a pod are made there, everything is copied and checked, then your profile points there.
WebID, keys, shares and circles stay; the old pod is shut, not erased. Circles founded in the old pod stay there.`,
  },
  options: ['server', 'email', 'password-file', 'name'],
  takes: [0, 0],
  run: async context => {
    const { options, profile, progress, signal, vault } = context
    const account = {
      server: required(options, 'server'),
      email: required(options, 'email'),
      name: required(options, 'name'),
    }
    const password = await accountPassword(context)
    const { session, password: unlock } = await vault.prepare()
    await vault.hold()
    const pod = await podElsewhere({ ...account, password, webId: session.webId })
    const moved = { ...session, pod }
    const [here, there] = [await surroundings(context, session), await surroundings(context, moved)]
    const onProgress = (done: number, of: number): void => progress.show({ fr: pod, en: pod }, done / of)
    vault.keep(await moveVault(here, { password: unlock }, there.pod, { onProgress, signal }))
    await profile.save(moved)
    const told = inLanguage(context, 'Le coffre est maintenant dans', 'The vault is now in')
    return { json: { webId: session.webId, pod, from: session.pod }, text: () => `${told} ${pod}` }
  },
}
