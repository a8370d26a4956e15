/**
 * [A5] The main job on the real pod server, by a program and at the command line, and a failure of every kind. Then all that left
 * the memory of the devices is searched for every secret, in any spelling: each request and answer with its address and headers,
 * all logs at their most verbose, every error with its message, detail and causes, the server's disk, the devices' stores.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fromHex } from '#crypto'
import { filesUnder } from '../scenarios/disk.ts'
import { notedIn, readNotes } from './note.ts'
import { startProxy, type Proxy } from './proxy.ts'
import { Search, type Secret } from './search.ts'

const folder = mkdtempSync(join(tmpdir(), 'alveole-outside-'))
const at = (...names: string[]): string => join(folder, ...names)
const RECORDED = ['--import', join(import.meta.dirname, 'record.ts')]
const PROGRAMS = {
  story: join(import.meta.dirname, 'story.ts'),
  terminals: join(import.meta.dirname, 'terminals.ts'),
  failing: join(import.meta.dirname, 'failing.ts'),
  pod: join(import.meta.dirname, '../../pod-server/main.ts'),
}
/** Whatever Node says of itself, but for the modules that it loads. */
const LOUD = { NODE_DEBUG: 'alveole,http,https,net,tls,fetch,undici,stream,fs,crypto,worker,sqlite' }

let proxy: Proxy
let pod: ChildProcess
let search: Search
const logs: Buffer[] = []
let [told, errors] = ['', '']
let said: { command: string; stdout: string }[]
const secrets: (readonly [string, Secret])[] = []

beforeAll(async () => {
  proxy = await startProxy()
  pod = await startLoudPod()
  const [terminals] = await Promise.all([
    run(PROGRAMS.terminals, proxy.url, at('terminals')),
    run(PROGRAMS.story, proxy.url, at('devices')),
  ])
  said = JSON.parse(terminals) as typeof said
  told = await run(PROGRAMS.failing)
  const noted = readNotes(at('notes'))
  errors = noted.flatMap(({ what, value }) => (what === 'error' ? value : [])).join('\n')
  secrets.push(
    ...noted.flatMap(({ what, use, value }) => (what === 'key' ? [[use, fromHex(value)] as const] : [])),
    ...noted.flatMap(({ what, use, value }) => (what === 'text' ? [[`${use} ${value}`, value] as const] : [])),
  )
  search = new Search(secrets)
})
afterAll(() => {
  pod?.kill()
  proxy?.close()
  rmSync(folder, { recursive: true, force: true })
})

async function startLoudPod(): Promise<ChildProcess> {
  const free = createServer().listen(0, '127.0.0.1')
  await once(free, 'listening')
  const { port } = free.address() as AddressInfo
  free.close()
  proxy.leadTo(port)
  const args = [...RECORDED, PROGRAMS.pod, '--port', String(port), '--data', at('disk'), '--base-url', proxy.url]
  const child = spawn(process.execPath, args, { env: { ...process.env, ...notedIn(at('notes')) } })
  for (const stream of [child.stderr, child.stdout]) stream.on('data', (text: Buffer) => void logs.push(text))
  await once(child.stdout, 'data')
  return child
}

/** What it wrote on standard output; the rest goes with the logs. */
async function run(program: string, ...args: string[]): Promise<string> {
  const env = { ...process.env, ...LOUD, ...notedIn(at('notes')) }
  const line = [...RECORDED, program, ...args]
  const { stdout, stderr } = await promisify(execFile)(process.execPath, line, { env, maxBuffer: 2 ** 30 })
  logs.push(Buffer.from(stderr))
  return stdout
}

