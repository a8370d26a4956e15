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
Avec --unlock-file il reçoit des clés : il devient un appareil du coffre, nommé agent, qui achève les partages et rétablit les droits.`,
    en: `Removes access rules that came to their end, until it is stopped; a line of JSON an event on standard error.
With --unlock-file it gets keys: it becomes a device of the vault, named agent, which finishes shares and mends access rules.`,
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
    await runAgent(context.profile.folder, { ...around, keys }).catch((error: unknown) => {
      throw inWords(error)
    })
  },
}

/** null: none were given. */
async function keysOf(context: Context): Promise<Keys | null> {
  if (context.options['unlock-file'] === undefined) return null
  const password = await unlockPassword(context)
  return { password, beside: (await context.profile.session()) ? context.profile.store() : null }
}

/** The words of what an agent alone knows. */
function inWords(error: unknown): unknown {
  if (error instanceof Told) return error
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
    const secret = context.options['unlock-file'] === undefined ? null : await unlockPassword(context)
    const keys = secret === null ? [] : ['--unlock-file', '-']
    const started = await startAgent(place, [...command(context), ...keys, '--json'], secret)
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
    const keys = file === undefined ? [] : ['--unlock-file', resolve(file)]
    const unit = systemdUnit([...command(context), ...keys], context.profile.folder)
    return { json: { unit }, text: () => unit.trimEnd() }
  },
}
