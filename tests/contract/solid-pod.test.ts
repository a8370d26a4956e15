/** The adapter to a Solid server against the port's acceptance suite, on the real server; then what only a network does. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { solidPod, type Pod } from '#core'
import { newAccount } from '../accounts.ts'
import { podContract } from '../pod-contract.ts'

podContract('the real server', async () => {
  const [alice, bob, carol] = await Promise.all(
    ['alice', 'bob', 'carol'].map(async name => solidPod(await newAccount(inject('pod'), name))),
  )
  const visitor = await solidPod({ webId: alice!.webId, storage: alice!.storage, fetch: globalThis.fetch })
  return { alice: alice!, bob: bob!, carol: carol!, visitor }
})

describe('the storage', () => {
  test('is found in the profile', async () => {
    const account = await newAccount(inject('pod'), 'alice')
    const pod = await solidPod({ webId: account.webId, fetch: account.fetch })
    expect(pod.storage).toBe(account.pod)
  })

  test('of a WebID of nobody is not', async () => {
    const webId = `${inject('pod')}nobody/profile/card#me`
    await expect(solidPod({ webId, fetch: globalThis.fetch })).rejects.toMatchObject({ code: 'unknown-person' })
  })
})

test('what any answer tells is not asked again: access lists, end dates, profiles', async () => {
  const account = await newAccount(inject('pod'), 'alice')
  let requests = 0
  const fetch: typeof account.fetch = (...args) => {
    requests++
    return account.fetch(...args)
  }
  const pod = await solidPod({ webId: account.webId, storage: account.pod, fetch })
  await pod.get(`${pod.storage}absent.alv`)
  expect(await pod.aclOf(`${pod.storage}a/`)).toBe(`${pod.storage}a/.acl`)
  expect(await pod.enforcesEnd()).toBe(true)
  expect(requests).toBe(1)
  for (let i = 0; i < 3; i++) expect((await pod.profile(account.webId))?.storage).toBe(pod.storage)
  expect(requests).toBe(2)
})

describe('every answer has a code', () => {
  let server: Server
  let pod: Pod
  let status = 200
  let weak = false

  beforeAll(async () => {
    server = createServer((request, response) => {
      request.resume()
      if (status === 0) response.destroy()
      else {
        response.writeHead(status, { etag: weak ? 'W/"1"' : '"1"', 'content-type': 'text/plain' })
        response.end(status === 304 ? undefined : 'x')
      }
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const storage = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    pod = await solidPod({ webId: `${storage}card#me`, storage, fetch: globalThis.fetch })
  })
  afterAll(() => void server.close())

  const codes: [number, string][] = [
    [401, 'unauthorized'],
    [403, 'not-granted'],
    [409, 'conflict'],
    [412, 'conflict'],
    [413, 'too-large'],
    [429, 'busy'],
    [500, 'server'],
    [502, 'server'],
    [503, 'busy'],
    [507, 'full'],
    [0, 'offline'],
  ]
  test.each(codes)('%i is %s', async (answered, code) => {
    status = answered
    const url = `${pod.storage}a`
    const each = [
      pod.get(url),
      pod.put(url, new Uint8Array(3)),
      pod.post(pod.storage, new Uint8Array(3)),
      pod.patch(url, ''),
      pod.delete(url),
      pod.list(pod.storage),
    ]
    for (const end of await Promise.allSettled(each)) {
      expect(end).toMatchObject({ status: 'rejected', reason: { name: 'AlveoleError', code } })
    }
  })

  test('404 is absence, for what is read and what is deleted', async () => {
    status = 404
    expect(await pod.get(`${pod.storage}a`)).toBe(null)
    expect(await pod.list(pod.storage)).toBe(null)
    await expect(pod.delete(`${pod.storage}a`)).resolves.toBe(undefined)
  })

  test('a weak ETag is none', async () => {
    ;[status, weak] = [200, true]
    expect((await pod.put(`${pod.storage}a`, new Uint8Array(3))).etag).toBe(null)
    expect((await pod.get(`${pod.storage}a`))?.etag).toBe(null)
  })

  test('nobody at that address is offline; a cancelled request is cancelled', async () => {
    const storage = 'http://127.0.0.1:9/'
    const dead = await solidPod({ webId: `${storage}card#me`, storage, fetch: globalThis.fetch })
    await expect(dead.get(storage)).rejects.toMatchObject({ code: 'offline' })
    await expect(dead.profile(`${storage}card#me`)).rejects.toMatchObject({ code: 'offline' })
    const signal = AbortSignal.abort()
    await expect(pod.get(`${pod.storage}a`, { signal })).rejects.toMatchObject({ code: 'cancelled' })
  })
})
