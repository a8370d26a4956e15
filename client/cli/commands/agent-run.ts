/** `alveole agent run`, `agent start`, `agent stop`, `agent unit`: an agent's process. */
import { resolve } from 'node:path'
import { isCode } from '#crypto'
import { startAgent, stopAgent } from '../../agent/background.ts'
import { logTo } from '../../agent/log.ts'
import type { Keys } from '../../agent/keys.ts'
import { agentPlace } from '../../agent/place.ts'
import { runAgent } from '../../agent/run.ts'
import { systemdUnit } from '../../agent/unit.ts'
import { LONGEST } from '../../agent/watch.ts'
import { inLanguage, type Command, type Context } from '../command.ts'
import { parseTime } from '../time.ts'
import { Told, usage } from '../told.ts'
import { unlockPassword } from '../unlock.ts'

const SECOND = 1000
const SYNOPSIS = { fr: '[--every DURÉE] [--unlock-file F]', en: '[--every DURATION] [--unlock-file F]' }

/** Milliseconds between two looks. */
function longest({ options: { every } }: Context): number {
  if (every === undefined) return LONGEST
  const length = parseTime(every, 'start', new Date(0)).getTime()
  if (length >= SECOND && length <= 24 * 3600 * SECOND) return length
  throw usage('--every est entre une seconde et un jour.', '--every is between a second and a day.')
}

export const agentRun: Command = {
  name: 'agent run',
  synopsis: SYNOPSIS,
  about: {
    fr: `Retire les droits arrivés à leur fin, jusqu’à être arrêté ; sur la sortie d’erreur, une ligne de JSON par événement.
Avec --unlock-file il reçoit des clés : il devient un appareil du coffre, nommé agent, qui achève les partages et rétablit les droits.
Le mot de passe ne sert que cette fois : ensuite l’agent a les siennes, et mieux vaut effacer le fichier s’il est sur cette machine.`,
    en: `Removes access rules that came to their end, until it is stopped; a line of JSON an event on standard error.
With --unlock-file it gets keys: it becomes a device of the vault, named agent, which finishes shares and mends access rules.
The password serves that once: the agent has its own from then on, and the file had better be deleted if it is on this machine.`,
  },
  options: ['every'],
  takes: [0, 0],
  run: async context => {
    const stop = new AbortController()
    const end = (): void => stop.abort()
    for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.once(signal, end)
    context.signal.addEventListener('abort', end)
    const around = { log: logTo(process.stderr), signal: stop.signal, longest: longest(context) }
    const keys = await keysOf(context)
    const isLetIn = keys?.password === null
    await runAgent(context.profile.folder, { ...around, keys }).catch((error: unknown) => {
      throw inWords(error, isLetIn)
    })
  },
}

/** null: none were given, nor before. */
async function keysOf(context: Context): Promise<Keys | null> {
  const own = agentPlace(context.profile.folder)
  const password = await passwordToEnter(context)
  if (password === null && !(await own.secret())?.enrolled) return null
  return { password, own, beside: (await context.profile.session()) ? context.profile.store() : null }
}

/** Of the vault; null where none is given, or needed: of an agent that was let in the file may be gone. */
async function passwordToEnter(context: Context): Promise<string | null> {
  if (context.options['unlock-file'] === undefined) return null
  return (await agentPlace(context.profile.folder).secret())?.enrolled ? null : unlockPassword(context)
}

/** The words of what an agent alone knows. */
function inWords(error: unknown, isLetIn: boolean): unknown {
  if (error instanceof Told) return error
  if (isLetIn && isCode(error, 'wrong-unlock')) return REMOVED
  return isCode(error, 'conflict') ? RUNNING : isCode(error, 'usage') ? NOT_SET_UP : error
}

const RUNNING = new Told('conflict', {
  fr: 'Un agent de ce profil tourne déjà.',
  en: 'An agent of this profile is running already.',
})
const NOT_SET_UP = usage(
  'Aucun agent n’est installé dans ce profil : alveole agent setup.',
  'No agent is set up in this profile: alveole agent setup.',
)

