#!/usr/bin/env node
/**
 * `alveole-pod`: the pod server alone, and its backups. Standard output carries `ready URL`, or what a backup holds, and
 * nothing else. Exit codes: 0 stopped as asked, 1 could not start, 2 wrong options, settings or seed.
 */
import { parseArgs } from 'node:util'
import { isCode } from '../crypto/errors.ts'
import { explain, messagesFor } from './messages.ts'
import { readSeed } from './seed.ts'
import { isWebAddress, readSettings } from './settings.ts'

const say = messagesFor(process.env)

/** A message for the person, and the code to leave with. */
class Exit extends Error {
  readonly code: number

  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

const OPTIONS = {
  port: { type: 'string' },
  data: { type: 'string' },
  'base-url': { type: 'string' },
  seed: { type: 'string' },
  host: { type: 'string' },
  config: { type: 'string' },
  to: { type: 'string' },
  from: { type: 'string' },
  help: { type: 'boolean' },
} as const

const parse = (args: string[]) => {
  try {
    return parseArgs({ args, options: OPTIONS }).values
  } catch (error) {
    const option = /'(-[^' ]*|[^']*)/.exec((error as Error).message)?.[1] ?? ''
    const isKnown = Object.keys(OPTIONS).includes(option.replace(/^--/, ''))
    throw new Exit(2, isKnown ? say.invalid(option.replace(/^--/, '')) : say.unknown(option))
  }
}

const parsePort = (text: string): number => {
  const port = Number(text)
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new Exit(2, say.invalid('port'))
  return port
}

/** What was said on the command line, over what the file says. */
const optionsOf = async (args: string[]) => {
  const { port, data, 'base-url': baseUrl, seed, host, config, to, from } = parse(args)
  if (to !== undefined || from !== undefined) throw new Exit(2, say.unknown(to === undefined ? '--from' : '--to'))
  const settings = config === undefined ? {} : await readSettings(config)
  const said = {
    ...settings,
    ...(port !== undefined && { port: parsePort(port) }),
    ...(data && { data }),
    ...(baseUrl !== undefined && { baseUrl }),
    ...(host && { host }),
  }
  if (said.port === undefined) throw new Exit(2, say.missing('port'))
  if (!said.data) throw new Exit(2, say.missing('data'))
  if (said.baseUrl !== undefined && !isWebAddress(said.baseUrl)) throw new Exit(2, say.invalid('base-url'))
  const file = seed ?? settings.seed
  const accounts = file === undefined ? [] : await readSeed(file)
  return { ...said, port: said.port, data: said.data, seed: accounts, quiet: true }
}

const COPIES = { backup: ['data', 'to'], restore: ['from', 'data'] } as const

/** `alveole-pod backup --data DIR --to DIR` and `alveole-pod restore --from DIR --data DIR`. */
const runCopy = async (command: keyof typeof COPIES, args: string[]): Promise<void> => {
  const values = parse(args)
  const [source, target] = COPIES[command].map(name => {
    const path = values[name]
    if (!path) throw new Exit(2, say.missing(name))
    return path
  }) as [string, string]
  const copies = await import('./backup.ts')
  const files = await copies[command](source, target)
  process.stdout.write(`${JSON.stringify({ files })}\n`)
}

const run = async ([command = '', ...rest]: string[]): Promise<void> => {
  if (command === 'backup' || command === 'restore') return runCopy(command, rest)
  const args = [command, ...rest].filter(Boolean)
  if (args.includes('--help')) return void process.stdout.write(`${say.help}\n`)
  const options = await optionsOf(args)
  // Only now: loading the server takes most of a second.
  const { startPod } = await import('./pod.ts')
  const pod = await startPod(options)
  process.once('SIGINT', () => void pod.stop().then(leave))
  process.once('SIGTERM', () => void pod.stop().then(leave))
  process.stdout.write(`ready ${pod.url}\n`)
}

const leave = (): never => process.exit(0)

run(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`alveole-pod: ${error instanceof Exit ? error.message : explain(error, say)}\n`)
  process.exit(error instanceof Exit ? error.code : isCode(error, 'bad-file') ? 2 : 1)
})