describe('of all that leaves the devices', () => {
  test('there is enough to search, and enough to search for', () => {
    const uses = new Set(secrets.map(([name]) => name))
    for (const use of [
      'signing seed',
      'kem seed',
      'aead',
      'alveole/1 account state',
      'alveole/1 facet',
      'alveole/1 blob part',
    ])
      expect(uses).toContain(use)
    expect(secrets.length).toBeGreaterThan(1000)
    expect(proxy.traffic.length).toBeGreaterThan(400)
    const text = Buffer.concat(logs).toString()
    for (const line of [/"level":"debug"/, /^HTTP \d+/m, /^ALVEOLE \d+/m])
      expect([line, line.test(text)]).toEqual([line, true])
    expect(errors.length).toBeGreaterThan(10_000)
    expect(filesUnder(at('disk')).length).toBeGreaterThan(50)
    expect(filesUnder(at('devices')).length).toBeGreaterThan(5)
  })

  test('no request or answer, no address, header or body', () => {
    expect(search.in(Buffer.concat(proxy.traffic))).toEqual([])
  })

  test('no byte of the server’s disk, and no name of a file there', () => {
    expect(search.in(disk('disk'))).toEqual([])
  })

  test('no byte that the devices keep', () => {
    expect(
      search.in(
        Buffer.concat([disk('devices'), disk('terminals', 'zoe', 'profile'), disk('terminals', 'yann', 'profile')]),
      ),
    ).toEqual([])
  })

  test('no line of any log', () => {
    expect(search.in(Buffer.concat(logs))).toEqual([])
  })

  test('no error, with its message, detail and causes', () => {
    expect(search.in(Buffer.from(errors + told))).toEqual([])
  })
})

/** Contents and names, end to end. */
const disk = (...names: string[]): Buffer =>
  Buffer.concat(filesUnder(at(...names)).flatMap(({ path, bytes }) => [Buffer.from(`${path}\n`), bytes]))

/** What people ask for they are shown, on standard output: contents by `show`, the kit by `signup`. Keys are for nobody, but those of a link. */
const INVITATION = 'alveole/1 join request mac, base64url after 0'
/** The same letters, where none of them tells the alphabets apart. */
const isInvitation = (found: string): boolean => found.startsWith('alveole/1 join request mac, base64')

test('a command shows no key', () => {
  const keys = new Search(secrets.filter(([, secret]) => typeof secret !== 'string'))
  expect(said.length).toBeGreaterThan(10)
  for (const { command, stdout } of said) {
    const found = keys.in(Buffer.from(stdout))
    if (command === 'group invite') expect(found).toContain(INVITATION)
    const left = command === 'group invite' ? found.filter(one => !isInvitation(one)) : found
    expect([command, left]).toEqual([command, []])
  }
})

describe('a secret that did leave is found', () => {
  const key = () => secrets.find(([use]) => use === 'alveole/1 account state')![1] as Uint8Array
  const name = 'alveole/1 account state'

  test('in a request', async () => {
    const before = proxy.traffic.length
    const text = Buffer.from(key()).toString('base64')
    await fetch(`${proxy.url}?${new URLSearchParams({ text })}`)
    await fetch(proxy.url, { headers: { 'x-key': Buffer.from(key()).toString('hex') } })
    await fetch(proxy.url, { method: 'POST', body: Buffer.concat([Buffer.alloc(1000), key()]) })
    const found = search.in(Buffer.concat(proxy.traffic.slice(before)))
    for (const spelling of ['base64, percent, after 0', 'hexadecimal', 'raw'])
      expect(found).toContain(`${name}, ${spelling}`)
  })

  test('on a disk', () => {
    writeFileSync(at('disk', 'left.txt'), JSON.stringify({ key: [...key()] }))
    writeFileSync(at('disk', `${Buffer.from(key()).toString('hex')}.txt`), '')
    // Keys that others derive from have several labels, and are reported under each (SPEC: account generation).
    const left = Buffer.from(key())
    const uses = new Set(secrets.flatMap(([use, secret]) => (left.equals(Buffer.from(secret)) ? use : [])))
    const spellings = [...uses].flatMap(use => [`${use}, hexadecimal`, `${use}, numbers`])
    expect(search.in(disk('disk'))).toEqual(spellings.sort())
  })
})
