/** One command line, from arguments to exit code. */
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { AlveoleError } from '#crypto'
import { commandNamed, commands } from './commands.ts'
import type { Command, Context } from './command.ts'
import { DONE, exitCode } from './exit-codes.ts'
import { helpFor, readVersion } from './help.ts'
import { languageOf } from './language.ts'
import { OpenedVault, type Around } from './open.ts'
import { everywhere, readLine, type OptionName, type Values } from './options.ts'
import { printError, printResult } from './output.ts'
import { profileAt, profileFolder } from './profile.ts'
import { progressOn } from './progress.ts'
import { Secrets } from './secrets.ts'
import { usage } from './told.ts'
import { checkOffered } from './unavailable.ts'

export async function run(args: string[], env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<number> {
  const language = languageOf(env)
  const isJson = args.includes('--json')
  try {
    const { values, positionals } = readLine(args)
    if (values.version) return await printed(readVersion())
    checkOffered(positionals)
    const command = commandNamed(positionals)
    if (values.help || !command) return await help(command, positionals, values, language)
    const given = positionals.slice(command.name.split(' ').length)
    check(command, given, values)
    return await perform(command, around(given, values, { env, language, isJson, signal }), isJson)
  } catch (error) {
    const reason = signal.aborted ? new AlveoleError('cancelled', 'by Ctrl-C', { cause: error }) : error
    printError(reason, language, isJson)
    return exitCode(reason)
  }
}

async function help(
  command: Command | null,
  positionals: string[],
  values: Values,
  language: Context['language'],
): Promise<number> {
  const asked = values.help || positionals.length === 0 || positionals[0] === 'help'
  if (asked) return printed(helpFor(command ?? commandNamed(positionals.slice(1)), language))
  const [name = ''] = positionals
  const family = commands
    .filter(candidate => candidate.name.startsWith(`${name} `))
    .map(candidate => candidate.name.slice(name.length + 1))
  if (family.length)
    throw usage(`Il faut : alveole ${name} ${family.join('|')}`, `Expected: alveole ${name} ${family.join('|')}`)
  throw usage(
    `Il n’y a pas de commande « ${name} » ; voir alveole --help.`,
    `There is no command "${name}"; see alveole --help.`,
  )
}

async function printed(text: string): Promise<number> {
  await printResult({ json: null, text: () => text }, false)
  return DONE
}

function check(command: Command, given: string[], values: Values): void {
  const allowed: readonly string[] = [...everywhere, ...(command.options ?? [])]
  const foreign = (Object.keys(values) as OptionName[]).find(name => !allowed.includes(name))
  if (foreign) {
    throw usage(
      `alveole ${command.name} ne prend pas --${foreign}.`,
      `alveole ${command.name} does not take --${foreign}.`,
    )
  }
  const [least, most] = command.takes
  if (given.length >= least && given.length <= most) return
  const line = ({ fr, en }: Command['synopsis'], language: 'fr' | 'en') =>
    `alveole ${command.name} ${language === 'fr' ? fr : en}`.trim()
  throw usage(`Il faut : ${line(command.synopsis, 'fr')}`, `Expected: ${line(command.synopsis, 'en')}`)
}

type Surrounding = { env: NodeJS.ProcessEnv; language: Context['language']; isJson: boolean; signal: AbortSignal }

function around(given: string[], values: Values, { env, language, isJson, signal }: Surrounding): Around {
  return {
    arguments: given,
    options: values,
    language,
    signal,
    profile: profileAt(profileFolder(values.profile, env)),
    secrets: new Secrets(language),
    progress: progressOn(process.stderr, language, isJson),
    say: words => void (isJson || process.stderr.write(`${words[language]}\n`)),
  }
}

async function perform(command: Command, context: Around, isJson: boolean): Promise<number> {
  const vault = new OpenedVault(context)
  try {
    const result = await Promise.race([command.run({ ...context, vault }), interrupted(context.signal)])
    context.progress.end()
    if (result) await printResult(result, isJson)
    return result?.exit ?? DONE
  } finally {
    context.progress.end()
    await vault.close()
  }
}

/** A command that was told to stop may end well by itself; what it has committed stays, and it can be run again. */
const GRACE = 2000

async function interrupted(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await once(signal, 'abort')
  await pause(GRACE)
  throw new AlveoleError('cancelled')
}
