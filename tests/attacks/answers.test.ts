/** Whatever an HTTP server answers, the pod's adapter says a code or tells the truth, and sends nothing to anybody else. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { solidPod, type Pod } from '#core'
import { orCode } from './shown.ts'

const storage = 'https://pod.example/alice/'
const webId = `${storage}profile/card#me`
const url = `${storage}a.alv`

/** A pod whose server gives this answer to everything, and what it was asked. */
async function answering(
  body: string | Uint8Array<ArrayBuffer> | null,
  init: ResponseInit = {},
): Promise<{ pod: Pod; asked: string[] }> {
  const asked: string[] = []
  const fetch: typeof globalThis.fetch = async (input, options) => {
    asked.push(`${options?.method ?? 'GET'} ${String(input instanceof Request ? input.url : input)}`)
    const none = options?.method === 'HEAD' || init.status === 304 || init.status === 204
    return new Response(none ? null : body, init)
  }
  return { pod: await solidPod({ webId, storage, fetch }), asked }
}

const all: { [request: string]: (pod: Pod) => Promise<unknown> } = {
  get: pod => pod.get(url),
  put: pod => pod.put(url, new Uint8Array(1)),
  post: pod => pod.post(storage, new Uint8Array(1)),
  patch: pod => pod.patch(url, 'x'),
  delete: pod => pod.delete(url),
  list: pod => pod.list(storage),
  aclOf: pod => pod.aclOf(url),
  enforcesEnd: pod => pod.enforcesEnd(),
  profile: pod => pod.profile(webId),
}

const LINKS = [
  '<http://[>; rel="acl"',
  '<:::>; rel=acl',
  '<>; rel="acl"',
  'rel="acl"',
  '<'.repeat(1000),
  '<x>; rel="acl", <http://[>; rel="acl"',
]
const BODIES = ['', 'not turtle', '<a', '@prefix : <', '\u0000', '{"a":', '<http://[> a <b>.']

describe.each(Object.entries(all))('[A9] %s', (_, request) => {
  test.each(LINKS)('with the link %s', async link => {
    const { pod } = await answering('', { headers: { link, location: 'http://[', 'content-type': 'text/turtle' } })
    await orCode(() => request(pod))
  })

  test.each(BODIES)('with the body %j', async body => {
    for (const type of ['text/turtle', 'text/html', '', 'application/ld+json'])
      await orCode(async () => request((await answering(body, { headers: { 'content-type': type } })).pod))
  })

  test('with any status', async () => {
    for (const status of [200, 201, 204, 205, 206, 207, 226, 304, 400, 401, 404, 410, 412, 416, 451, 500, 599])
      await orCode(async () => request((await answering(status === 205 ? null : 'x', { status })).pod))
  })
})

describe('[A21] an access list elsewhere', () => {
  test.each(['https://work.example/alice/notes.ttl', '//work.example/x', 'http://pod.example/alice/.acl'])(
    'at %s is none: nothing is read or written there',
    async there => {
      const { pod } = await answering('', { headers: { link: `<${there}>; rel="acl"` } })
      expect(await orCode(() => pod.aclOf(url))).toEqual({ code: 'refused' })
    },
  )
})

test.each(['get', 'list'] as const)('[A9] a body that never ends is left after a while: %s', async request => {
  let sent = 0
  const chunk = new Uint8Array(1 << 20)
  const endless = new ReadableStream<Uint8Array>({ pull: controller => (sent++, controller.enqueue(chunk)) })
  const fetch = async () => new Response(endless, { headers: { 'content-length': '5' } })
  const pod = await solidPod({ webId, storage, fetch })
  expect(await orCode<unknown>(() => pod[request](storage))).toEqual({ code: 'too-large' })
  expect(sent).toBeLessThan(100)
})

describe('[A9] a listing', () => {
  const turtle = (...children: string[]): string =>
    children.map(child => `<${storage}> <http://www.w3.org/ns/ldp#contains> <${child}>.`).join('\n')

  test('that is not Turtle is told with a code', async () => {
    const { pod } = await answering('not turtle', { headers: { 'content-type': 'text/turtle' } })
    expect(await orCode(() => pod.list(storage))).toEqual({ code: 'tampered' })
  })

  test('may name what it likes; it is for whoever asks for it to look only inside', async () => {
    const { pod } = await answering(turtle(`${storage}a`, 'http://127.0.0.1:6379/'), {
      headers: { 'content-type': 'text/turtle' },
    })
    expect(await pod.list(storage)).toContain(`${storage}a`)
  })
})

describe('[A9] a profile', () => {
  let server: Server
  let base: string
  let hops = 0
  beforeAll(async () => {
    server = createServer((request, response) => {
      hops++
      response.writeHead(302, { location: `${request.url}x` }).end()
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  })
  afterAll(() => void server.close())

  test('that redirects for ever is told with a code after a few', async () => {
    const pod = await solidPod({ webId: `${base}me`, storage: base, fetch: globalThis.fetch })
    expect(await orCode(() => pod.profile(`${base}me`))).toEqual({ code: 'offline' })
    expect(await orCode(() => pod.get(`${base}head.alv`))).toEqual({ code: 'refused' }) // after the first: it is not followed
    expect(hops).toBeLessThan(100)
  })

  const named = async (storage: string) => {
    const turtle = `<${webId}> <http://www.w3.org/ns/pim/space#storage> <${storage}>.`
    const { pod } = await answering(turtle, { headers: { 'content-type': 'text/turtle' } })
    return orCode(() => pod.profile(webId))
  }

  test('whose storage is a folder names it', async () => expect(await named(storage)).toMatchObject({ storage }))

  const none = [
    'http://[',
    'not a url',
    'javascript:a/',
    'file:///etc/',
    '/x',
    `${storage}?x=/`,
    `${storage}#/`,
    `${storage}../`,
  ]
  test.each(none)('whose storage is %s names none', async storage => {
    const profile = await named(storage)
    expect(profile).toSatisfy((found: { storage?: string | null } | null) => !found?.storage)
  })
})
