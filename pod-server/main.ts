#!/usr/bin/env node
/**
 * `alveole-pod`: the pod server alone. Standard output carries `ready URL` and nothing else. Exit codes: 0 stopped as
 * asked, 1 could not start, 2 wrong options or seed.
 */
import { parseArgs } from 'node:util'
import { isCode } from '../crypto/errors.ts'
import { explain, messagesFor } from './messages.ts'
import { readSeed } from './seed.ts'

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

const isWebAddress = (text: string): boolean =>
  URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol) && !/[?#]/.test(text)

const run = async (args: string[]): Promise<void> => {
  const { port, data, 'base-url': baseUrl, seed, host, help } = parse(args)
  if (help) return void process.stdout.write(`${say.help}\n`)
  if (port === undefined) throw new Exit(2, say.missing('port'))
  if (!data) throw new Exit(2, say.missing('data'))
  if (baseUrl !== undefined && !isWebAddress(baseUrl)) throw new Exit(2, say.invalid('base-url'))
  const accounts = seed === undefined ? [] : await readSeed(seed)
  const options = {
    port: parsePort(port),
    data,
    seed: accounts,
    quiet: true,
    ...(baseUrl && { baseUrl }),
    ...(host && { host }),
  }
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
