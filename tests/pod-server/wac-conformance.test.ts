/**
 * What Web Access Control lets whom do: the tables of the public Solid specification tests
 * (web-access-control/protected-operation: read-access, write-access, read-inherited-access and access-permissions, of agent,
 * authenticated agents, group and public), asked of Community Solid Server as published and of ours. Both must hold to the
 * tables, and answer alike, status and WAC-Allow, in every case.
 */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { newAccount } from '../accounts.ts'
import type { Account } from '../accounts.ts'
import { startStock } from '../stock-server.ts'

type Server = { alice: Account; bob: Account; group: string }
type Cell = { subject: string; place: 'own' | 'inherited'; type: keyof typeof TYPES; modes: string }
type Seen = { status: number; wac: string | null }

const TYPES = {
  plain: ['.txt', 'text/plain', 'Hello'],
  rdf: ['.ttl', 'text/turtle', '<> <http://www.w3.org/2000/01/rdf-schema#comment> "Hello".'],
  sealed: ['.alv', 'application/vnd.alveole', 'sealed'],
  container: ['/', 'text/turtle', ''],
  fictive: ['.ttl', 'text/turtle', '<> <http://www.w3.org/2000/01/rdf-schema#comment> "Hello".'],
} as const

const MODE: Record<string, string> = { R: 'acl:Read', W: 'acl:Write', A: 'acl:Append', C: 'acl:Control' }
const PREFIX = '@prefix acl: <http://www.w3.org/ns/auth/acl#>. @prefix foaf: <http://xmlns.com/foaf/0.1/>.'
const N3 = `@prefix solid: <http://www.w3.org/ns/solid/terms#>.
  _:insert a solid:InsertDeletePatch; solid:inserts { <> a <http://example.org#Foo> . }.`

const SUBJECTS: Record<string, (server: Server) => string> = {
  agent: ({ bob }) => `acl:agent <${bob.webId}>`,
  authenticated: () => 'acl:agentClass acl:AuthenticatedAgent',
  group: ({ group }) => `acl:agentGroup <${group}#g>`,
  public: () => 'acl:agentClass foaf:Agent',
}

const ruleOf = (name: string, audience: string, url: string, modes: string): string =>
  `<#${name}> a acl:Authorization; ${audience}; acl:accessTo <${url}>; ${url.endsWith('/') ? `acl:default <${url}>;` : ''}
   acl:mode ${modes
     .split('')
     .map(mode => MODE[mode])
     .join(', ')}.`