const LET_IN = {
  fr: 'L’agent a maintenant ses propres clés : il n’a plus besoin du mot de passe du coffre. Si le fichier du mot de passe est sur cette machine, effacez-le : qui le prend reviendrait après le retrait de l’agent.',
  en: 'The agent has keys of its own now: it needs the vault password no more. If the password’s file is on this machine, delete it: whoever takes it would come back after the agent was removed.',
}

const REMOVED = new Told('wrong-unlock', {
  fr: 'Le coffre ne connaît plus cet agent : son appareil a été retiré. Pour qu’il y revienne : alveole agent setup --remove, puis agent setup et agent start --unlock-file.',
  en: 'The vault knows this agent no more: its device was removed. To let it in again: alveole agent setup --remove, then agent setup and agent start --unlock-file.',
})

/** This very program, for another process. */
const command = (context: Context): string[] => [
  process.execPath,
  resolve(process.argv[1] ?? ''),
  'agent',
  'run',
  '--profile',
  context.profile.folder,
  ...(context.options.every === undefined ? [] : ['--every', context.options.every]),
]

export const agentStart: Command = {
  name: 'agent start',
  synopsis: SYNOPSIS,
  about: {
    fr: `Lance l’agent en arrière-plan, s’il ne tourne pas déjà. Il tient son journal dans agent/agent.log du profil.
--unlock-file lui donne des clés : voir alveole agent run --help.`,
    en: `Starts the agent in the background, unless it is running. It keeps its log in agent/agent.log of the profile.
--unlock-file gives it keys: see alveole agent run --help.`,
  },
  options: ['every'],
  takes: [0, 0],
  run: async context => {
    longest(context) // said here rather than in the log
    const place = agentPlace(context.profile.folder)
    if (!(await place.credentials())?.session) throw NOT_SET_UP
    const password = await passwordToEnter(context)
    const keys = password === null ? [] : ['--unlock-file', '-']
    const started = await startAgent(place, [...command(context), ...keys, '--json'], password).catch(
      (error: unknown) => {
        throw password === null && isCode(error, 'wrong-unlock') ? REMOVED : error
      },
    )
    if (password !== null && (await place.secret())?.enrolled) context.say(LET_IN)
    const words = started
      ? inLanguage(context, 'L’agent est lancé.', 'The agent is started.')
      : inLanguage(context, 'L’agent tourne déjà.', 'The agent is running already.')
    return { json: { running: true, started }, text: () => words }
  },
}

export const agentStop: Command = {
  name: 'agent stop',
  synopsis: { fr: '', en: '' },
  about: {
    fr: 'Arrête l’agent de ce profil sur cette machine.',
    en: 'Stops the agent of this profile on this machine.',
  },
  takes: [0, 0],
  run: async context => {
    const stopped = await stopAgent(agentPlace(context.profile.folder))
    const words = stopped
      ? inLanguage(context, 'L’agent est arrêté.', 'The agent is stopped.')
      : inLanguage(context, 'Aucun agent ne tournait.', 'No agent was running.')
    return { json: { running: false, stopped }, text: () => words }
  },
}

export const agentUnit: Command = {
  name: 'agent unit',
  synopsis: SYNOPSIS,
  about: {
    fr: 'Affiche une unité systemd pour cet agent : à mettre dans ~/.config/systemd/user/alveole-agent.service.',
    en: 'Prints a systemd unit for this agent, to be put into ~/.config/systemd/user/alveole-agent.service.',
  },
  options: ['every'],
  takes: [0, 0],
  run: async context => {
    longest(context)
    const file = context.options['unlock-file']
    if (file === '-') throw usage('Il faut un fichier à --unlock-file ici.', '--unlock-file takes a file here.')
    const isLetIn = (await agentPlace(context.profile.folder).secret())?.enrolled ?? false
    const keys = file === undefined || isLetIn ? [] : ['--unlock-file', resolve(file)]
    const unit = systemdUnit([...command(context), ...keys], context.profile.folder)
    return { json: { unit }, text: () => unit.trimEnd() }
  },
}
