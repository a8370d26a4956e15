/** `alveole signup`: an account and a pod on a server, and a new vault in it. Cut short, the same line goes on. */
import { hostname } from 'node:os'
import { createVault } from '#core'
import { accountPassword, checkFree, newAccount } from '../account.ts'
import { inLanguage, type Command } from '../command.ts'
import { kitText } from '../kit.ts'
import { surroundings } from '../open.ts'
import { required } from '../required.ts'
import { unlockPassword } from '../unlock.ts'

const SYNOPSIS = '--server URL --email E --password-file F --name N --unlock-file U'

export const signup: Command = {
  name: 'signup',
  synopsis: { fr: SYNOPSIS, en: SYNOPSIS },
  about: {
    fr: `Crée un compte, un pod et un coffre.
--password-file : mot de passe du compte, que le serveur connaît ; --unlock-file : mot de passe du coffre, qu’il ne voit jamais.
Affiche les 24 mots du kit de secours.`,
    en: `Makes an account, a pod and a vault.
--password-file: password of the account, which the server knows; --unlock-file: password of the vault, which it never sees.
Prints the 24 words of the rescue kit.`,
  },
  options: ['server', 'email', 'password-file', 'name'],
  takes: [0, 0],
  run: async context => {
    const { language, options, profile, vault } = context
    const account = {
      server: required(options, 'server'),
      email: required(options, 'email'),
      name: required(options, 'name'),
    }
    const password = await accountPassword(context, true)
    const unlock = await unlockPassword(context, true)
    await vault.hold()
    await checkFree(profile, account.email)
    const session = await newAccount({ ...account, password }, context)
    await profile.save(session)
    const made = await createVault(await surroundings(context, session), {
      password: unlock,
      name: hostname(),
      language,
    })
    vault.keep(made.vault)
    const { webId, pod } = session
    const told = inLanguage(context, 'Votre WebID', 'Your WebID')
    return {
      json: { webId, pod, kit: made.kit },
      text: () => `${told} ${webId}\nPod ${pod}\n\n${kitText(made.kit, language)}`,
    }
  },
}