const put = async ({ alice }: Server, url: string, type: string, body: string): Promise<void> => {
  const response = await alice.fetch(url, { method: 'PUT', headers: { 'content-type': type }, body })
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`)
}

const rules = (server: Server, url: string, audience?: string, modes = ''): Promise<void> => {
  const owner = ruleOf('owner', `acl:agent <${server.alice.webId}>`, url, 'RWC')
  const other = audience === undefined ? '' : ruleOf('other', audience, url, modes)
  return put(server, `${url}.acl`, 'text/turtle', `${PREFIX} ${owner} ${other}`)
}

let count = 0
/** A container with what is asked about in it. */
const made = async (server: Server, { subject, place, type, modes }: Cell): Promise<string> => {
  const container = `${server.alice.pod}wac-${(count += 1)}/`
  const [suffix, mediaType, body] = TYPES[type]
  const url = `${container}it${suffix}`
  await put(server, container, 'text/turtle', '')
  if (type !== 'fictive') await put(server, url, mediaType, body)
  const audience = SUBJECTS[subject]?.(server)
  await (place === 'own' ? rules(server, container) : rules(server, container, audience, modes))
  if (place === 'own') await rules(server, url, audience, modes)
  return url
}

/** In this order on one resource, so that what one leaves is what the next finds, on either server. */
const OPERATIONS = ['GET', 'HEAD', 'PATCH', 'POST', 'PUT', 'DELETE'] as const
type Operation = (typeof OPERATIONS)[number]

const ask = async (fetcher: typeof fetch, url: string, method: Operation, type: Cell['type']): Promise<Seen> => {
  const isWrite = method === 'PATCH' || method === 'POST' || method === 'PUT'
  const [, mediaType, body] = TYPES[type]
  const sent =
    method === 'PATCH'
      ? { headers: { 'content-type': 'text/n3' }, body: N3 }
      : { headers: { 'content-type': mediaType }, body }
  const response = await fetcher(url, { method, ...(isWrite && sent) })
  await response.arrayBuffer()
  return { status: response.status, wac: response.headers.get('wac-allow') }
}

type Who = 'anonymous' | 'bob' | 'stranger'

const isMeant = (subject: string, who: Who): boolean =>
  subject === 'public' || (who === 'bob' && subject !== 'nobody') || (subject === 'authenticated' && who === 'stranger')

/** Statuses by the tables; null: they do not say. */
const expected = ({ subject, place, type, modes }: Cell, who: Who, method: Operation): number[] | null => {
  const has = (some: string): boolean => isMeant(subject, who) && some.split('').some(mode => modes.includes(mode))
  const denied = who === 'anonymous' ? 401 : 403
  // Refused for the kind of thing it is, before or after asking who may: the tables allow either.
  const orKind = [denied, 404, 405, 409, 415]
  switch (method) {
    case 'GET':
    case 'HEAD':
      if (!has('R')) return [denied]
      return type === 'fictive' ? [404, 200] : [200]
    case 'PUT':
      if (!has('W')) return [denied]
      return type === 'container' ? null : [200, 201, 204, 205]
    case 'PATCH':
      if (type !== 'rdf' && type !== 'fictive') return has('WA') ? null : orKind
      return has('WA') ? [200, 201, 204, 205] : [denied]
    case 'POST':
      if (type === 'container') return has('WA') ? [200, 201, 204, 205] : [denied]
      return has('WA') ? null : orKind
    default:
      if (place === 'own' || !has('W')) return type === 'fictive' ? [denied, 404] : [denied]
      return type === 'container' || type === 'fictive' ? null : [200, 202, 204, 205]
  }
}

/** All of it for one agent; of the others what they could differ in. */
const TRIED: [subject: string, modes: string[], types: Cell['type'][]][] = [
  ['agent', ['R', 'W', 'A', 'C', 'WAC'], ['plain', 'rdf', 'sealed', 'container', 'fictive']],
  ['authenticated', ['R', 'WAC'], ['sealed', 'container']],
  ['group', ['R', 'W', 'A'], ['rdf', 'sealed', 'container']],
  ['public', ['R', 'WAC'], ['rdf', 'sealed', 'container']],
]

const cells = TRIED.flatMap(([subject, modes, types]) =>
  modes.flatMap(some =>
    (['own', 'inherited'] as const).flatMap(place =>
      types
        .filter(type => place === 'inherited' || type !== 'fictive')
        .map((type): Cell => ({ subject, place, type, modes: some })),
    ),
  ),
)

const servers: Record<'stock' | 'ours', Server | null> = { stock: null, ours: null }
let strangers: Record<'stock' | 'ours', Account>
let stop: () => Promise<void>

const newServer = async (url: string): Promise<Server> => {
  const [alice, bob] = [await newAccount(url, 'alice'), await newAccount(url, 'bob')]
  const server = { alice, bob, group: `${alice.pod}group` }
  await put(server, server.group, 'text/turtle', `<#g> <http://www.w3.org/2006/vcard/ns#hasMember> <${bob.webId}>.`)
  await rules(server, server.group, 'acl:agentClass foaf:Agent', 'R')
  return server
}

beforeAll(async () => {
  const stock = await startStock()
  ;({ stop } = stock)
  servers.stock = await newServer(stock.url)
  servers.ours = await newServer(inject('pod'))
  strangers = { stock: await newAccount(stock.url, 'carol'), ours: await newAccount(inject('pod'), 'carol') }
})

afterAll(() => stop())

type Answers = Record<string, Seen>

const answers = async (name: 'stock' | 'ours', cell: Cell): Promise<Answers> => {
  const server = servers[name]
  if (!server) throw new Error('not started')
  const url = await made(server, cell)
  const who: Record<Who, typeof fetch> = { anonymous: fetch, bob: server.bob.fetch, stranger: strangers[name].fetch }
  const found: Answers = {}
  for (const one of cell.subject === 'authenticated' ? (['stranger'] as const) : (['anonymous', 'bob'] as const))
    for (const method of OPERATIONS) found[`${one} ${method}`] = await ask(who[one], url, method, cell.type)
  return found
}

describe.each(cells)('$modes for $subject, $place, on $type', cell => {
  test('as the tables say, and alike', async () => {
    const [stock, ours] = await Promise.all([answers('stock', cell), answers('ours', cell)])
    expect(ours).toEqual(stock)
    for (const [asked, { status }] of Object.entries(ours)) {
      const [who, method] = asked.split(' ') as [Who, Operation]
      // What somebody before them deleted is not there any more.
      const isGone =
        cell.place === 'inherited' && cell.modes.includes('W') && who !== 'anonymous' && cell.subject !== 'agent'
      const allowed = expected(cell, who, method)
      if (allowed && !isGone) expect([asked, allowed, allowed.includes(status)]).toEqual([asked, allowed, true])
    }
  })
})
