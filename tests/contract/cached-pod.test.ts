/**
 * A pod behind the device's own copies: the port's acceptance suite, on both pods, once where nothing is kept and once on heads,
 * which are; then what is asked, what is kept, and what comes out when nothing answers.
 */
import { randomBytes } from 'node:crypto'
import { beforeEach, describe, expect, inject, test } from 'vitest'
import { solidPod, type Pod } from '#core'
import { AlveoleError, hash } from '#crypto'
import { ownerRule, writeAcl } from '../../client/core/acl.ts'
import { cachedPod } from '../../client/core/cached-pod.ts'
import { memoryServer } from '../../client/core/memory-pod.ts'
import { memoryObjects, type ObjectStore } from '../../client/core/object-store.ts'
import { newAccount } from '../accounts.ts'
import { faultyPod, type FaultyPod } from '../core/faulty-pod.ts'
import { answering } from '../hostile-pod.ts'
import { podContract, type Places } from '../pod-contract.ts'

const id = (): string => randomBytes(16).toString('base64url')
const heads: Places = { folder: () => `alveole/c/${id()}/`, file: 'head.alv' }
const cached = (pod: Pod): Pod => cachedPod(pod, memoryObjects(), async () => true)

const inMemory = async () => {
  const server = memoryServer()
  const [alice, bob, carol] = [server.pod('alice'), server.pod('bob'), server.pod('carol')]
  return { alice: cached(alice), bob: cached(bob), carol: cached(carol), visitor: cached(server.visitor()) }
}
const onServer = async () => {
  const [alice, bob, carol] = await Promise.all(
    ['alice', 'bob', 'carol'].map(async name => cached(await solidPod(await newAccount(inject('pod'), name)))),
  )
  const visitor = cached(await solidPod({ webId: alice!.webId, storage: alice!.storage, fetch: globalThis.fetch }))
  return { alice: alice!, bob: bob!, carol: carol!, visitor }
}
podContract('a cached pod in memory', inMemory)
podContract('a cached pod in memory, of heads,', inMemory, heads)
podContract('a cached real server', onServer)
podContract('a cached real server, of heads,', onServer, heads)

