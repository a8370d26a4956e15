/** The demonstration on the real server: every door opens, circles show what is granted, and seeding again is safe. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { memoryStore, openVault, solidPod, type GroupId, type Vault, type ViewRow } from '#core'
import { isCode } from '#crypto'
import { isWithin } from '#vocab'
import { createServerAccount, serverCredentials } from '../../client/core/server-account.ts'
import { seedDemo, type Door } from '../../client/demo/seed.ts'
import { authenticatedFetch } from '../../client/node/session.ts'
import { startPod } from '../../pod-server/pod.ts'

type Vaults = { [id in Door['id']]: Vault }

async function enter(podUrl: string, doors: readonly Door[]): Promise<Vaults> {
  const entered = await Promise.all(
    doors.map(async ({ id, email, password, unlock }) => {
      const credentials = await serverCredentials(podUrl, { email, password })
      const pod = await solidPod({ webId: credentials.webId, fetch: authenticatedFetch(credentials) })
      const vault = await openVault({ pod, store: memoryStore() }, { password: unlock })
      await vault.grants.confirm() // a new device: a door does it for the people it opens for
      return [id, vault] as const
    }),
  )
  return Object.fromEntries(entered) as Vaults
}

async function tally(vault: Vault): Promise<{ [kind: string]: number }> {
  const counts: { [kind: string]: number } = {}
  for await (const { kind } of vault.records.query()) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}

/** What a person sees in a circle, as `owner: kind, number`. */
const shown = (rows: readonly ViewRow[]): { [who: string]: number } => {
  const counts: { [who: string]: number } = {}
  for (const { ownerName, kind } of rows) {
    const who = `${ownerName}: ${kind}`
    counts[who] = (counts[who] ?? 0) + 1
  }
  return counts
}

async function circle(vault: Vault, name: RegExp): Promise<GroupId> {
  const found = (await vault.groups.list()).find(group => name.test(group.name))
  if (!found) throw new Error(`no circle ${name}`)
  return found.group
}

const FAMILY = /^Famille/
const COOPERATIVE = /Tilleuls$/

async function expectWhole(vaults: Vaults): Promise<void> {
  expect(await tally(vaults.mother)).toMatchObject({ Patient: 3, Allergy: 2, Person: 31, Photo: 2, Document: 1 })
  expect(await tally(vaults.teenager)).toMatchObject({ Allergy: 3, Immunization: 2, File: 1, Photo: 1 })
  expect(await tally(vaults.grandmother)).toMatchObject({ Medication: 4, Immunization: 4, Directive: 1, Document: 1 })
  expect(await tally(vaults.steward)).toMatchObject({ Immunization: 2, File: 2 })
  const states = async (vault: Vault) => (await vault.grants.list()).map(({ state }) => state).sort()
  expect(await states(vaults.mother)).toEqual(['ended', 'live', 'live'])
  expect(await states(vaults.teenager)).toEqual(['live'])
  expect(await states(vaults.grandmother)).toEqual(['live', 'live', 'live'])
  expect(await states(vaults.steward)).toEqual(['live'])
  const waiting = await vaults.steward.groups.requests(await circle(vaults.steward, COOPERATIVE))
  expect(waiting.map(({ name }) => name)).toEqual(['Noé Marchand'])
}

async function expectViews(vaults: Vaults): Promise<void> {
  const view = async (id: Door['id'], name: RegExp) =>
    shown((await vaults[id].views.open(await circle(vaults[id], name))).rows)
  const medicines = { 'Margaret Evans-Rousseau: Medication': 4, 'Margaret Evans-Rousseau: Photo': 1 }
  expect(await view('steward', COOPERATIVE)).toEqual({ 'Claire Marchand: Immunization': 18 })
  expect(await view('mother', COOPERATIVE)).toEqual({ 'Samir Haddad: File': 2 })
  expect(await view('mother', FAMILY)).toEqual({ ...medicines, 'Noé Marchand: Allergy': 3 })
  expect(await view('grandmother', COOPERATIVE)).toEqual({
    'Claire Marchand: Immunization': 18,
    'Samir Haddad: File': 2,
  })
  const alone = shown((await vaults.mother.views.open(vaults.grandmother.owner)).rows)
  expect(alone).toEqual({ 'Margaret Evans-Rousseau: Observation': 25 })
  expect(await view('teenager', FAMILY)).toMatchObject({ ...medicines, 'Claire Marchand: Person': 11 })
}

