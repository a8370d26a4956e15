/** Fast reads say what CSS says, in status, headers and body, whatever the rules, the requester and the conditions. */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { alv } from '#vocab'
import { newAccount } from '../accounts.ts'
import type { Account } from '../accounts.ts'
import { CSS, FastPod, PREFIX, TYPE } from './fast-reads.ts'
import type { Seen } from './fast-reads.ts'

let pod: FastPod
let stranger: Account
let group: string

beforeAll(async () => {
  pod = await FastPod.start()
  stranger = await newAccount(pod.url, 'carol')
  group = `${pod.alice.pod}group`
  await pod.put(group, `<${group}#g> <http://www.w3.org/2006/vcard/ns#hasMember> <${pod.bob.webId}>.`, 'text/turtle')
  const rule = `${PREFIX} <#all> a acl:Authorization; acl:agentClass foaf:Agent; acl:accessTo <${group}>; acl:mode acl:Read.`
  await pod.put(`${group}.acl`, rule, 'text/turtle')
})

afterAll(() => pod.stop())

const compare = async (fetcher: typeof fetch, url: string, headers: Record<string, string> = {}): Promise<Seen> => {
  const seen = await pod.get(fetcher, url, headers)
  const byCss = await pod.get(fetcher, url, { ...headers, ...CSS })
  expect({ ...seen, fast: false }).toEqual(byCss)
  return seen
}

const AUDIENCES = [
  () => `acl:agent <${pod.alice.webId}>`,
  () => `acl:agent <${pod.bob.webId}>, <${pod.alice.webId}>`,
  () => 'acl:agentClass foaf:Agent',
  () => 'acl:agentClass acl:AuthenticatedAgent',
  () => `acl:agentGroup <${group}#g>`,
  () => `acl:agentGroup <${group}-that-is-not-there#g>`,
  () => 'acl:origin <https://app.example>',
]
const DATES = ['2020-01-01T00:00:00Z', '2100-01-01T00:00:00Z', 'tomorrow']
const MODES = ['acl:Read', 'acl:Write', 'acl:Append', 'acl:Control', '<#unheard-of>']

const mostly = fc.integer({ min: 0, max: 7 }).map(value => value > 0)

const rarely = fc.constantFrom(...Array<null>(12).fill(null), ...DATES)

const rule = fc.record({
  audience: fc.constantFrom(...AUDIENCES),
  modes: fc.tuple(mostly, fc.subarray(MODES)).map(([reads, more]) => [reads ? 'acl:Read' : 'acl:Write', ...more]),
  relations: fc.constantFrom(
    ['acl:accessTo', 'acl:default'],
    ['acl:accessTo', 'acl:default'],
    ['acl:accessTo'],
    ['acl:default'],
  ),
  isHere: mostly,
  until: rarely,
  from: rarely,
  isRule: mostly,
})
type Rule = typeof rule extends fc.Arbitrary<infer T> ? T : never

const date = (term: string, value: string | null): string =>
  value === null ? '' : ` <${term}> "${value}"^^<http://www.w3.org/2001/XMLSchema#dateTime>;`

const ruleText = (subject: string, { audience, modes, relations, isHere, until, from, isRule }: Rule, index: number) =>
  `<#${index}> ${isRule ? 'a acl:Authorization;' : ''} ${audience()};${date(alv.validUntil, until)}${date(alv.validFrom, from)}
   ${relations.map(relation => `${relation} <${isHere ? subject : pod.alice.pod}>;`).join(' ')}
   acl:mode ${modes.join(', ')}.`

const acl = fc.option(
  fc.oneof(
    { weight: 25, arbitrary: fc.array(rule, { minLength: 1, maxLength: 6, size: 'max' }) },
    fc.constantFrom('not <Turtle', ''),
  ),
  {
    freq: 2,
  },
)
type Acl = string | readonly Rule[]
const aclText = (subject: string, rules: Acl): string =>
  typeof rules === 'string' ? rules : [PREFIX, ...rules.map((one, index) => ruleText(subject, one, index))].join('\n')

/** A token that is none makes nobody of its bearer; it does not keep them from what everybody may read. */
const mistaken: typeof fetch = (input, init) =>
  fetch(input, { ...init, headers: { ...(init?.headers as Record<string, string>), authorization: 'Bearer x' } })

test('any rules at any level, for anybody, under any condition', async () => {
  const levels = [`${pod.alice.pod}any/`, `${pod.alice.pod}any/below/`, `${pod.alice.pod}any/below/x.alv`]
  const [top = '', , url = ''] = levels
  const tag = (await pod.put(url, 'sealed')).headers.get('etag') ?? ''
  const requesters = {
    owner: pod.alice.fetch,
    other: pod.bob.fetch,
    stranger: stranger.fetch,
    nobody: fetch,
    mistaken,
  }
  const conditions = [
    undefined,
    undefined,
    tag,
    tag,
    '"1-x"',
    `W/${tag}`,
    `"1-x", ${tag}`,
    '*',
    'no tag',
    tag.replace('vnd', 'vnx'),
  ]
  const answers = { fast: 0, known: 0, refused: 0 }
  await fc.assert(
    fc.asyncProperty(
      fc.array(acl, { minLength: 3, maxLength: 3 }),
      fc.constantFrom(pod.alice.fetch, pod.bob.fetch, ...Object.values(requesters)),
      fc.constantFrom(...conditions),
      fc.constantFrom(undefined, 'https://app.example'),
      async (acls, fetcher, condition, origin) => {
        for (const [index, level] of levels.entries()) {
          const rules = acls[index]
          const file = pod.file(`${level}.acl`)
          await (rules ? writeFile(file, aclText(level, rules)) : rm(file, { force: true }))
        }
        const headers = { ...(condition && { 'if-none-match': condition }), ...(origin && { origin }) }
        const seen = await compare(fetcher, url, headers)
        const isOurs = fetcher !== fetch && (condition === undefined || /^"[^",]*"$/.test(condition))
        expect(seen.fast).toBe(isOurs && seen.status < 400)
        if (seen.fast) answers[seen.status === 304 ? 'known' : 'fast'] += 1
        if (seen.status >= 400) answers.refused += 1
      },
    ),
    { numRuns: 250 },
  )
  await rm(pod.file(top), { recursive: true })
  for (const count of Object.values(answers)) expect(count).toBeGreaterThan(5)
})

