/** An upload that is cut leaves nothing, and what was there stays; one that is slow gets through. */
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { request } from 'node:http'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startPod } from '../../pod-server/pod.ts'
import type { Pod } from '../../pod-server/pod.ts'
import { newAccount } from '../accounts.ts'
import type { Account } from '../accounts.ts'

let data: string
let pod: Pod
let alice: Account
let open: string

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'alveole-uploads-'))
  pod = await startPod({ port: 0, data, quiet: true })
  alice = await newAccount(pod.url, 'alice')
  open = `${alice.pod}open/`
  await alice.fetch(open, { method: 'PUT' })
  // Anybody may write here: the cut has to be made on a bare connection.
  const body = `@prefix acl: <http://www.w3.org/ns/auth/acl#>.
    <#all> a acl:Authorization; acl:agentClass <http://xmlns.com/foaf/0.1/Agent>;
      acl:accessTo <${open}>; acl:default <${open}>; acl:mode acl:Read, acl:Write.`
  const acl = await alice.fetch(`${open}.acl`, { method: 'PUT', headers: { 'content-type': 'text/turtle' }, body })
  if (acl.status !== 201) throw new Error(`ACL: ${acl.status}`)
})

afterAll(async () => {
  await pod.stop()
  await rm(data, { recursive: true })
})

const CHUNK = Buffer.alloc(64 * 1024, 'x')
const CHUNKS = 16

const upload = (url: string, headers: Record<string, string | number>): ClientRequest =>
  request(url, { method: 'PUT', headers: { 'content-type': 'application/vnd.alveole', ...headers } })

const temporaryFiles = (): Promise<string[]> => readdir(join(data, '.internal', 'tempFiles'))

const until = async (check: () => Promise<boolean>): Promise<void> => {
  for (let tries = 0; !(await check()); tries += 1) {
    if (tries > 100) throw new Error('never happened')
    await wait(50)
  }
}

const cut = async (url: string, headers: Record<string, string | number>): Promise<void> => {
  const sent = upload(url, headers)
  const failed = new Promise(resolve => sent.once('close', resolve))
  sent.on('error', () => {})
  for (let chunk = 0; chunk < CHUNKS / 2; chunk += 1) sent.write(CHUNK)
  await until(async () => (await temporaryFiles()).length > 0)
  sent.destroy()
  await failed
  await until(async () => (await temporaryFiles()).length === 0)
}

const WHOLE = { 'content-length': CHUNK.length * CHUNKS }
const CHUNKED = { 'transfer-encoding': 'chunked' }

test.each([
  ['with a length', WHOLE],
  ['in chunks', CHUNKED],
])('cut while it is new, %s: nothing to read or list, then free to write', async (name, headers) => {
  const url = `${open}${name.replaceAll(' ', '-')}`
  await cut(url, headers)
  expect((await fetch(url)).status).toBe(404)
  expect(await (await fetch(open)).text()).not.toContain(url)
  const body = 'whole'
  expect((await fetch(url, { method: 'PUT', headers: { 'content-type': 'text/plain' }, body })).status).toBe(201)
})

test('cut while it replaces: the former state stays, with its ETag', async () => {
  const url = `${open}kept`
  const put = { method: 'PUT', headers: { 'content-type': 'application/vnd.alveole' }, body: 'former' }
  const tag = (await fetch(url, put)).headers.get('etag')
  await cut(url, WHOLE)
  const kept = await fetch(url)
  expect(await kept.text()).toBe('former')
  expect(kept.headers.get('etag')).toBe(tag)
})

test('8 s long: created, and nobody came between', async () => {
  const url = `${open}slow`
  const sent = upload(url, WHOLE)
  const answer = once(sent, 'response') as Promise<[IncomingMessage]>
  for (let chunk = 0; chunk < CHUNKS; chunk += 1) {
    sent.write(CHUNK)
    await wait(8000 / CHUNKS)
  }
  sent.end()
  const [response] = await answer
  expect(response.statusCode).toBe(201)
  const stored = await fetch(url)
  expect((await stored.arrayBuffer()).byteLength).toBe(CHUNK.length * CHUNKS)
  expect(stored.headers.get('etag')).toBe(response.headers.etag)
})
