/**
 * `npm start`: the pod server as a child process, the built web client on a port of its own, and on the very first
 * start a demonstration to look at. Ctrl-C stops everything.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { buildWeb, webFolder } from './web/build.ts'
import { serveWeb } from './web/serve.ts'

const here = import.meta.dirname
const french = /^fr/i.test(process.env['LC_ALL'] ?? process.env['LC_MESSAGES'] ?? process.env['LANG'] ?? '')
const say = (fr: string, en: string): string => (french ? fr : en)
const tell = (fr: string, en: string): void => console.log(say(fr, en))

/** A message of one line, and the code to leave with. */
class Exit extends Error {
  readonly code: number

  constructor(code: number, fr: string, en: string) {
    super(say(fr, en))
    this.code = code
  }
}

interface Options {
  port: number
  webPort: number
  data: string
}

const portOf = (name: string, text: string): number => {
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port
  throw new Exit(2, `--${name} : « ${text} » n’est pas un port.`, `--${name}: “${text}” is not a port.`)
}

function optionsOf(args: string[]): Options {
  try {
    const { values } = parseArgs({
      args,
      options: {
        port: { type: 'string', default: '3000' },
        'web-port': { type: 'string', default: '8080' },
        data: { type: 'string', default: 'data' },
      },
    })
    return {
      port: portOf('port', values.port),
      webPort: portOf('web-port', values['web-port']),
      data: resolve(values.data),
    }
  } catch (error) {
    if (error instanceof Exit) throw error
    throw new Exit(2, 'Options : --port N --web-port N --data DOSSIER', 'Options: --port N --web-port N --data FOLDER')
  }
}

/** Resolves with the URL of its `ready` line; its own words of failure are already on standard error. */
async function startPod({ port, data }: Options): Promise<{ child: ChildProcess; url: string }> {
  const main = join(here, '../pod-server/main.ts')
  const child = spawn(process.execPath, [main, '--port', String(port), '--data', join(data, 'pod')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit').then(() => null)
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /^ready (\S+)/.exec(line)?.[1]
    if (url) return { child, url }
  }
  await ended
  throw new Exit(1, 'Le serveur des coffres n’a pas démarré.', 'The pod server did not start.')
}

/** Once per data folder. Without it everything else works, so a failure is said and no more. */
async function prepareDemo(podUrl: string, data: string): Promise<void> {
  const file = join(data, 'demo.json')
  if (existsSync(file)) return
  tell('Première fois : la démonstration se prépare…', 'First time: preparing the demonstration…')
  try {
    const { seedDemo } = await import('./demo/seed.ts')
    const doors = await seedDemo({ podUrl, progress: ({ fr, en }) => tell(`  ${fr}`, `  ${en}`) })
    await writeFile(`${file}.new`, JSON.stringify(doors))
    await rename(`${file}.new`, file)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    tell(
      `La démonstration n’a pas pu être préparée (${reason}).`,
      `The demonstration could not be prepared (${reason}).`,
    )
  }
}

const portTaken = (port: number): Exit =>
  new Exit(
    1,
    `Le port ${port} est déjà pris : choisissez-en un autre par --web-port.`,
    `Port ${port} is already in use: choose another with --web-port.`,
  )

async function serve({ webPort, data }: Options, podUrl: string) {
  return serveWeb({ folder: webFolder, port: webPort, podUrl, demoFile: join(data, 'demo.json') }).catch(
    (error: unknown) => {
      throw (error as NodeJS.ErrnoException).code === 'EADDRINUSE' ? portTaken(webPort) : error
    },
  )
}

async function run(): Promise<void> {
  const options = optionsOf(process.argv.slice(2))
  await mkdir(options.data, { recursive: true })
  if (await buildWeb()) tell('Les pages ont été construites.', 'The pages have been built.')
  const { child, url: podUrl } = await startPod(options)
  const stop = (): void => void child.kill('SIGTERM')
  process.once('exit', stop)
  process.once('SIGINT', () => process.exit(0))
  process.once('SIGTERM', () => process.exit(0))
  child.once('exit', () => process.exit(1))
  const { url } = await serve(options, podUrl)
  await prepareDemo(podUrl, options.data)
  console.log(`\nAlvéole → ${url}\n`)
  console.log(`  Ouvrez cette adresse dans votre navigateur. Ctrl-C arrête tout. (Coffres : ${podUrl})`)
  console.log(`  Open this address in your browser. Ctrl-C stops everything. (Vaults: ${podUrl})\n`)
}

run().catch((error: unknown) => {
  console.error(`alveole: ${error instanceof Error ? error.message : String(error)}`)
  process.exit(error instanceof Exit ? error.code : 1)
})
