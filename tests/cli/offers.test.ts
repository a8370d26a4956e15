/** What a circle asks and what its member answers, from the outside, on the real server. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, inject, test } from 'vitest'
import { alv, dpv } from '#vocab'
import { member, run, type Run } from './alveole.ts'

type Member = Awaited<ReturnType<typeof member>>
type Offer = { offer: string; version: string; state: string }
type Consent = { offer: string; status: string; grant: string; until: string; facets: string[]; told: string }

const ok = (ran: Run): Run => {
  expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code: 0, stderr: '' })
  return ran
}
const README = new URL('../../client/cli/README.md', import.meta.url)

let coop: Member
let ana: Member
let group: string
let policy: Record<string, unknown>
let offer: string

const file = async (more: object = {}): Promise<string> => {
  const path = join(coop.folder, 'offer.json')
  await writeFile(path, JSON.stringify({ ...policy, ...more }))
  return path
}
const states = async (): Promise<string[]> =>
  (ok(await ana.alveole('group', 'offers', group)).json as Offer[]).map(({ state }) => state)
const rows = async (): Promise<number> => {
  const view = ok(await coop.alveole('view', group)).json as { rows: unknown[] }
  return view.rows.length
}

beforeAll(async () => {
  ;[coop, ana] = await Promise.all([member(inject('pod'), 'coop'), member(inject('pod'), 'ana')])
  const resource = {
    resourceType: 'Immunization',
    id: 'i',
    vaccineCode: { text: 'BCG' },
    status: 'completed',
    patient: {},
  }
  const record = join(ana.folder, 'vaccine.json')
  await writeFile(record, JSON.stringify({ ...resource, occurrenceDateTime: '2020-01-01' }))
  ok(await ana.alveole('import', record))
  group = (ok(await coop.alveole('group', 'found', 'Coop')).json as { group: string }).group
  const { link } = ok(await coop.alveole('group', 'invite', group)).json as { link: string }
  ok(await ana.alveole('group', 'join', link))
  ok(await coop.alveole('group', 'admit', group, ana.webId))
  const example = /```json\n([^`]+)```/.exec(await readFile(README, 'utf8'))![1]!
  policy = JSON.parse(example) as Record<string, unknown>
})

test('the example of the manual is published, and read by a member', async () => {
  const published = ok(await coop.alveole('group', 'offer', group, await file())).json as Offer
  offer = published.offer
  expect(offer).toMatch(/^urn:uuid:/)
  expect(ok(await ana.alveole('group', 'offers', group)).json).toEqual([
    expect.objectContaining({ ...published, state: 'open', facets: policy['facets'], title: policy['title'] }),
  ])
  expect(await rows()).toBe(0)
  expect((await ana.alveole('group', 'offer', group, await file())).code).toBe(8)
})

test.each([
  ['for money', { compensation: true }, 8],
  ['with a slip of the pen', { compensaton: true }, 2],
  ['without an end', { days: undefined }, 2],
  ['with two ends', { until: '2030-01-01' }, 2],
  ['for no known purpose', { purpose: 'dpv:Marketing' }, 2],
  ['on no known ground', { legalBasis: 'eu-gdpr:A1' }, 2],
  ['of no known facet', { facets: ['health/x'] }, 2],
  ['in one language', { title: { fr: 'Étude' } }, 2],
])('nothing is published %s', async (_, more, code) => {
  expect((await coop.alveole('group', 'offer', group, await file(more))).code).toBe(code)
})

test('what is no JSON, and what is no file, is said', async () => {
  const path = join(coop.folder, 'broken.json')
  await writeFile(path, '[1]')
  for (const name of [path, join(coop.folder, 'none.json')])
    expect((await coop.alveole('group', 'offer', group, name)).code).toBe(2)
  expect(await states()).toEqual(['open'])
})

test('refused: nothing is given, and one is still a member', async () => {
  expect(ok(await ana.alveole('consent', 'refuse', offer)).json).toMatchObject({
    offer,
    status: 'refused',
    told: 'never',
  })
  expect(await states()).toEqual(['refused'])
  expect(ok(await ana.alveole('group', 'list')).json).toEqual([expect.objectContaining({ group, state: 'member' })])
  expect(await rows()).toBe(0)
})

test('accepted in part: the circle reads that part until the earlier end', async () => {
  const choice = ['--facet', 'health/immunizations', '--until', '24h']
  const given = ok(await ana.alveole('consent', 'accept', offer, ...choice)).json as Consent
  expect(given).toMatchObject({ status: 'given', facets: ['health/immunizations'], narrowed: true })
  expect(await states()).toEqual(['narrowed'])
  expect(await rows()).toBe(1)
  expect(ok(await ana.alveole('shares')).json).toEqual([
    { grant: given.grant, to: group, facets: given.facets, until: given.until, state: 'live' },
  ])
})

test('the receipt is printed in both languages, or one; as JSON it is the signed record', async () => {
  const record = ok(await ana.alveole('consent', 'receipt', offer)).json as Record<string, unknown>
  expect(record['@type']).toEqual([dpv.ConsentRecord, alv.Consent])
  expect(record[dpv.hasDataSubject]).toEqual({ '@id': ana.webId })
  const text = async (...more: string[]): Promise<string> => {
    const profile = ['--profile', join(ana.folder, 'profile'), '--unlock-file', join(ana.folder, 'unlock')]
    return ok(await run(['consent', 'receipt', offer, ...more, ...profile])).stdout.toString()
  }
  const both = await text()
  for (const words of ['Reçu de consentement', 'Consent receipt', 'Accord donné', 'Health › Vaccinations'])
    expect(both).toContain(words)
  expect(await text('--lang', 'fr')).not.toContain('Consent receipt')
  expect((await ana.alveole('consent', 'receipt', offer, '--lang', 'de')).code).toBe(2)
})

test('changed, it asks again; what was given stands, and is withdrawn by one command', async () => {
  ok(await coop.alveole('group', 'offer', group, await file({ offer, days: 10 })))
  expect(await states()).toEqual(['changed'])
  expect(await rows()).toBe(1)
  expect(ok(await ana.alveole('consent', 'withdraw', offer)).json).toMatchObject({ status: 'withdrawn' })
  expect(await rows()).toBe(0)
  const all = ok(await ana.alveole('consent', 'list')).json as Consent[]
  expect(all.map(({ status, told }) => [status, told])).toEqual([
    ['refused', 'never'],
    ['given', 'told'],
    ['withdrawn', 'told'],
  ])
  expect((await ana.alveole('consent', 'withdraw', offer)).code).toBe(3)
})

test('withdrawn by the circle, it asks nothing more', async () => {
  expect((await ana.alveole('group', 'withdraw', group, offer)).code).toBe(8)
  ok(await coop.alveole('group', 'withdraw', group, offer))
  expect(await states()).toEqual([])
  expect((await ana.alveole('consent', 'accept', offer)).code).toBe(3)
  expect((await ana.alveole('consent', 'accept', 'nothing')).code).toBe(2)
})
