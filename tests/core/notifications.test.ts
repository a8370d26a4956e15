/** Hints of the real server: one device hears of what another wrote, without polling; and of what no server may make us do. */
import { describe, expect, inject, test } from 'vitest'
import { createVault, memoryStore, notifications, openVault, solidPod, type Vault } from '#core'
import { FLOOR } from '#crypto'
import { memoryObjects } from '../../client/core/object-store.ts'
import { newAccount, type Account } from '../accounts.ts'
import { folder, notes } from './world.ts'

const password = 'seven quiet herons'

async function twoDevices(): Promise<{ account: Account; first: Vault; second: Vault; requests: string[] }> {
  const account = await newAccount(inject('pod'), 'alice')
  const requests: string[] = []
  const counted: typeof fetch = (input, init) => {
    requests.push(`${init?.method ?? 'GET'} ${input instanceof Request ? input.url : String(input)}`)
    return account.fetch(input, init)
  }
  const pod = await solidPod(account)
  const { vault: first } = await createVault({ pod, store: memoryStore() }, { password, passwordCost: FLOOR })
  await first.records.put('Immunization', { note: 'one' }, { collection: await folder(first) })
  await first.settle()
  const own = await solidPod({ ...account, fetch: counted })
  const around = { pod: own, store: memoryStore(), objects: memoryObjects() }
  return { account, first, requests, second: await openVault(around, { password }) }
}

/** Timers that never ring by themselves but for hints: nothing is polled. */
const onlySoon = (ms: number, work: () => void): (() => void) => {
  if (ms > 2000) return () => undefined
  const timer = setTimeout(work, ms)
  return () => clearTimeout(timer)
}

const changesOf = (vault: Vault): (() => Promise<void>) => {
  let ring: () => void = () => undefined
  vault.subscribe(() => ring())
  return () => new Promise(resolve => (ring = resolve))
}

describe('a device that follows', () => {
  test('hears of a record and of a folder that another device added, and asks nothing else', async () => {
    const { account, first, second, requests } = await twoDevices()
    expect(await notes(second)).toEqual(['one'])
    const hints = notifications({ storage: account.pod, fetch: account.fetch, WebSocket })
    const watched = Promise.withResolvers<void>()
    let watches = 0
    const counting: typeof hints = {
      watch: async (topic, hearing) => {
        const end = await hints.watch(topic, hearing)
        if (++watches === 2) watched.resolve()
        return end
      },
    }
    const follower = second.follow({ notifications: counting, after: onlySoon })
    await watched.promise
    const from = requests.length
    const changed = changesOf(second)
    const heard = changed()
    await first.records.put('Immunization', { note: 'two' }, { collection: await folder(first) })
    await heard
    expect(await notes(second)).toEqual(['one', 'two'])
    expect(requests.slice(from).filter(line => !line.includes('head.alv'))).toEqual([])
    const again = changed()
    await first.collections.create('Family')
    await again
    expect((await second.collections.list()).map(({ name }) => name)).toContain('Family')
    follower.stop()
    await second.lock()
  })

  test('its own writes cost no look', async () => {
    const { account, second, requests } = await twoDevices()
    await notes(second)
    const hints = notifications({ storage: account.pod, fetch: account.fetch, WebSocket })
    const heard = Promise.withResolvers<void>()
    const end = await hints.watch(`${account.pod}alveole/account.alv`, {
      onHint: () => heard.resolve(),
      onEnd: () => undefined,
    })
    const follower = second.follow({ notifications: hints, after: onlySoon })
    await new Promise(resolve => setTimeout(resolve, 2000))
    const from = requests.length
    await second.collections.create('Family')
    await heard.promise
    await new Promise(resolve => setTimeout(resolve, 1000))
    expect(requests.slice(from)).toHaveLength(1)
    follower.stop()
    end?.()
  })
})

describe('what a server says', () => {
  const storage = 'https://pod.example/alice/'
  const turtle = `<${storage}> <http://www.w3.org/ns/solid/notifications#subscription> <SERVICE>.
    <SERVICE> <http://www.w3.org/ns/solid/notifications#channelType> <http://www.w3.org/ns/solid/notifications#WebSocketChannel2023>.`
  const link = (to: string) => ({ link: `<${to}>; rel="http://www.w3.org/ns/solid/terms#storageDescription"` })
  const opened: string[] = []
  class NoSocket {
    constructor(url: string) {
      opened.push(url)
    }
    addEventListener(): void {}
    close(): void {}
  }
  /** A server that answers as told, and what watching a topic there comes to. */
  const watching = (answers: { head?: Response; description?: Response; subscription?: Response }) => {
    opened.length = 0
    const fetch: typeof globalThis.fetch = async (_, init) => {
      const answer = { HEAD: answers.head, POST: answers.subscription }[init?.method ?? ''] ?? answers.description
      if (!answer) throw new TypeError('fetch failed')
      return answer
    }
    const hearing = { onHint: () => undefined, onEnd: () => undefined }
    return notifications({ storage, fetch, WebSocket: NoSocket }).watch(`${storage}alveole/account.alv`, hearing)
  }
  const head = () => new Response(null, { headers: link(`${storage}.well-known/solid`) })
  const described = (service: string) => new Response(turtle.replaceAll('SERVICE', service))
  const service = `https://pod.example/.notifications/ws/`

  test('is taken at its word where it has the channel', async () => {
    const subscription = Response.json({ receiveFrom: 'wss://pod.example/x' })
    expect(await watching({ head: head(), description: described(service), subscription })).toBeTypeOf('function')
    expect(opened).toEqual(['wss://pod.example/x'])
  })

  test.each([
    ['no description', { head: new Response(null) }],
    ['a description elsewhere', { head: new Response(null, { headers: link('https://evil.example/d') }) }],
    ['a description that is refused', { head: head(), description: new Response('', { status: 403 }) }],
    ['no service', { head: head(), description: new Response('') }],
    ['a service elsewhere', { head: head(), description: described('https://evil.example/ws/') }],
  ])('is no channel for us: %s', async (_, answers) => {
    expect(await watching(answers)).toBe(null)
  })

  test.each([
    ['a socket elsewhere', Response.json({ receiveFrom: 'wss://evil.example/x' })],
    ['what is no socket', Response.json({ receiveFrom: 'https://pod.example/x' })],
    ['no address', Response.json({})],
    ['a refusal', new Response('', { status: 403 })],
  ])('is refused: %s', async (_, subscription) => {
    const watch = watching({ head: head(), description: described(service), subscription })
    await expect(watch).rejects.toMatchObject({ code: 'refused' })
    expect(opened).toEqual([])
  })

  test.each([
    ['nothing', {}],
    ['no Turtle', { head: head(), description: new Response('<') }],
    ['no JSON', { head: head(), description: described(service), subscription: new Response('x') }],
  ])('comes to no answer: %s', async (_, answers) => {
    await expect(watching(answers)).rejects.toMatchObject({ code: 'offline' })
  })
})
