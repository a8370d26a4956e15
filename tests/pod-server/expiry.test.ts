/** Rules with dates: who they are for does not matter, an unreadable date gives nothing, and time alone ends access. */
import { setTimeout as wait } from 'node:timers/promises'
import { Parser, Store } from 'n3'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { isInForce } from '../../pod-server/components/expiring-access-checker.ts'
import { alv } from '#vocab'
import { newAccount } from '../accounts.ts'
import type { Account } from '../accounts.ts'

const DATE_TIME = '^^<http://www.w3.org/2001/XMLSchema#dateTime>'
const until = (date: Date | string): string => `<${alv.validUntil}> ${literal(date)};`
const from = (date: Date | string): string => `<${alv.validFrom}> ${literal(date)};`
const literal = (date: Date | string): string =>
  typeof date === 'string' ? date : `"${date.toISOString()}"${DATE_TIME}`
const inSeconds = (seconds: number): Date => new Date(Date.now() + seconds * 1000)

const base = inject('pod')
let alice: Account
let bob: Account
let count = 0

const put = async (url: string, type: string, body: string): Promise<void> => {
  const response = await alice.fetch(url, { method: 'PUT', headers: { 'content-type': type }, body })
  expect(response.status).toBeLessThan(300)
}

/** A resource with a rule of its own for `to`, ending as `dates` say; bob's and a stranger's way to read it. */
const shared = async (to: string, dates: string): Promise<string> => {
  const url = `${alice.pod}shared-${(count += 1)}`
  await put(url, 'application/vnd.alveole', 'sealed')
  await put(
    `${url}.acl`,
    'text/turtle',
    `@prefix acl: <http://www.w3.org/ns/auth/acl#>.
     <#owner> a acl:Authorization; acl:agent <${alice.webId}>; acl:accessTo <${url}>; acl:mode acl:Read, acl:Write, acl:Control.
     <#other> a acl:Authorization; ${to}; acl:accessTo <${url}>; ${dates} acl:mode acl:Read.`,
  )
  return url
}

const status = async (fetcher: typeof fetch, url: string): Promise<number> => (await fetcher(url)).status

beforeAll(async () => {
  alice = await newAccount(base, 'alice')
  bob = await newAccount(base, 'bob')
  const group = `${alice.pod}group`
  await put(group, 'text/turtle', `<${group}#g> <http://www.w3.org/2006/vcard/ns#hasMember> <${bob.webId}>.`)
  await put(
    `${group}.acl`,
    'text/turtle',
    `@prefix acl: <http://www.w3.org/ns/auth/acl#>.
     <#owner> a acl:Authorization; acl:agent <${alice.webId}>; acl:accessTo <${group}>; acl:mode acl:Read, acl:Write, acl:Control.
     <#all> a acl:Authorization; acl:agentClass <http://xmlns.com/foaf/0.1/Agent>; acl:accessTo <${group}>; acl:mode acl:Read.`,
  )
})

const audiences = {
  agent: () => `acl:agent <${bob.webId}>`,
  agentGroup: () => `acl:agentGroup <${alice.pod}group#g>`,
  'agentClass, anyone': () => 'acl:agentClass <http://xmlns.com/foaf/0.1/Agent>',
  'agentClass, signed in': () => 'acl:agentClass acl:AuthenticatedAgent',
}

describe.each(Object.entries(audiences))('a rule for %s', (_, audience) => {
  test.each<[string, () => string, number]>([
    ['no date', () => '', 200],
    ['until tomorrow', () => until(inSeconds(86_400)), 200],
    ['until yesterday', () => until(inSeconds(-86_400)), 403],
    ['from yesterday', () => from(inSeconds(-86_400)), 200],
    ['from tomorrow', () => from(inSeconds(86_400)), 403],
    ['until tomorrow and until yesterday', () => until(inSeconds(86_400)) + until(inSeconds(-86_400)), 403],
    ['until a word', () => until('"tomorrow"'), 403],
  ])('%s: %3$i', async (_name, dates, expected) => {
    const url = await shared(audience(), dates())
    const response = await bob.fetch(url)
    expect(response.status).toBe(expected)
    expect(response.headers.get('wac-allow') ?? '').toMatch(expected === 200 ? /user="[^"]*read/ : /user=""|^$/)
    expect(await status(alice.fetch, url)).toBe(200)
  })
})

test('access ends by itself, for everybody and in WAC-Allow', async () => {
  const url = await shared('acl:agentClass <http://xmlns.com/foaf/0.1/Agent>', until(inSeconds(2)))
  const before = await fetch(url)
  expect(before.status).toBe(200)
  expect(before.headers.get('wac-allow')).toContain('public="read"')
  await wait(2100)
  expect(await status(fetch, url)).toBe(401)
  expect(await status(bob.fetch, url)).toBe(403)
  expect((await alice.fetch(url)).headers.get('wac-allow')).not.toContain('public')
})

describe('reading a date', () => {
  const NOW = Date.parse('2026-08-01T12:00:00Z')
  const holds = (date: string): boolean => {
    const acl = new Store(new Parser({ baseIRI: 'https://a.example/' }).parse(`<#r> <${alv.validUntil}> ${date}.`))
    const rule = acl.getSubjects(alv.validUntil, null, null)[0]
    if (!rule) throw new Error('no rule')
    return isInForce({ acl, rule }, NOW)
  }

  test.each([
    `"2026-08-01T12:00:01Z"${DATE_TIME}`,
    `"2026-08-01T12:00:00.001Z"${DATE_TIME}`,
    `"2026-08-01T14:30:00+02:00"${DATE_TIME}`,
    `"2028-02-29T00:00:00Z"${DATE_TIME}`,
  ])('%s is later', date => expect(holds(date)).toBe(true))

  test.each([
    `"2026-08-01T12:00:00Z"${DATE_TIME}`,
    `"2026-08-01T13:30:00+02:00"${DATE_TIME}`,
    `"2027-02-29T00:00:00Z"${DATE_TIME}`,
    `"2027-13-01T00:00:00Z"${DATE_TIME}`,
    `"2027-01-01T00:00:00"${DATE_TIME}`,
    `"2027-01-01"${DATE_TIME}`,
    `"2027"${DATE_TIME}`,
    `""${DATE_TIME}`,
    '"2027-01-01T00:00:00Z"',
    '"2027-01-01"^^<http://www.w3.org/2001/XMLSchema#date>',
    '<https://a.example/2027-01-01T00:00:00Z>',
    '[]',
  ])('%s is not, or cannot be read', date => expect(holds(date)).toBe(false))
})
