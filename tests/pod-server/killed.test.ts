/** A server killed with -9 in the middle of an upload, or with a full disk: nothing half-written is read, listed or kept. */
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { newAccount, signIn, type Account } from '../accounts.ts'
import { PodProcess } from '../soak/pod-process.ts'
import { smallDisks } from '../soak/small-disk.ts'

const TYPE = { 'content-type': 'application/vnd.alveole' }
let folder: string
let server: PodProcess

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alveole-killed-'))
  await mkdir(join(folder, 'pods'))
  server = new PodProcess(join(folder, 'pods'))
})
afterEach(async () => {
  await server.kill()
  await rm(folder, { recursive: true })
})

/** Where anybody may write: an upload that is never ended has to be made on a bare connection. */
async function openTo({ pod, fetch }: Account): Promise<string> {
  const open = `${pod}open/`
  await fetch(open, { method: 'PUT' })
  const body = `@prefix acl: <http://www.w3.org/ns/auth/acl#>.
    <#all> a acl:Authorization; acl:agentClass <http://xmlns.com/foaf/0.1/Agent>;
      acl:accessTo <${open}>; acl:default <${open}>; acl:mode acl:Read, acl:Write.`
  expect((await fetch(`${open}.acl`, { method: 'PUT', headers: { 'content-type': 'text/turtle' }, body })).status).toBe(
    201,
  )
  return open
}

const temporary = (): Promise<string[]> =>
  readdir(join(server.folder, '.internal', 'tempFiles')).catch((): string[] => [])

/** Sent as far as its first half, which the server has begun to write. */
async function half(url: string): Promise<void> {
  const before = (await temporary()).length
  const sent = request(url, { method: 'PUT', headers: { ...TYPE, 'content-length': 2_000_000 } })
  sent.on('error', () => undefined)
  sent.write(randomBytes(1_000_000))
  while ((await temporary()).length === before) await setTimeout(20)
}

test('killed during uploads: the former states are there with their ETags, and of the new ones nothing', async () => {
  await server.start()
  const alice = await newAccount(server.url, 'alice')
  const open = await openTo(alice)
  const [kept, fresh] = [`${open}kept.alv`, `${open}fresh.alv`]
  const tag = (await fetch(kept, { method: 'PUT', headers: TYPE, body: 'former' })).headers.get('etag')
  await Promise.all([half(kept), half(fresh)])
  await server.kill()
  expect((await temporary()).length).toBeGreaterThan(0)
  await server.start()
  expect(await temporary()).toEqual([])
  const read = await fetch(kept)
  expect([await read.text(), read.headers.get('etag')]).toEqual(['former', tag])
  expect((await fetch(fresh)).status).toBe(404)
  expect(await (await fetch(open)).text()).not.toContain('fresh')
  expect((await fetch(fresh, { method: 'PUT', headers: TYPE, body: 'whole' })).status).toBe(201)
  const later = await signIn(server.url, alice.clientId, alice.clientSecret)
  expect(await (await later.fetch(fresh)).text()).toBe('whole')
})

const trial = await mkdtemp(join(tmpdir(), 'alveole-killed-'))
const disks = smallDisks(trial)
await rm(trial, { recursive: true })

test.each(disks)(
  'the disk is full, of $name: 507, the former state stays, of the new one nothing',
  async ({ disk }) => {
    await server.start(disk(server.folder, 4_000_000))
    const { pod, fetch } = await newAccount(server.url, 'alice')
    const put = (name: string, bytes: number): Promise<Response> =>
      fetch(`${pod}${name}`, { method: 'PUT', headers: TYPE, body: randomBytes(bytes) })
    expect((await put('kept.alv', 1_000_000)).status).toBe(201)
    const former = await (await fetch(`${pod}kept.alv`)).bytes()
    expect((await put('fresh.alv', 5_000_000)).status).toBe(507)
    expect((await put('kept.alv', 5_000_000)).status).toBe(507)
    expect((await put('folder/deep/fresh.alv', 5_000_000)).status).toBe(507)
    for (const name of ['fresh.alv', 'folder/deep/fresh.alv']) expect((await fetch(`${pod}${name}`)).status).toBe(404)
    expect(Buffer.compare(await (await fetch(`${pod}kept.alv`)).bytes(), former)).toBe(0)
    expect((await put('small.alv', 1000)).status).toBe(201)
  },
)
