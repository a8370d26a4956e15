/**
 * [A26] Whoever loses access hears nothing more: real sockets, streams and webhooks on a real server, closed when rules, a
 * members document or time take the access away.
 */
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { alv, vcard, xsd } from '#vocab'
import { FastPod, PREFIX } from './fast-reads.ts'

let pod: FastPod

beforeAll(async () => {
  pod = await FastPod.start()
})

afterAll(() => pod.stop())

const turtle = (url: string, body: string) => pod.put(url, body, 'text/turtle')

const rules = (url: string, audience: string, more = ''): string => `${PREFIX}
  <#owner> a acl:Authorization; acl:agent <${pod.alice.webId}>; acl:accessTo <${url}>; acl:mode acl:Read, acl:Write, acl:Control.
  <#reader> a acl:Authorization; ${audience}; acl:accessTo <${url}>; ${more} acl:mode acl:Read.`

const forBob = (): string => `acl:agent <${pod.bob.webId}>`

let count = 0
const sharedWithBob = async (audience = forBob(), more = ''): Promise<string> => {
  const url = `${pod.alice.pod}heard-${(count += 1)}.alv`
  await pod.put(url, 'first')
  await turtle(`${url}.acl`, rules(url, audience, more))
  return url
}

const subscription = (fetcher: typeof fetch, type: string, topic: string, more: object = {}): Promise<Response> =>
  fetcher(`${pod.url}.notifications/${type}/`, {
    method: 'POST',
    headers: { 'content-type': 'application/ld+json' },
    body: JSON.stringify({
      '@context': ['https://www.w3.org/ns/solid/notification/v1'],
      type: `http://www.w3.org/ns/solid/notifications#${type}`,
      topic,
      ...more,
    }),
  })

const listen = async (receiveFrom: string) => {
  const heard: string[] = []
  const socket = new WebSocket(receiveFrom)
  socket.addEventListener('message', ({ data }) => heard.push(String(data)))
  const closed = once(socket, 'close')
  await once(socket, 'open')
  return { heard, closed, socket }
}

const socketOf = async (fetcher: typeof fetch, topic: string) => {
  const response = await subscription(fetcher, 'WebSocketChannel2023', topic)
  const channel = (await response.json()) as { receiveFrom: string }
  expect([response.status, Object.keys(channel).sort()]).toEqual([
    200,
    ['@context', 'endAt', 'id', 'receiveFrom', 'topic', 'type'],
  ])
  return { ...(await listen(channel.receiveFrom)), receiveFrom: channel.receiveFrom }
}

const until = async (check: () => boolean): Promise<void> => {
  for (let tries = 0; !check(); tries += 1) {
    if (tries > 200) throw new Error('never happened')
    await wait(25)
  }
}

