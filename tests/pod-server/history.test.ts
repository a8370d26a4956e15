/**
 * The access history on a real server: every way to read is noted and read back by the owner alone; a crash is no tampering,
 * tampering is seen, and nothing of it ever stops the server.
 */
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createVault, memoryStore, solidPod, type JournalLine, type Vault } from '#core'
import {
  accessBatches,
  drawSeeds,
  encodeIdentity,
  extendIdentity,
  FLOOR,
  foundIdentity,
  keyId,
  openAccessBatch,
  publicOf,
  signerOf,
  type Identity,
  type IdentityBody,
} from '#crypto'
import { AccessHistory } from '../../pod-server/history/access-history.ts'
import { startPod } from '../../pod-server/pod.ts'
import type { Pod } from '../../pod-server/pod.ts'
import { newAccount } from '../accounts.ts'
import type { Account } from '../accounts.ts'
import { PREFIX, TYPE } from './fast-reads.ts'

let data: string
let port: number
let pod: Pod
let bob: Account
let alice: Account
let vault: Vault
let folder: string

/** A server that stops has written what it noted. */
const restart = async (): Promise<void> => {
  await pod.stop()
  pod = await startPod({ port, data, quiet: true })
}

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'alveole-history-'))
  pod = await startPod({ port: 0, data, quiet: true })
  port = Number(new URL(pod.url).port)
  bob = await newAccount(pod.url, 'bob')
})

afterAll(async () => {
  await pod.stop()
  await rm(data, { recursive: true })
})

beforeEach(async () => {
  alice = await newAccount(pod.url, 'alice')
  const { webId, pod: storage, fetch } = alice
  const own = await solidPod({ webId, storage, fetch })
  ;({ vault } = await createVault({ pod: own, store: memoryStore() }, { password: 'x', passwordCost: FLOOR }))
  folder = join(data, new URL(storage).pathname, 'alveole', 'history')
})

const put = async (path: string, body: string, type = TYPE): Promise<string> => {
  const url = `${alice.pod}alveole/${path}`
  const response = await alice.fetch(url, { method: 'PUT', headers: { 'content-type': type }, body })
  expect(response.status).toBeLessThan(300)
  return url
}

const shared = async (path: string, audience: string): Promise<string> => {
  const url = await put(path, 'sealed')
  await put(
    `${path}.acl`,
    `${PREFIX} <#r> a acl:Authorization; ${audience}; acl:accessTo <${url}>; acl:mode acl:Read.
     <#o> a acl:Authorization; acl:agent <${alice.webId}>; acl:accessTo <${url}>; acl:mode acl:Read, acl:Write, acl:Control.`,
    'text/turtle',
  )
  return url
}

/** What others read, and what is wrong. */
const told = async (): Promise<JournalLine[]> => {
  const lines = await vault.journal.reads()
  return lines.filter(({ what, who }) => what !== 'read' || who !== alice.webId)
}

const brief = ({ what, who, object, times }: JournalLine): unknown[] => [
  what,
  who.replace(/.*\/(\w+)-.*/, '$1'),
  object.replace(alice.pod, ''),
  times,
]

const read = async (url: string, status = 200): Promise<void> => {
  expect((await bob.fetch(url)).status).toBe(status)
}

test('who, what, when, with which application, whichever way', async () => {
  const url = await shared('c/x/a.alv', `acl:agent <${bob.webId}>`)
  const open = await shared('c/y/b.alv', 'acl:agentClass foaf:Agent')
  const before = Date.now()
  await read(url)
  // A proof of possession is for the spelling that CSS takes for right: only who needs none may use another.
  const escaped = await fetch(open.replace('/b.alv', '/%62.alv'), { headers: { origin: 'https://app.example' } })
  expect(await escaped.text()).toBe('sealed')
  expect(await (await bob.fetch(url, { headers: { range: 'bytes=0-1' } })).text()).toBe('se')
  const tag = (await bob.fetch(url)).headers.get('etag') ?? ''
  expect((await bob.fetch(url, { headers: { 'if-none-match': tag } })).status).toBe(304)
  expect((await fetch(open, { headers: { origin: 'https://app.example' } })).status).toBe(200)
  await read(`${alice.pod}alveole/account.alv`, 403)
  expect((await bob.fetch(url, { method: 'HEAD' })).status).toBe(200)
  await restart()
  const lines = await told()
  expect(lines.map(brief).sort()).toEqual([
    ['read', '', 'alveole/c/y/', 2],
    ['read', 'bob', 'alveole/c/x/', 4],
  ])
  for (const { at, vouchedBy } of lines) {
    expect(Date.parse(at)).toBeGreaterThanOrEqual(before)
    expect(vouchedBy).toBe('server')
  }
  expect(lines.find(({ who }) => who === '')?.application).toBe('https://app.example')
  expect(lines.find(({ who }) => who !== '')?.application).toBe(bob.clientId)
})

