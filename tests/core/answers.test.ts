/** Answers that no honest server gives: each ends with a code, in bounded memory and in time that grows with its length alone. */
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { solidPod, type Pod } from '#core'
import { createServerAccount, serverCredentials } from '../../client/core/server-account.ts'

let server: Server
let base: string
let answer: (response: ServerResponse, path: string) => void

beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume()
    answer(response, request.url!)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
})
afterAll(() => void server.close())

const podOf = (fetch: typeof globalThis.fetch = globalThis.fetch): Promise<Pod> =>
  solidPod({ webId: `${base}card#me`, storage: base, fetch })
const saying = (body: string, type = 'text/turtle') => {
  answer = response => response.writeHead(200, { 'content-type': type }).end(body)
}
const profile = async () => (await podOf()).profile(`${base}card#me`)

test('a profile that is no Turtle, or makes a parser throw to nobody, is the server’s failure', async () => {
  for (const text of ['<', '@prefix a: <\u{feff}http://a/>. a:b a:c a:d.', '{"a":1}', '<html></html>']) {
    saying(text)
    await expect(profile(), text).rejects.toMatchObject({ code: 'server' })
  }
})

test('a profile says what it says of the WebID, and nothing of others', async () => {
  saying('<#you> <http://xmlns.com/foaf/0.1/name> "You".')
  expect(await profile()).toBe(null)
  saying('<#me> <http://xmlns.com/foaf/0.1/name> "Me"; <http://www.w3.org/ns/pim/space#storage> <pod/>.', 'text/plain')
  expect(await profile()).toEqual({ name: 'Me', storage: `${base}pod/` })
})

test('a profile, a listing or an account’s answer without end is not read for ever', async () => {
  let sent = 0
  answer = response => {
    const more = (): void => {
      while (!response.destroyed && response.write('#'.repeat(65_536))) sent += 65_536
    }
    response.writeHead(200, { 'content-type': 'text/turtle' }).on('drain', more)
    more()
  }
  const pod = await podOf()
  await expect(profile()).rejects.toMatchObject({ code: 'too-large' })
  expect(sent).toBeLessThan(64 * 2 ** 20)
  await expect(pod.list(base)).rejects.toMatchObject({ code: 'too-large' })
  await expect(serverCredentials(base, { email: 'a', password: 'b' })).rejects.toMatchObject({ code: 'too-large' })
})

test('a Link header of half a million “<” is passed over', async () => {
  const pod = await podOf(async () => new Response(null, { headers: { link: '<'.repeat(5e5) } }))
  await expect(pod.aclOf(`${base}x`)).rejects.toMatchObject({ code: 'refused' })
  expect(await pod.enforcesEnd()).toBe(false)
})

test('an account server that answers something else than it should is not one that we know', async () => {
  for (const text of ['null', '5', '[]', '"controls"', '{"controls":null}', '{"controls":{"password":[]}}', '', '{']) {
    saying(text)
    await expect(serverCredentials(base, { email: 'a', password: 'b' }), text).rejects.toMatchObject({ code: 'server' })
  }
})

test('an account server that refuses with something else than words is understood by its status', async () => {
  const account = { create: `${base}create` }
  answer = (response, path) => {
    const isControls = path === '/.account/'
    response.writeHead(isControls ? 200 : 400)
    response.end(JSON.stringify(isControls ? { controls: { account } } : { message: { toString: 1 } }))
  }
  const wanted = { email: 'a', password: 'b', name: 'c' }
  await expect(createServerAccount(base, wanted)).rejects.toMatchObject({ code: 'refused', detail: { reason: '' } })
})
