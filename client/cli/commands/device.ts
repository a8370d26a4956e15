/** `alveole device list` and `alveole device remove`: what opens the vault, and what shall no more. */
import type { DeviceInfo } from '#core'
import { endLogins } from '../../core/server-account.ts'
import { accountPassword } from '../account.ts'
import { inLanguage, type Command, type Context } from '../command.ts'
import { moment } from '../shown.ts'
import { table } from '../table.ts'
import { absent } from '../told.ts'

export const deviceList: Command = {
  name: 'device list',
  synopsis: { fr: '', en: '' },
  about: {
    fr: 'Liste les appareils qui ouvrent le coffre, et son mot de passe.',
    en: 'Lists the devices that open the vault, and its password.',
  },
  takes: [0, 0],
  run: async context => {
    const devices = await (await context.vault.open()).devices.list()
    const row = (device: DeviceInfo): string[] => [
      nameOf(device, context),
      stateOf(device, context),
      moment(device.added, context.language),
      device.id,
    ]
    return { json: devices, text: () => table(devices.map(row)) }
  },
}

export const deviceRemove: Command = {
  name: 'device remove',
  synopsis: { fr: 'ID [--password-file F]', en: 'ID [--password-file F]' },
  about: {
    fr: `Retire un appareil : il n’ouvre plus rien de ce qui est écrit ensuite. Ce qu’il avait, il a pu le garder.
Avec --password-file, le mot de passe du compte, toutes les connexions au serveur sont coupées aussi ; cette machine-ci est reconnectée.
Celle de votre agent l’est avec elles : relancez « alveole agent setup » sur sa machine.`,
    en: `Removes a device: it opens nothing that is written from then on. What it had, it may have kept.
With --password-file, the account password, all logins at the server end too; this machine is signed in again.
That of your agent ends with them: run "alveole agent setup" again on its machine.`,
  },
  options: ['password-file'],
  takes: [1, 1],
  run: async context => {
    const {
      arguments: [id = ''],
      options,
      vault,
    } = context
    await vault.prepare()
    const password = options['password-file'] === undefined ? null : await accountPassword(context)
    const opened = await vault.open()
    if (!(await opened.devices.list()).some(device => device.id === id))
      throw absent(`Aucun appareil ne porte l’identifiant « ${id} ».`, `No device has the identifier "${id}".`)
    await opened.devices.remove(id)
    await opened.settle() // while this login stands
    const logins = password !== null && (await signedInAnew(context, password)) ? 'ended' : 'standing'
    context.say(logins === 'standing' ? STANDING : ENDED)
    return { json: { device: id, logins }, text: () => inLanguage(context, `Retiré : ${id}`, `Removed: ${id}`) }
  },
}

const STANDING = {
  fr: 'Les connexions au serveur restent : tant que l’appareil retiré a la sienne, il peut voir et effacer des fichiers chiffrés, sans les lire. Un serveur Alvéole les coupe avec --password-file ; sur un autre, retirez-les dans votre compte : un accès déjà donné dure encore une heure au plus.',
  en: 'Logins at the server stand: as long as the removed device has its own, it can see and delete encrypted files, not read them. A server of Alvéole ends them with --password-file; on another one remove them in your account: an access that was given lasts an hour more at most.',
}

const ENDED = {
  fr: 'Toutes les connexions sont coupées, celle de votre agent comprise : si vous en avez un, relancez « alveole agent setup » sur sa machine.',
  en: 'All logins have ended, that of your agent included: if you have one, run "alveole agent setup" again on its machine.',
}

/** Whether the server ended all logins, this machine's with them: it has another from then on. */
async function signedInAnew({ profile, vault }: Context, password: string): Promise<boolean> {
  const { session } = await vault.prepare()
  const credentials = await endLogins(session.server, { email: session.email, password })
  if (!credentials) return false
  const { clientId, clientSecret } = credentials
  await profile.save({ ...session, clientId, clientSecret })
  return true
}

function nameOf({ name, kind }: DeviceInfo, context: Context): string {
  if (kind === 'password') return inLanguage(context, 'mot de passe', 'password')
  return name || inLanguage(context, 'sans nom', 'no name')
}

function stateOf({ this: isThis, active, leaving }: DeviceInfo, context: Context): string {
  if (leaving) return inLanguage(context, 'retrait en cours', 'being removed')
  if (!active) return inLanguage(context, 'retiré', 'removed')
  return isThis ? inLanguage(context, 'celui-ci', 'this one') : ''
}