describe('what is unusual is left to CSS', () => {
  const shared = async (name: string): Promise<string> => {
    const url = `${pod.alice.pod}unusual/${name}`
    await pod.put(url, 'sealed')
    expect((await compare(pod.alice.fetch, url)).fast).toBe(true)
    return url
  }

  test.each<[string, Record<string, string>, number]>([
    ['a range', { range: 'bytes=1-2' }, 206],
    ['a range that is not', { range: 'bytes=9-' }, 416],
    ['another type', { accept: 'text/turtle' }, 501],
    ['our type', { accept: TYPE }, 200],
    ['a date', { 'if-modified-since': new Date(Date.now() + 60_000).toUTCString() }, 304],
    ['If-Match', { 'if-match': '"1-x"' }, 304],
    ['a cookie', { cookie: 'css-account=x' }, 200],
    ['a wrong type', { 'content-type': 'x' }, 400],
  ])('%s', async (name, headers, status) => {
    const seen = await compare(pod.alice.fetch, await shared('header.alv'), headers)
    expect([name, seen.status, seen.fast]).toEqual([name, status, false])
  })

  test.each([
    'absent.alv',
    'header.alv?query',
    'header%2Ealv',
    './header.alv',
    'header.alv/',
    '.header.alv',
    'Header.alv',
    'header.ALV',
    'header$.alv',
    '../.internal/header.alv',
    '.acl',
    '',
  ])('the address %s', async name => {
    await shared('header.alv')
    expect((await compare(pod.alice.fetch, `${pod.alice.pod}unusual/${name}`)).fast).toBe(name === './header.alv')
  })

  test.each([
    ['Bearer x', undefined],
    ['DPoP x', 'y'],
    ['DPoP x', undefined],
    ['Basic eDp5', undefined],
  ])('credentials that are none: %s, %s', async (authorization, dpop) => {
    const seen = await compare(fetch, await shared('header.alv'), { authorization, ...(dpop && { dpop }) })
    expect([seen.status >= 400, seen.fast]).toEqual([true, false])
  })

  test('metadata beside it, and another type under the same name', async () => {
    const url = await shared('meta.alv')
    await writeFile(pod.file(`${url}.meta`), `<${url}> <http://www.w3.org/ns/ldp#inbox> <https://inbox.example/>.`)
    const described = await compare(pod.alice.fetch, url)
    expect([described.status, described.fast]).toEqual([200, false])
    expect(new Map(described.headers).get('link')).toContain('<https://inbox.example/>')
    await rm(pod.file(`${url}.meta`))
    expect((await compare(pod.alice.fetch, url)).fast).toBe(true)
    await pod.put(url, 'plain', 'text/plain')
    const plain = await compare(pod.alice.fetch, url)
    expect([plain.body, plain.fast]).toEqual(['plain', false])
    await pod.put(url, 'sealed')
    expect((await compare(pod.alice.fetch, url)).fast).toBe(true)
  })

  test('a second file for the same resource', async () => {
    const url = await shared('twice.alv')
    await writeFile(pod.file(`${url}$.txt`), 'plain')
    expect(await compare(pod.alice.fetch, url)).toMatchObject({ status: 200, fast: false })
  })

  test('rules of another type, or that are a folder', async () => {
    const url = await shared('rules.alv')
    const rules = [{ '@id': `${url}#bob`, '@type': 'http://www.w3.org/ns/auth/acl#Authorization' }]
    await pod.put(`${url}.acl`, JSON.stringify(rules), 'application/ld+json')
    expect(await compare(pod.alice.fetch, url)).toMatchObject({ status: 403, fast: false })
    await rm(pod.file(`${url}.acl$.jsonld`))
    await mkdir(pod.file(`${url}.acl`))
    expect(await compare(pod.alice.fetch, url)).toMatchObject({ status: 200, fast: false })
  })

  test('a folder, or nothing readable, in its place', async () => {
    const url = await shared('place.alv')
    await rm(pod.file(url))
    expect(await compare(pod.alice.fetch, url)).toMatchObject({ status: 404, fast: false })
    await mkdir(pod.file(url))
    expect(await compare(pod.alice.fetch, url)).toMatchObject({ status: 404, fast: false })
  })

  test('what stands in no pod', async () => {
    await writeFile(pod.file(`${pod.url}root.alv`), 'x')
    expect(await compare(pod.alice.fetch, `${pod.url}root.alv`)).toMatchObject({ status: 403, fast: false })
  })
})

test.each([0, 1, 16 * 1024, 16 * 1024 + 1, 512 * 1024, 512 * 1024 + 1, 4 * 1024 * 1024 + 3])(
  '%i bytes arrive as they are',
  async size => {
    const url = `${pod.alice.pod}sizes/${size}.alv`
    await pod.put(
      url,
      Array.from({ length: Math.ceil(size / 8) }, (_, at) => `${at}`.padStart(8))
        .join('')
        .slice(0, size),
    )
    expect((await compare(pod.alice.fetch, url)).fast).toBe(true)
  },
)
