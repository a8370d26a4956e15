/** The account on the server, for signup and login: its password, and plain words for what the server refuses. */
import { hasVault } from '#core'
import { isCode, type AlveoleError } from '#crypto'
import {
  createServerAccount,
  createServerPod,
  serverCredentials,
  type ServerCredentials,
} from '../core/server-account.ts'
import type { Context } from './command.ts'
import { storageOf, surroundings } from './open.ts'
import type { Profile, Session } from './profile.ts'
import { Told } from './told.ts'

const PROMPT = { fr: 'Mot de passe du compte', en: 'Account password' }

export const accountPassword = ({ secrets, options }: Context, twice = false): Promise<string> =>
  secrets.read(options['password-file'], { option: '--password-file', prompt: PROMPT, twice })

export interface Account {
  server: string
  email: string
  password: string
}

/** A new account, or the one of the same e-mail and password that an earlier attempt left without a vault. */
export async function newAccount(account: Account & { name: string }, context: Context): Promise<Session> {
  const made = await createServerAccount(account.server, account).catch((error: unknown) => {
    if (isCode(error, 'taken') && error.detail['field'] === 'email') return null
    throw inWords(error)
  })
  const session = sessionOf(account, made ?? (await ownCredentials(account)))
  if (made || !(await hasVault((await surroundings(context, session)).pod))) return session
  throw taken('email')
}

async function ownCredentials(account: Account): Promise<ServerCredentials> {
  return serverCredentials(account.server, account).catch((error: unknown) => {
    throw isCode(error, 'wrong-unlock', 'not-granted') ? taken('email') : error
  })
}

/** Its storage is where the profile says, which may be another server by now. */
export async function existingAccount(account: Account): Promise<Session> {
  const credentials = await serverCredentials(account.server, account).catch((error: unknown) => {
    throw inWords(error)
  })
  const session = sessionOf(account, credentials)
  return { ...session, pod: (await storageOf(session)) ?? session.pod }
}

/** A pod on another server for the person of this profile. */
export const podElsewhere = async (account: Account & { name: string; webId: string }): Promise<string> =>
  createServerPod(account.server, account).catch((error: unknown) => {
    throw inWords(error)
  })

const sessionOf = ({ server, email }: Account, credentials: ServerCredentials): Session => ({
  ...credentials,
  server,
  email,
})

/** A profile is one member's for good: another's keys and marks must not mix with these. */
export async function checkFree(profile: Profile, email: string): Promise<void> {
  const known = await profile.session()
  if (!known || known.email === email) return
  throw new Told('taken', {
    fr: `Ce profil est celui de ${known.email}. Donnez-en un autre avec --profile.`,
    en: `This profile belongs to ${known.email}. Give another one with --profile.`,
  })
}

const taken = (field: 'email' | 'name'): Told =>
  new Told(
    'taken',
    field === 'email'
      ? {
          fr: 'Cette adresse e-mail a déjà un compte. Utilisez alveole login.',
          en: 'This e-mail address has an account. Use alveole login.',
        }
      : {
          fr: 'Ce nom est déjà pris sur ce serveur : donnez-en un autre avec --name.',
          en: 'This name is taken on that server: give another one with --name.',
        },
  )

const fields: Record<string, [string, string]> = {
  email: ['l’adresse e-mail', 'the e-mail address'],
  name: ['le nom', 'the name'],
  account: ['le compte', 'the account'],
}

/** Of what an account API refuses. */
export function inWords(error: unknown): unknown {
  if (isCode(error, 'taken')) return taken(error.detail['field'] === 'email' ? 'email' : 'name')
  if (!isCode(error, 'refused', 'wrong-unlock', 'not-granted', 'usage')) return error
  return new Told(error.code, words(error), { cause: error })
}

function words({ code, detail: { field, reason } }: AlveoleError): { fr: string; en: string } {
  if (code === 'wrong-unlock')
    return {
      fr: 'Adresse e-mail ou mot de passe du compte incorrect.',
      en: 'Wrong e-mail address or account password.',
    }
  if (code === 'not-granted') return { fr: 'Ce compte n’a pas de pod.', en: 'This account has no pod.' }
  if (code === 'usage')
    return { fr: '--server n’est pas une adresse (https://…).', en: '--server is not an address (https://…).' }
  const [fr, en] = fields[String(field)] ?? ['la demande', 'the request']
  return { fr: `Le serveur refuse ${fr} : ${reason}`, en: `The server refuses ${en}: ${reason}` }
}