describe('on a new server', () => {
  const podUrl = inject('pod')
  let doors: Door[]
  let vaults: Vaults

  beforeAll(async () => {
    doors = await seedDemo({ podUrl })
    vaults = await enter(podUrl, doors)
  })

  test('every door opens a vault with what it promises', async () => {
    expect(doors.map(({ id }) => id)).toEqual(['mother', 'teenager', 'grandmother', 'steward'])
    await expectWhole(vaults)
  })

  test('each circle shows what is granted and nothing else', async () => {
    await expectViews(vaults)
    const { rows, problems } = await vaults.teenager.views.open(await circle(vaults.teenager, FAMILY))
    expect(problems).toEqual([])
    const granted = ['health/medications', 'photos/image', 'photos/when', 'photos/about', 'family']
    for (const { facets } of rows) {
      expect(facets.filter(facet => !granted.some(one => isWithin(facet, one)))).toEqual([])
      expect(facets.filter(facet => isWithin(facet, 'family/living'))).toEqual([])
    }
    // A living person, the place of a photograph, a wish, a result that was taken back.
    expect(JSON.stringify(rows)).not.toMatch(/Thomas|latitude|DSC00713|resuscitation|Poids/)
    expect(JSON.stringify(rows)).toMatch(/Metformin.*/)
  })

  test('vaults are sound and give their files back', async () => {
    for (const vault of Object.values(vaults)) {
      expect((await vault.verify()).problems).toEqual([])
      expect((await vault.doctor()).problems).toEqual([])
    }
    const photo = await vaults.mother.records.query({ kind: 'Photo' }).next()
    expect(photo.value?.value).toMatchObject({ width: 480, height: 320, position: { latitude: expect.any(Number) } })
  })

  test('seeding again changes nothing', async () => {
    const read = async () =>
      Promise.all(
        Object.values(vaults).map(async ({ pod }) => {
          const names = ['alveole/', 'alveole/c/', 'alveole/groups/', 'alveole/inbox/'].map(name => pod.storage + name)
          const listed = await Promise.all(names.map(name => pod.list(name)))
          const files = ['identity.alv', 'account.alv'].map(name => pod.get(`${pod.storage}alveole/${name}`))
          return [listed.map(urls => urls?.sort()), (await Promise.all(files)).map(reply => reply?.etag)]
        }),
      )
    const before = await read()
    const started = performance.now()
    expect(await seedDemo({ podUrl })).toEqual(doors)
    expect(performance.now() - started).toBeLessThan(2000)
    expect(await read()).toEqual(before)
  })
})

describe('on a server where it cannot simply be seeded', () => {
  let pod: Awaited<ReturnType<typeof startPod>>
  let data: string

  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'alveole-demo-'))
    pod = await startPod({ port: 0, data, quiet: true })
  })
  afterAll(async () => {
    await pod.stop()
    await rm(data, { recursive: true })
  })

  /** The line breaks for good after so many answers; the last request arrives and its answer is lost. */
  const breaking = (answers: number) => {
    let left = answers
    return (account: Parameters<typeof authenticatedFetch>[0]): typeof fetch => {
      const send = authenticatedFetch(account)
      return async (input, init) => {
        if (left < 0) throw new TypeError('fetch failed')
        const response = await send(input, init)
        if (left-- > 0) return response
        throw new TypeError('fetch failed')
      }
    }
  }

  test('a run that was cut short is finished by the next one', { timeout: 180_000 }, async () => {
    const attempt = (answers: number): Promise<unknown> =>
      seedDemo({ podUrl: pod.url, fetchFor: breaking(answers) }).then(
        () => 'finished',
        (error: unknown) => (isCode(error, 'offline') ? 'cut' : error),
      )
    const ends: unknown[] = []
    for (let answers = 20; ends.at(-1) !== 'finished' && ends.length < 20; answers += 20)
      ends.push(await attempt(answers))
    expect(ends.length).toBeGreaterThan(3)
    expect(new Set(ends)).toEqual(new Set(['cut', 'finished']))
    const vaults = await enter(pod.url, await seedDemo({ podUrl: pod.url }))
    await expectWhole(vaults)
    await expectViews(vaults)
  })

  test('somebody else’s account or a server for others is refused', async () => {
    const other = await mkdtemp(join(tmpdir(), 'alveole-demo-'))
    const taken = await startPod({ port: 0, data: other, quiet: true })
    const account = { email: 'claire@alveole.example', password: 'not the one of the demo', name: 'Claire' }
    await createServerAccount(taken.url, account)
    await expect(seedDemo({ podUrl: taken.url })).rejects.toMatchObject({ code: 'taken' })
    await expect(seedDemo({ podUrl: 'https://pods.example.org/' })).rejects.toMatchObject({ code: 'refused' })
    await taken.stop()
    await rm(other, { recursive: true })
  })
})
