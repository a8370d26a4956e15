/** `alveole agent setup`: credentials of its own for the agent of this profile, and their end. */
import { agentPlace, isRunning } from '../../agent/place.ts'
import { setUpHere, setUpWith, takeAway, type AgentSession } from '../../agent/setup.ts'
import { AlveoleError, isCode } from '#crypto'
import { accountPassword, inWords } from '../account.ts'
import { inLanguage, type Command, type Context, type Result } from '../command.ts'
import { required } from '../required.ts'
import { Told } from '../told.ts'

const SYNOPSIS = '[--server URL --email E] [--password-file F] | --credentials-file C | --remove [--password-file F]'
const PROMPT = { fr: 'Identifiants de l’agent (JSON)', en: 'Credentials of the agent (JSON)' }

export const agentSetup: Command = {
  name: 'agent setup',
  synopsis: { fr: SYNOPSIS, en: SYNOPSIS },
  about: {
    fr: `Donne à l’agent de ce profil des identifiants à lui, faits par le compte du serveur ; ou ceux de --credentials-file, d’un autre
serveur : {"webId", "oidcIssuer", "clientId", "clientSecret"}. Avec --remove, le serveur y met fin et ils sont oubliés.
Avec eux on agit en votre nom sur le serveur : on y peut tout, sauf lire ce qui est chiffré.`,
    en: `Gives the agent of this profile credentials of its own, made by the account on the server; or those in --credentials-file, of
another server: {"webId", "oidcIssuer", "clientId", "clientSecret"}. With --remove the server ends them, and they are forgotten.
Who has them acts as you on the server: they may do all there but read what is encrypted.`,
  },
  options: ['server', 'email', 'password-file', 'credentials-file', 'remove'],
  takes: [0, 0],
  run: async context => {
    const place = agentPlace(context.profile.folder)
    if (await isRunning(place))
      throw new Told('conflict', {
        fr: 'L’agent tourne : arrêtez-le d’abord, par alveole agent stop.',
        en: 'The agent is running: stop it first, by alveole agent stop.',
      })
    return context.options.remove ? removal(context) : setup(context)
  },
}

async function setup(context: Context): Promise<Result> {
  const { webId, pod } = await (context.options['credentials-file'] === undefined ? here(context) : given(context))
  const words = inLanguage(
    context,
    'L’agent est installé : alveole agent start.',
    'The agent is set up: alveole agent start.',
  )
  return { json: { webId, pod }, text: () => words }
}

async function given({ options, secrets, profile }: Context): Promise<AgentSession> {
  const wanted = { option: '--credentials-file', prompt: PROMPT, many: true }
  return setUpWith(agentPlace(profile.folder), parsed(await secrets.read(options['credentials-file'], wanted)))
}

async function here(context: Context): Promise<AgentSession> {
  const { options, profile } = context
  const known = await profile.session()
  const server = options.server ?? known?.server ?? required(options, 'server')
  const email = options.email ?? known?.email ?? required(options, 'email')
  const password = await accountPassword(context)
  return setUpHere(agentPlace(profile.folder), { server, email, password }).catch((error: unknown) => {
    throw isCode(error, 'taken') ? ANOTHER : inWords(error)
  })
}

const ANOTHER = new Told('taken', {
  fr: 'L’agent de ce profil est celui d’un autre compte : retirez-le d’abord, par alveole agent setup --remove.',
  en: 'The agent of this profile is another account’s: remove it first, by alveole agent setup --remove.',
})

async function removal(context: Context): Promise<Result> {
  const place = agentPlace(context.profile.folder)
  const password = (await place.credentials())?.account ? await accountPassword(context) : null
  await takeAway(place, password).catch((error: unknown) => {
    throw inWords(error)
  })
  const words = inLanguage(context, 'L’agent n’a plus d’accès.', 'The agent has no access any more.')
  return { json: { removed: true }, text: () => words }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new AlveoleError('bad-file', 'not the credentials of an agent')
  }
}
