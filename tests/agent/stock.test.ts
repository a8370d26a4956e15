/**
 * Community Solid Server as published ends nothing by itself: after its date a grant still opens the folder there, until an agent
 * without keys has looked.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { solidPod } from '#core'
import { logTo, type Event } from '../../client/agent/log.ts'
import { removeEnded } from '../../client/agent/pass.ts'
import { serverClock } from '../../client/agent/server-clock.ts'
import { newState, type AgentState } from '../../client/agent/state.ts'
import { watch } from '../../client/agent/watch.ts'
import { readAcl } from '../../client/core/acl.ts'
import { authenticatedFetch } from '../../client/node/session.ts'
import { startStock } from '../stock-server.ts'
import { credentialsOf, folderOf, person, share, statusFor, type Person } from './people.ts'

let stock: Awaited<ReturnType<typeof startStock>>
let alice: Person
let zoe: Person
let bob: Person

beforeAll(async () => {
  stock = await startStock()
  alice = await person(stock.url, 'alice')
  zoe = await person(stock.url, 'zoe')
  bob = await person(stock.url, 'bob')
})
afterAll(() => stock.stop())

const SECOND = 1000
const HOUR = 3600 * SECOND
const inSeconds = (seconds: number): Date => new Date(Date.now() + seconds * SECOND)

/** An agent's own way to the pod. */
async function agent(counted: string[] = []) {
  const credentials = credentialsOf(stock.url, alice)
  const fetch = authenticatedFetch(credentials)
  const clock = serverClock(async (input, init) => {
    counted.push(init?.method ?? 'GET')
    return fetch(input, init)
  })
  return { clock, pod: await solidPod({ webId: alice.webId, storage: alice.pod, fetch: clock.fetch }) }
}

test('a reader whose date has passed reads on, an agent looks, and the next request is refused; others read on', async () => {
  const until = inSeconds(25)
  const id = await share(alice, zoe, until)
  await alice.vault.grants.give({
    to: bob.webId,
    collections: [id],
    until: inSeconds(3600),
    purpose: 'https://w3id.org/dpv#HealthcareManagement',
  })
  expect([await statusFor(zoe, alice, id), await statusFor(bob, alice, id)]).toEqual([200, 200])
  const { pod, clock } = await agent()
  expect(await removeEnded(pod, clock)).toMatchObject({ looked: 1, removed: 0, enforced: false, problems: [] })
  await pause(until.getTime() - Date.now() + 2 * SECOND)
  expect(await statusFor(zoe, alice, id)).toBe(200) // nobody else ends it
  expect(await removeEnded(pod, clock)).toMatchObject({ looked: 1, removed: 1, problems: [] })
  expect([await statusFor(zoe, alice, id), await statusFor(bob, alice, id)]).toEqual([403, 200])
  expect(await statusFor(alice, alice, id)).toBe(200)
})

test('rules of another app in the same list stay, word for word in meaning', async () => {
  const until = inSeconds(15)
  const id = await share(alice, zoe, until)
  const url = `${folderOf(alice, id)}.acl`
  const mine = await (await alice.fetch(url)).text()
  const foreign = `<#other> a <http://www.w3.org/ns/auth/acl#Authorization>;
    <http://www.w3.org/ns/auth/acl#agent> <${bob.webId}>;
    <http://www.w3.org/ns/auth/acl#default> <${folderOf(alice, id)}>;
    <http://www.w3.org/ns/auth/acl#mode> <http://www.w3.org/ns/auth/acl#Read>;
    <https://example.org/why> "because".`
  const headers = { 'content-type': 'text/turtle' }
  const put = await alice.fetch(url, { method: 'PUT', headers, body: `${mine}\n${foreign}` })
  expect(put.ok).toBe(true)
  await pause(until.getTime() - Date.now() + 2 * SECOND)
  const { pod, clock } = await agent()
  expect((await removeEnded(pod, clock)).removed).toBe(1)
  expect([await statusFor(zoe, alice, id), await statusFor(bob, alice, id)]).toEqual([403, 200])
  const after = await (await alice.fetch(url)).text()
  expect(after).toContain('because')
  expect(readAcl(folderOf(alice, id), new TextEncoder().encode(after))).toHaveLength(2)
})

test('it sleeps until the next end, and asks for nothing meanwhile', async () => {
  const id = await share(alice, zoe, inSeconds(25))
  const asked: string[] = []
  const { pod, clock } = await agent(asked)
  const [events, states]: [Event[], AgentState[]] = [[], []]
  const stop = new AbortController()
  const log = logTo({ write: line => events.push(JSON.parse(line) as Event) })
  const tell = async (state: AgentState): Promise<void> => void states.push(state)
  const ended = watch({ pod, clock, log, tell, signal: stop.signal, longest: HOUR, state: newState(1, 0, false) })
  while (!states.length) await pause(50)
  const [first] = states
  expect(first).toMatchObject({ removed: 0, enforcedBy: 'owner', problems: [] })
  expect(first!.ending.map(({ collection }) => collection)).toContain(id)
  const before = asked.length
  expect(await statusFor(zoe, alice, id)).toBe(200)
  while (states.length < 2) await pause(50)
  expect(states[1]!.removed).toBe(1)
  expect(asked.length).toBeLessThanOrEqual(2 * before)
  expect(await statusFor(zoe, alice, id)).toBe(403)
  stop.abort()
  await ended
  expect(events.map(({ event }) => event)).toEqual(['started', 'removed', 'stopped'])
  expect(JSON.stringify(events)).not.toMatch(/alice|zoe|http/)
})