describe('a socket of somebody who lost access is closed, and hears nothing', () => {
  const revocations: [string, (url: string) => Promise<unknown>][] = [
    ['rules written again', url => turtle(`${url}.acl`, rules(url, `acl:agent <${pod.alice.webId}>`))],
    ['rules deleted', url => pod.alice.fetch(`${url}.acl`, { method: 'DELETE' })],
    [
      'rules with a date that passed',
      url =>
        turtle(`${url}.acl`, rules(url, forBob(), `<${alv.validUntil}> "2020-01-01T00:00:00Z"^^<${xsd.dateTime}>;`)),
    ],
    [
      'rules changed on disk',
      async url => {
        const file = pod.file(`${url}.acl`)
        await writeFile(file, (await readFile(file, 'utf8')).replace('/bob', '/bib'))
      },
    ],
  ]

  test.each(revocations)('%s', async (_, revoke) => {
    const url = await sharedWithBob()
    const [bob, alice] = [await socketOf(pod.bob.fetch, url), await socketOf(pod.alice.fetch, url)]
    await pod.put(url, 'second')
    await until(() => bob.heard.length === 1 && alice.heard.length === 1)
    await revoke(url)
    await pod.put(url, 'third')
    await bob.closed
    await until(() => alice.heard.length === 2)
    expect(bob.heard).toHaveLength(1)
    expect(alice.socket.readyState).toBe(WebSocket.OPEN)
    alice.socket.close()
  })

  test('and so is one of a member who was removed', async () => {
    const members = `${pod.alice.pod}members`
    await turtle(members, `<${members}#g> <${vcard.hasMember}> <${pod.bob.webId}>.`)
    await turtle(`${members}.acl`, rules(members, 'acl:agentClass foaf:Agent'))
    const url = await sharedWithBob(`acl:agentGroup <${members}#g>`)
    const bob = await socketOf(pod.bob.fetch, url)
    await pod.put(url, 'second')
    await until(() => bob.heard.length === 1)
    await turtle(members, '')
    await bob.closed
    await pod.put(url, 'third')
    expect(bob.heard).toHaveLength(1)
  })

  test('and so is one whose rule came to its end', async () => {
    const end = new Date(Date.now() + 3_000).toISOString()
    const url = await sharedWithBob(forBob(), `<${alv.validUntil}> "${end}"^^<${xsd.dateTime}>;`)
    const bob = await socketOf(pod.bob.fetch, url)
    await bob.closed
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(end))
  })

  test('and its address opens no other', async () => {
    const url = await sharedWithBob()
    const { closed, receiveFrom } = await socketOf(pod.bob.fetch, url)
    await turtle(`${url}.acl`, rules(url, `acl:agent <${pod.alice.webId}>`))
    await closed
    const again = new WebSocket(receiveFrom)
    const heard: unknown[] = []
    again.addEventListener('message', ({ data }) => heard.push(data))
    await once(again, 'close')
    await pod.put(url, 'second')
    expect(heard.join('')).not.toContain(url)
  })
})

test('what everybody may read, everybody may follow, as before', async () => {
  const url = await sharedWithBob('acl:agentClass foaf:Agent')
  const anybody = await socketOf(fetch, url)
  await pod.put(url, 'second')
  await until(() => anybody.heard.length === 1)
  expect(JSON.parse(anybody.heard[0] ?? '')).toMatchObject({ type: 'Update', object: url })
  await turtle(`${url}.acl`, rules(url, forBob()))
  await anybody.closed
})

test('a folder is followed and left alike', async () => {
  const folder = `${pod.alice.pod}inbox/`
  const handedDown = `acl:default <${folder}>;`
  const shared = rules(folder, forBob(), handedDown).replace('<#owner>', `<#owner> ${handedDown}`)
  await turtle(`${folder}.acl`, shared)
  const bob = await socketOf(pod.bob.fetch, folder)
  await pod.put(`${folder}y.alv`, 'first')
  await until(() => bob.heard.length === 1)
  await turtle(`${folder}.acl`, shared.replace(forBob(), 'acl:agent <https://nobody.example/>'))
  await bob.closed
})

test('a stream over HTTP ends', async () => {
  const url = await sharedWithBob()
  const response = await pod.bob.fetch(`${pod.url}.notifications/StreamingHTTPChannel2023/${encodeURIComponent(url)}`)
  expect(response.status).toBe(200)
  const reader = response.body?.getReader()
  const first = await reader?.read()
  expect(new TextDecoder().decode(first?.value)).toContain(url)
  await turtle(`${url}.acl`, rules(url, `acl:agent <${pod.alice.webId}>`))
  await pod.put(url, 'second')
  const rest = await reader?.read().catch(() => ({ done: true }))
  expect(rest?.done).toBe(true)
})

test('a webhook is called no more', async () => {
  const called: string[] = []
  const server = createServer((request, response) => {
    called.push(request.method ?? '')
    response.end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const sendTo = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const url = await sharedWithBob()
  const response = await subscription(pod.bob.fetch, 'WebhookChannel2023', url, { sendTo })
  expect([response.status, await response.text()]).toEqual([200, expect.not.stringContaining('subscriber')])
  await pod.put(url, 'second')
  await until(() => called.length === 1)
  await turtle(`${url}.acl`, rules(url, `acl:agent <${pod.alice.webId}>`))
  await pod.put(url, 'third')
  await wait(300)
  expect(called).toHaveLength(1)
  server.close()
})
