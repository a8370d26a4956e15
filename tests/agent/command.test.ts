/** `alveole agent` as people run it, on the server as published and on ours: set up, start, status, stop, and the end of its credentials. */
import { mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { AlveoleError, openIdentity } from '#crypto'
import { startAgent, stopAgent } from '../../client/agent/background.ts'
import { agentPlace, isRunning, type Place } from '../../client/agent/place.ts'
import { runAgent } from '../../client/agent/run.ts'
import type { AgentSession } from '../../client/agent/setup.ts'
import type { AgentState } from '../../client/agent/state.ts'
import { systemdUnit } from '../../client/agent/unit.ts'
import { exitCode } from '../../client/cli/exit-codes.ts'
import type { Command, Context, Result } from '../../client/cli/command.ts'
import { agentStart, agentStop } from '../../client/cli/commands/agent-run.ts'
import { agentSetup } from '../../client/cli/commands/agent-setup.ts'
import { agentStatus } from '../../client/cli/commands/agent-status.ts'
import type { Values } from '../../client/cli/options.ts'
import { profileAt } from '../../client/cli/profile.ts'
import { Secrets } from '../../client/cli/secrets.ts'
import { endCredentials } from '../../client/core/server-account.ts'
import { signIn } from '../accounts.ts'
import { startStock } from '../stock-server.ts'
import { credentialsOf, person, PURPOSE, share, statusFor, type Person } from './people.ts'

const main = join(import.meta.dirname, '../../client/cli/main.ts')
const { signal } = new AbortController()

let stock: Awaited<ReturnType<typeof startStock>>
beforeAll(async () => void (stock = await startStock()))
afterAll(() => stock.stop())

const inSeconds = (seconds: number): Date => new Date(Date.now() + seconds * 1000)

interface Machine {
  profile: string
  place: Place
  /** As the command line does, in this process. */
  alveole(command: Command, options?: Values, more?: Partial<Context>): Promise<unknown>
  program: string[]
  start(...args: string[]): Promise<boolean>
  account: { server: string; email: string; 'password-file': string }
}

const machines: Machine[] = []
afterAll(() => Promise.all(machines.map(({ place }) => stopAgent(place))))

/** A machine with nothing but the password of the account. */
async function machine(server: string, { email, password }: Person): Promise<Machine> {
  const folder = await mkdtemp(join(tmpdir(), 'alveole-agent-'))
  const [file, profile] = [join(folder, 'password'), join(folder, 'profile')]
  await writeFile(file, `${password}\n`)
  const place = agentPlace(profile)
  const program = [process.execPath, main, 'agent', 'run', '--profile', profile, '--json']
  const around = { language: 'en', signal: new AbortController().signal, profile: profileAt(profile), arguments: [] }
  const made: Machine = {
    profile,
    place,
    program,
    alveole: async (command, options = {}, more = {}) => {
      const context = { ...around, options, secrets: new Secrets('en'), ...more } as unknown as Context
      return ((await command.run(context)) as Result).json
    },
    start: (...args) => startAgent(place, [...program, ...args], null),
    account: { server, email, 'password-file': file },
  }
  machines.push(made)
  return made
}

async function stateWhen({ place }: Machine, is: (state: AgentState) => boolean): Promise<AgentState> {
  for (;;) {
    const state = await place.state()
    if (state && is(state)) return state
    await pause(100)
  }
}

const sessionOf = async ({ place }: Machine): Promise<AgentSession> => (await place.credentials())!.session!

describe('on a server that ends nothing by itself', () => {
  test('set up once, it removes what ends while nobody is there, also after it was killed', async () => {
    const [alice, zoe] = [await person(stock.url, 'alice'), await person(stock.url, 'zoe')]
    const here = await machine(stock.url, alice)
    await expect(here.alveole(agentStart)).rejects.toThrow('No agent is set up')
    expect(await here.alveole(agentSetup, here.account)).toEqual({ webId: alice.webId, pod: alice.pod })
    const first = await share(alice, zoe, inSeconds(40))
    expect(await here.start('--every', '2s')).toBe(true)
    expect(await here.start()).toBe(false)
    expect(await here.alveole(agentStart)).toEqual({ running: true, started: false })
    await expect(
      runAgent(here.profile, { log: () => undefined, signal, longest: 1, keys: null }),
    ).rejects.toMatchObject({
      code: 'conflict',
    })
    const { pid, ending } = await stateWhen(here, ({ ending }) => ending.length > 0)
    expect(ending.map(({ collection }) => collection)).toEqual([first])
    await stateWhen(here, ({ removed }) => removed === 1)
    expect(await statusFor(zoe, alice, first)).toBe(403)
    process.kill(pid, 'SIGKILL')
    while (await isRunning(here.place)) await pause(50)
    expect(await here.alveole(agentStatus)).toEqual({ setUp: true, running: false, problems: [] })
    const second = await share(alice, zoe, inSeconds(15))
    await here.start('--every', '2s')
    await stateWhen(here, ({ pid: other, removed }) => other !== pid && removed === 1)
    expect(await statusFor(zoe, alice, second)).toBe(403)
    expect(await here.alveole(agentStop)).toEqual({ running: false, stopped: true })
    expect(await here.alveole(agentStop)).toEqual({ running: false, stopped: false })
    const log = await readFile(here.place.log, 'utf8')
    expect(log).toMatch(/"event":"removed"/)
    expect(log).toMatch(/"event":"stopped"/)
    for (const personal of [alice.webId, zoe.webId, 'alice', 'zoe', 'http']) expect(log).not.toContain(personal)
  }, 240_000)

  test('credentials that were given to it serve as well; others are not kept', async () => {
    const alice = await person(stock.url, 'alice')
    const here = await machine(stock.url, alice)
    const file = join(here.profile, '../given.json')
    const given = async (content: unknown): Promise<unknown> => {
      await writeFile(file, JSON.stringify(content))
      return here.alveole(agentSetup, { 'credentials-file': file })
    }
    const good = credentialsOf(stock.url, alice)
    await expect(given({ ...good, clientSecret: 'wrong' })).rejects.toMatchObject({ code: 'unauthorized' })
    await expect(given({ webId: 5 })).rejects.toMatchObject({ code: 'bad-file' })
    expect(await here.place.credentials()).toBeNull()
    expect(await given(good)).toEqual({ webId: alice.webId, pod: alice.pod })
    await here.start()
    expect(await here.alveole(agentStatus)).toMatchObject({ running: true, enforcedBy: 'owner', problems: [] })
    await here.alveole(agentStop)
  }, 120_000)
})

describe('its credentials', () => {
  test('are readable by their owner only, stand in no argument, and end on the server', async () => {
    const server = inject('pod')
    const alice = await person(server, 'alice')
    const here = await machine(server, alice)
    await here.alveole(agentSetup, here.account)
    const { clientId, clientSecret } = await sessionOf(here)
    expect((await stat(join(here.place.folder, 'credentials.json'))).mode & 0o777).toBe(0o600)
    await here.start()
    const removal = { remove: true, 'password-file': here.account['password-file'] }
    await expect(here.alveole(agentSetup, removal)).rejects.toMatchObject({ code: 'conflict' })
    expect(await here.alveole(agentStatus)).toMatchObject({ running: true, enforcedBy: 'server', problems: [] })
    const { pid } = (await here.place.state())!
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8')
    const surroundings = await readFile(`/proc/${pid}/environ`, 'utf8')
    for (const secret of [clientId, clientSecret, alice.password]) expect(line + surroundings).not.toContain(secret)
    await here.alveole(agentStop)
    await signIn(server, clientId, clientSecret)
    await here.alveole(agentSetup, here.account) // anew: the former ones end
    await expect(signIn(server, clientId, clientSecret)).rejects.toThrow('invalid_client')
    const second = await sessionOf(here)
    await here.alveole(agentSetup, removal)
    await expect(signIn(server, second.clientId, second.clientSecret)).rejects.toThrow('invalid_client')
    expect(await here.place.credentials()).toBeNull()
    await signIn(server, alice.clientId, alice.clientSecret) // nobody else's end
  }, 120_000)

  test('of a setup that was cut short end too', async () => {
    const server = inject('pod')
    const alice = await person(server, 'alice')
    const here = await machine(server, alice)
    await here.alveole(agentSetup, here.account)
    const { clientId, clientSecret } = await sessionOf(here)
    await here.place.keep({ ...(await here.place.credentials())!, session: null }) // as before the server answered
    await expect(here.alveole(agentStart)).rejects.toMatchObject({ code: 'usage' })
    await here.alveole(agentSetup, { remove: true, 'password-file': here.account['password-file'] })
    await expect(signIn(server, clientId, clientSecret)).rejects.toThrow('invalid_client')
  })

  test('withdrawn on the server, it says so, and goes on asking', async () => {
    const server = inject('pod')
    const alice = await person(server, 'alice')
    const here = await machine(server, alice)
    await here.alveole(agentSetup, here.account)
    const { label } = (await here.place.credentials())!
    expect(await endCredentials(server, alice, { name: label })).toBe(1)
    await here.start()
    expect(await here.alveole(agentStatus)).toMatchObject({ running: true, problems: [{ code: 'unauthorized' }] })
    await here.alveole(agentStop)
  }, 120_000)

  test('of another account are not taken for this one', async () => {
    const server = inject('pod')
    const [alice, bob] = [await person(server, 'alice'), await person(server, 'bob')]
    const [here, there] = [await machine(server, alice), await machine(server, bob)]
    await here.alveole(agentSetup, here.account)
    await expect(here.alveole(agentSetup, there.account)).rejects.toThrow('another account’s')
  })
})

describe('with keys', () => {
  test('it is a device of the vault, and its password is in no argument, no file and no log', async () => {
    const server = inject('pod')
    const alice = await person(server, 'alice')
    const here = await machine(server, alice)
    await here.alveole(agentSetup, here.account)
    const start = (password: string): Promise<boolean> =>
      startAgent(here.place, [...here.program, '--unlock-file', '-'], password)
    await expect(start('another password')).rejects.toMatchObject({ code: 'wrong-unlock' })
    expect(await start('alice a password')).toBe(true)
    expect(await here.alveole(agentStatus)).toMatchObject({ running: true, keys: true, problems: [] })
    const { pid } = (await here.place.state())!
    expect(await readFile(`/proc/${pid}/cmdline`, 'utf8')).not.toContain('a password')
    const log = await alice.fetch(`${alice.pod}alveole/identity.alv`)
    const { devices } = openIdentity(new Uint8Array(await log.arrayBuffer()))
    expect(devices.filter(({ name, active }) => active && name === 'agent')).toHaveLength(1)
    await here.alveole(agentStop)
    for (const file of await readdir(here.place.folder, { recursive: true, withFileTypes: true }))
      if (file.isFile()) expect((await readFile(join(file.parentPath, file.name))).includes('a password')).toBe(false)
  }, 240_000)

  test('status tells with names what ends soon, to who has the keys', async () => {
    const server = inject('pod')
    const [alice, zoe] = [await person(server, 'alice'), await person(server, 'zoe')]
    const here = await machine(server, alice)
    const id = await share(alice, zoe, inSeconds(3600))
    await alice.vault.grants.give({ to: zoe.webId, collections: [id], until: inSeconds(9e6), purpose: PURPOSE })
    const vault = { open: async () => alice.vault }
    const status = (await here.alveole(agentStatus, { 'unlock-file': 'x' }, { vault } as Partial<Context>)) as object
    expect(status).toMatchObject({
      running: false,
      shares: [{ name: 'zoe', folders: [expect.stringMatching(/^Santé/)] }],
    })
  })
})

test('the unit starts this very program, whatever its path', () => {
  const unit = systemdUnit(['/opt/a node', '/opt/$main.js', 'agent', 'run', '--every', '5min'], '/home/100 % $x "y"')
  expect(unit).toContain('ExecStart="/opt/a node" "/opt/$$main.js" agent run --every 5min\n')
  expect(unit).toContain('ReadWritePaths="/home/100 %% $x \\"y\\""\n')
  const ended = exitCode(new AlveoleError('wrong-unlock'))
  expect(unit).toContain(`RestartPreventExitStatus=${ended}\n`)
})
