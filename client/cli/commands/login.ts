/** `alveole login`: an existing vault on a new machine, which becomes one of its devices. */
import { hostname } from 'node:os'
import { openVault, type Unlock } from '#core'
import { accountPassword, checkFree, existingAccount } from '../account.ts'
import type { Command, Context } from '../command.ts'
import { surroundings } from '../open.ts'
import { required } from '../required.ts'
import { kitOf, unlockPassword } from '../unlock.ts'

const SYNOPSIS = '--server URL --email E --password-file F --unlock-file U [--words-file W]'

const UNCONFIRMED = {
  fr: 'Rien de nouveau n’est partagé depuis cette machine avant que vous ayez regardé vos partages : alveole shares, puis alveole shares --confirm.',
  en: 'Nothing new is shared from this machine until you have looked at your shares: alveole shares, then alveole shares --confirm.',
}

export const login: Command = {
  name: 'login',
  synopsis: { fr: SYNOPSIS, en: SYNOPSIS },
  about: {
    fr: `Ouvre sur cette machine un coffre qui existe déjà.
--unlock-file contient le mot de passe du coffre, ou les 24 mots du kit, qui serviront alors de mot de passe sur cette machine.
Avec --words-file, les 24 mots sont dans W et --unlock-file donne le mot de passe choisi pour cette machine.`,
    en: `Opens a vault that exists already on this machine.
--unlock-file holds the vault password, or the 24 words of the kit, which are then the password on this machine.
With --words-file, the 24 words are in W and --unlock-file gives the password chosen for this machine.`,
  },
  options: ['server', 'email', 'password-file', 'words-file'],
  takes: [0, 0],
  run: async context => {
    const { options, profile, vault } = context
    const [server, email] = [required(options, 'server'), required(options, 'email')]
    const password = await accountPassword(context)
    const unlock = await unlockOf(context)
    await vault.hold()
    await checkFree(profile, email)
    const session = await existingAccount({ server, email, password })
    const opened = await openVault(await surroundings(context, session), unlock, {
      name: hostname(),
      anew: true,
    })
    vault.keep(opened)
    await profile.save(session)
    if ((await opened.grants.list()).some(({ confirmed }) => !confirmed)) context.say(UNCONFIRMED)
    const { webId, pod } = session
    return { json: { webId, pod }, text: () => `WebID ${webId}\nPod ${pod}` }
  },
}

async function unlockOf(context: Context): Promise<Unlock> {
  const { options, secrets } = context
  const file = options['words-file']
  const prompt = { fr: 'Les 24 mots du kit', en: 'The 24 words of the kit' }
  const words = file === undefined ? null : await secrets.read(file, { option: '--words-file', prompt })
  const password = await unlockPassword(context, words !== null)
  const kit = words ?? kitOf(password)
  return kit ? { words: kit, password } : { password }
}