const text = (of: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(of)
const type = 'application/vnd.alveole'

describe('what is kept', () => {
  let server: FaultyPod
  let objects: ObjectStore
  /** What the device has verified; by default all. */
  let verified: (url: string, body: Uint8Array) => boolean
  let pod: Pod
  let head: string
  let segment: string
  let isDown: boolean

  /** The same device, after its program ended. */
  const again = (): Pod => cachedPod(server, objects, async (url, body) => verified(url, body))

  beforeEach(() => {
    isDown = false
    const honest = memoryServer().pod('alice')
    const get: Pod['get'] = async (...args) => {
      if (isDown) throw new AlveoleError('offline')
      return honest.get(...args)
    }
    server = faultyPod(answering(honest, { get }))
    objects = memoryObjects()
    verified = () => true
    pod = again()
    head = `${pod.storage}alveole/c/${id()}/head.alv`
    segment = `${pod.storage}alveole/c/${id()}/${id()}.alv`
  })
  const isAsked = async (work: () => Promise<unknown>): Promise<string[]> => {
    const from = server.requests.length
    await work()
    return server.requests.slice(from)
  }

  test('a segment is fetched once, from whichever opening; what we put is not fetched at all', async () => {
    await server.put(segment, text('sealed'), { type })
    expect((await pod.get(segment))?.body).toEqual(text('sealed'))
    expect(await isAsked(() => again().get(segment))).toEqual([])
    const own = segment.replace(/.{22}\.alv$/, `${id()}.alv`)
    await pod.put(own, text('mine'), { type, ifNoneMatch: '*' })
    expect(await isAsked(async () => expect((await again().get(own))?.body).toEqual(text('mine')))).toEqual([])
  })

  test('one that is not there is asked for each time', async () => {
    expect(await pod.get(segment)).toBe(null)
    await server.put(segment, text('sealed'), { type })
    expect((await pod.get(segment))?.status).toBe(200)
  })

  test('parts of files and all else go through', async () => {
    const circle = `${pod.storage}alveole/groups/${id()}/head.alv`
    for (const url of [segment.replace('.alv', `/${id()}.alv`), `${pod.storage}alveole/identity.alv`, circle]) {
      await pod.put(url, text('x'), { type })
      await pod.get(url)
      expect(await isAsked(() => pod.get(url)), url).toHaveLength(1)
    }
  })

  test('one that was deleted by this device is gone here too', async () => {
    await pod.put(segment, text('sealed'), { type })
    await pod.delete(segment)
    expect(await pod.get(segment)).toBe(null)
  })

  test('a fresh look asks the pod', async () => {
    await pod.put(segment, text('sealed'), { type })
    await server.delete(segment)
    expect(await pod.get(segment, { fresh: true })).toBe(null)
  })

  test('bytes that the caller does not expect are not kept, and where they were kept they are asked for again', async () => {
    await server.put(segment, text('altered'), { type })
    expect((await pod.get(segment, { hash: hash(text('sealed')) }))?.body).toEqual(text('altered')) // the caller says so
    expect(await objects.size()).toMatchObject({ objects: 0 })
    await pod.get(segment)
    await server.put(segment, text('sealed'), { type })
    expect((await pod.get(segment, { hash: hash(text('sealed')) }))?.body).toEqual(text('sealed'))
  })

  test.each(['head', 'segment'])('a %s that this disk altered is dropped and fetched again', async which => {
    const url = which === 'head' ? head : segment
    await pod.put(url, text('sealed'), { type })
    const stored = (await objects.get(url))!
    for (let at = 0; at < stored.length; at++) {
      const damaged = Uint8Array.from(stored)
      damaged[at]! ^= 1
      await objects.put(url, damaged)
      const requests = await isAsked(async () => expect((await again().get(url))?.body).toEqual(text('sealed')))
      expect(requests, `byte ${at}`).toHaveLength(1)
    }
    await objects.put(url, new Uint8Array())
    expect((await again().get(url))?.body).toEqual(text('sealed'))
  })

  test('an entry that stands in another’s place is not used', async () => {
    const other = segment.replace(/.{22}\.alv$/, `${id()}.alv`)
    await pod.put(segment, text('one'), { type })
    await pod.put(other, text('other'), { type })
    await objects.put(segment, (await objects.get(other))!)
    expect((await again().get(segment))?.body).toEqual(text('one'))
  })

  test('a local store that fails does as if it were empty', async () => {
    const broken = async (): Promise<never> => {
      throw new AlveoleError('full')
    }
    const on = cachedPod(
      server,
      { limit: 1, has: broken, get: broken, put: broken, delete: broken, size: broken },
      async () => true,
    )
    await on.put(head, text('1'), { type })
    await on.put(segment, text('2'), { type })
    expect((await on.get(head))?.body).toEqual(text('1'))
    expect((await on.get(segment))?.body).toEqual(text('2'))
    await on.delete(segment)
  })

  test('a head is asked for by its ETag, and 304 is answered from here', async () => {
    await pod.put(head, text('one'), { type })
    const conditions: unknown[] = []
    const get: Pod['get'] = (url, options) => (conditions.push(options?.ifNoneMatch), server.get(url, options))
    const watched = answering(server, { get })
    const reply = await cachedPod(watched, objects, async () => true).get(head)
    expect(reply).toMatchObject({ status: 200, body: text('one') })
    expect(reply?.stale).toBeUndefined()
    expect(conditions).toEqual([reply?.etag])
    await server.put(head, text('two'), { type })
    expect((await again().get(head))?.body).toEqual(text('two'))
  })

  test('a caller who has it gets 304; who has an older one the body', async () => {
    const { etag: old } = await pod.put(head, text('one'), { type })
    const { etag } = await pod.put(head, text('two'), { type })
    expect(await pod.get(head, { ifNoneMatch: etag! })).toMatchObject({ status: 304, etag })
    expect(await pod.get(head, { ifNoneMatch: old! })).toMatchObject({ status: 200, body: text('two') })
  })

  test('without an answer: what there was, and it says so; a fresh look fails', async () => {
    const { etag } = await pod.put(head, text('one'), { type })
    isDown = true
    expect(await again().get(head)).toMatchObject({ status: 200, body: text('one'), stale: true })
    expect(await again().get(head, { ifNoneMatch: etag! })).toMatchObject({ status: 304, stale: true })
    await expect(again().get(head, { fresh: true })).rejects.toMatchObject({ code: 'offline' })
    await expect(again().get(head.replace('head', id()))).rejects.toMatchObject({ code: 'offline' })
    isDown = false
    expect((await again().get(head))?.stale).toBeUndefined()
  })

  test('what this device did not verify is not used, answer or none', async () => {
    await pod.put(head, text('one'), { type })
    await server.put(head, text('two'), { type })
    await pod.get(head)
    verified = (_, body) => new TextDecoder().decode(body) === 'one'
    expect(await again().kept?.(head)).toBe(null)
    isDown = true
    await expect(again().get(head)).rejects.toMatchObject({ code: 'offline' })
  })

  test('without a request: what is kept of a head, and nothing of one never seen', async () => {
    await pod.put(head, text('one'), { type })
    expect(await isAsked(async () => expect(await again().kept?.(head)).toMatchObject({ body: text('one') }))).toEqual(
      [],
    )
    expect(
      await isAsked(async () => expect(await pod.kept?.(head.replace(/c\/.{22}/, `c/${id()}`))).toBe(null)),
    ).toEqual([])
  })

  test('after a lost swap nothing is kept of what lost', async () => {
    const { etag } = await pod.put(head, text('one'), { type })
    await server.put(head, text('theirs'), { type })
    await expect(pod.put(head, text('mine'), { type, ifMatch: etag! })).rejects.toMatchObject({ code: 'conflict' })
    expect(await pod.kept?.(head)).toBe(null)
  })

  test('who was shut out is shown no more', async () => {
    const owner = memoryServer()
    const url = `${owner.pod('alice').storage}alveole/c/${id()}/head.alv`
    const rules = `${url}.acl`
    const self = { ...ownerRule(owner.pod('alice').webId), on: ['self' as const] }
    await owner.pod('alice').put(url, text('one'), { type })
    const bob = { agents: [owner.pod('bob').webId], modes: ['Read' as const], on: ['self' as const] }
    await owner.pod('alice').put(rules, writeAcl(url, [self, bob]), { type: 'text/turtle' })
    const reader = cachedPod(owner.pod('bob'), objects, async () => true)
    await reader.get(url)
    await owner.pod('alice').put(rules, writeAcl(url, [self]), { type: 'text/turtle' })
    await expect(reader.get(url)).rejects.toMatchObject({ code: 'not-granted' })
    expect(await reader.kept?.(url)).toBe(null)
  })
})