test('is written within seconds, sealed: the disk shows nothing', async () => {
  await read(await shared('c/x/a.alv', `acl:agent <${bob.webId}>`))
  for (let tries = 0; (await readdir(folder).catch(() => [])).length === 0; tries += 1) {
    if (tries > 100) throw new Error('never written')
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  const bytes = await readFile(join(folder, (await readdir(folder))[0] ?? ''), 'latin1')
  expect(bytes.length).toBeGreaterThan(1_000)
  for (const secret of [bob.webId, alice.webId, 'alveole/c/x', bob.clientId]) expect(bytes).not.toContain(secret)
  expect((await bob.fetch(`${alice.pod}alveole/history/`)).status).toBe(403)
})

/** A history of two batches, in one file; its path. */
const twoBatches = async (): Promise<{ url: string; file: string; first: number }> => {
  const url = await shared('c/x/a.alv', `acl:agent <${bob.webId}>`)
  await read(url)
  await restart()
  const file = join(folder, (await readdir(folder))[0] ?? '')
  const first = (await readFile(file)).length
  await read(url)
  await restart()
  return { url, file, first }
}

const two = ['read', 'bob', 'alveole/c/x/', 2]
const three = ['read', 'bob', 'alveole/c/x/', 3]

describe('a crash is no tampering', () => {
  test.each<[string, (bytes: Buffer) => Buffer]>([
    ['in the length', bytes => bytes.subarray(0, 2)],
    ['in the batch', bytes => bytes.subarray(0, 700)],
    ['with nothing but zeros on the disk', bytes => Buffer.alloc(bytes.length)],
  ])('%s', async (_, torn) => {
    const { url, file, first } = await twoBatches()
    await appendFile(file, torn((await readFile(file)).subarray(first)))
    expect((await told()).map(brief)).toEqual([two])
    await restart()
    await read(url)
    await restart()
    expect((await told()).map(brief)).toEqual([three])
    expect(await readdir(folder)).toHaveLength(2)
  })
})

describe('tampering is seen, and the history goes on', () => {
  const altered = (file: string, at: number) => async () => {
    const bytes = await readFile(file)
    bytes[at] = (bytes[at] ?? 0) ^ 1
    await writeFile(file, bytes)
  }

  test.each<[string, (file: string, first: number) => () => Promise<void>, unknown[][]]>([
    ['a byte of the first batch', file => altered(file, 600), [['history-altered', '', 1]]],
    ['the place of a batch', (file, first) => altered(file, first + 40), [['history-altered', '', 1]]],
    ['the first batch gone', (file, first) => async () => writeFile(file, (await readFile(file)).subarray(first)), []],
    ['the second batch gone', (file, first) => () => truncate(file, first), [['history-cut', '', 1]]],
    ['all of it gone', file => () => rm(file), [['history-cut', '', 1]]],
    ['not a history', file => () => writeFile(file, 'x'.repeat(3000)), [['history-cut', '', 1]]],
  ])('%s', async (_, tamper, expected) => {
    const { url, file, first } = await twoBatches()
    expect((await told()).map(brief)).toEqual([two])
    await tamper(file, first)()
    await restart()
    await read(url)
    await restart()
    const lines = await told()
    const problems = lines.filter(({ what }) => what !== 'read').map(({ what, times }) => [what, '', times])
    expect(problems.length).toBeGreaterThan(0)
    for (const problem of expected) expect(problems).toContainEqual(problem)
    expect(lines.some(({ what, who }) => what === 'read' && who === bob.webId)).toBe(true)
  })
})

test('a disk that takes nothing stops no read, and what was lost is counted', async () => {
  const url = await shared('c/x/a.alv', `acl:agent <${bob.webId}>`)
  await restart()
  await rm(folder, { recursive: true, force: true })
  await writeFile(folder, 'no folder')
  for (let time = 0; time < 210; time += 1) await read(url)
  await new Promise(resolve => setTimeout(resolve, 1_200))
  await rm(folder)
  await read(url)
  await restart()
  const lines = await told()
  const count = (what: string): number => lines.find(line => line.what === what)?.times ?? 0
  expect([count('read') > 0, count('reads-lost') > 0]).toEqual([true, true])
})

test('after the removal of a device, reads wait for the next key [Y1]', async () => {
  const root = await mkdtemp(join(tmpdir(), 'alveole-history-'))
  const at = join(root, 'alice', 'alveole')
  await mkdir(at, { recursive: true })
  const [owner, device, kem] = [drawSeeds(), publicOf(drawSeeds()), drawSeeds().kem]
  const next = (identity: Identity, body: IdentityBody) => extendIdentity(identity, signerOf(owner), 0, body)
  const generation = (number: number) => ({ type: 'generation' as const, number, kem: publicOf({ ...owner, kem }).kem })
  const founded = foundIdentity('https://alice.example/#me', owner, 0)
  const before = next(next(founded, { type: 'add-device', kind: 'device', name: '', ...device }), generation(1))
  const exposed = next(before, { type: 'remove-device', device: keyId(device) })
  const history = new AccessHistory(root, true)
  await writeFile(join(at, 'identity.alv'), encodeIdentity(exposed))
  history.note('alice/alveole/account.alv', '', '')
  await history.flush()
  expect(await readdir(at)).toEqual(['identity.alv'])
  await writeFile(join(at, 'identity.alv'), encodeIdentity(next(exposed, generation(2))))
  await history.flush()
  const [name = ''] = await readdir(join(at, 'history'))
  const { batches } = accessBatches(new Uint8Array(await readFile(join(at, 'history', name))))
  expect(batches.map(batch => openAccessBatch(kem, batch).reads.length)).toEqual([1])
  await rm(root, { recursive: true })
})

test('a pod without a vault is not noted', async () => {
  const url = `${bob.pod}alveole/c/x/a.alv`
  const headers = { 'content-type': TYPE }
  expect((await bob.fetch(url, { method: 'PUT', headers, body: 'sealed' })).status).toBe(201)
  await read(url)
  await restart()
  expect(await readdir(join(data, new URL(bob.pod).pathname, 'alveole'))).not.toContain('history')
})
