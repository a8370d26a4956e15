/** Runs `alveole` as people do: another process, its own profile folder, secrets in files. */
import { spawn } from 'node:child_process'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'

export interface Run {
  code: number | null
  stdout: Buffer
  stderr: string
  /** Standard output, read as JSON. */
  json: unknown
}

const main = join(import.meta.dirname, '../../client/cli/main.ts')

export interface Around {
  input?: string
  /** Beside a bare minimum: the locale of the test machine must not show. */
  env?: Record<string, string>
  program?: string[]
}

export async function run(args: string[], { input, env = {}, program = [main] }: Around = {}): Promise<Run> {
  const child = spawn(process.execPath, [...program, ...args], {
    env: { PATH: process.env['PATH'], HOME: tmpdir(), ...env },
  })
  child.stdin.on('error', () => undefined) // it may end without having read
  child.stdin.end(input)
  const ended = new Promise<number | null>(resolve => child.on('close', resolve))
  const [stdout, stderr, code] = await Promise.all([buffer(child.stdout), buffer(child.stderr), ended])
  return {
    code,
    stdout,
    stderr: stderr.toString(),
    get json() {
      return JSON.parse(stdout.toString()) as unknown
    },
  }
}

/**
 * The same where a person sits: in a pseudo terminal, by script(1) of util-linux. `answer` is typed once the question, which ends so,
 * has been asked. Gives all that they saw.
 */
export async function runInTerminal(
  args: string[],
  { question, answer }: { question: string; answer: string },
): Promise<{ code: number | null; screen: string }> {
  const command = [process.execPath, main, ...args].map(word => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ')
  const child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    env: { PATH: process.env['PATH'], HOME: tmpdir(), SHELL: '/bin/sh' },
  })
  let screen = ''
  let isAsked = false
  child.stdout.on('data', (chunk: Buffer) => {
    screen += chunk.toString()
    if (isAsked || !screen.includes(question)) return
    isAsked = true
    child.stdin.write(answer)
  })
  const code = await new Promise<number | null>((resolve, reject) => child.on('close', resolve).on('error', reject))
  return { code, screen }
}

export interface Person {
  folder: string
  email: string
  name: string
  /** The flags of `signup` and `login` that say who on which server. */
  account: string[]
  /** With profile, vault password and `--json`. */
  alveole: (...args: string[]) => Promise<Run>
}

/** Somebody with a folder for profile and secrets, and no account yet. */
export async function somebody(server: string, name: string): Promise<Person> {
  const folder = await mkdtemp(join(tmpdir(), 'alveole-cli-'))
  const unique = `${name}-${folder.slice(-6).toLowerCase()}`
  const email = `${unique}@example.org`
  const [unlock, password] = [join(folder, 'unlock'), join(folder, 'password')]
  await writeFile(unlock, 'seven quiet herons\n')
  await writeFile(password, 'account password\n')
  return {
    folder,
    email,
    name: unique,
    account: ['--server', server, '--email', email, '--password-file', password],
    alveole: (...args) => run([...args, '--profile', join(folder, 'profile'), '--unlock-file', unlock, '--json']),
  }
}

/** Signed up: its WebID, pod and kit beside. */
export async function member(
  server: string,
  name: string,
): Promise<Person & { webId: string; pod: string; kit: string[] }> {
  const person = await somebody(server, name)
  const { code, stderr, stdout } = await person.alveole('signup', ...person.account, '--name', person.name)
  if (code !== 0) throw new Error(`signup: ${code} ${stderr}`)
  return { ...person, ...(JSON.parse(stdout.toString()) as { webId: string; pod: string; kit: string[] }) }
}
