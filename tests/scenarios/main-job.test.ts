/**
 * The main job on real files, over the real pod server: store, grant a circle until a date, browse as a member, remove a
 * member, let the date pass, grant again and revoke. After every step the server's disk is searched for what it must not hold.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openVault, memoryStore, type GroupId, type SourceFile } from '#core'
import { isWithin, purpose } from '#vocab'
import { startPod } from '../../pod-server/pod.ts'
import { sample, samplesPresent } from '../samples.ts'
import { filesUnder, found } from './disk.ts'
import { bundle } from './generated-bundle.ts'
import { actor, type Actor } from './member.ts'
import { Thief } from './thief.ts'

const HOUR = 3600_000
const FACETS = ['health/medications', 'health/immunizations']
const PURPOSE = purpose('dpv:HealthcareManagement')!

const runs: { name: string; bundle: () => Promise<SourceFile>; records: number }[] = [
  { name: 'a generated bundle of 10,000 resources', bundle: async () => bundle(10_000), records: 10_000 },
]
if (samplesPresent) {
  runs.unshift({
    name: 'a published bundle of over 500 resources',
    bundle: () => sample('fhir/Babara_Rice_1343812f-e993-4973-a849-e3dad63c3e74.json'),
    records: 555,
  })
} else test('the published samples are not beside the project: the story runs on a generated bundle alone', () => {})

describe.each(runs)('with $name', ({ bundle, records }) => {
  const folder = mkdtempSync(join(tmpdir(), 'alveole-story-'))
  /** Texts that the host must never see. */
  const secrets = new Set<string | Uint8Array>(['Les Abeilles'])
  let pod: Awaited<ReturnType<typeof startPod>>
  let owner: Actor
  let first: Actor
  let second: Actor
  let group: GroupId
  let clock = Date.now()
  const now = () => clock

  beforeAll(async () => {
    pod = await startPod({ port: 0, data: folder, quiet: true })
    ;[owner, first, second] = (await Promise.all(
      ['owner', 'first', 'second'].map(name => actor(pod.url, name, now)),
    )) as [Actor, Actor, Actor]
    for (const { kit } of [owner, first, second]) secrets.add(kit.slice(0, 6).join(' '))
  })
  afterAll(async () => {
    await pod.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const view = async (member: Actor) => (await member.vault.views.open(group)).rows
  const nothingInClear = () => expect(found(filesUnder(folder), secrets)).toEqual([])

  test('the owner imports health, family and a photo, and importing again adds nothing', async () => {
    const files = [await bundle()]
    if (samplesPresent)
      files.push(
        await sample('ips/IPS_IG-bundle-01.json'),
        await sample('gedcom/royal92.ged'),
        await sample('photos/DSCN0010.jpg'),
      )
    const report = await owner.vault.import(files)
    expect(report.files.flatMap(({ problems }) => problems)).toEqual([])
    expect(sum(report.files[0]!.records)).toBe(records)
    if (samplesPresent) expect(report.files[2]!.records['Person']).toBe(3010)
    const again = await owner.vault.import(files)
    expect(again.total).toBe(0)
    for await (const record of owner.vault.records.query({ limit: 400 }))
      for (const text of plaintexts(record.value)) secrets.add(text)
    expect(secrets.size).toBeGreaterThan(200)
    nothingInClear()
  })

  test('the owner founds a circle and admits two members', async () => {
    group = (await owner.vault.groups.found('Les Abeilles')).group
    const link = await owner.vault.groups.invite(group)
    secrets.add(link.split('#')[1]!)
    for (const { vault } of [first, second]) {
      expect((await vault.groups.join(link)).state).toBe('pending')
      await owner.vault.groups.admit(group, vault.owner)
    }
    const members = await owner.vault.groups.members(group)
    expect(members.map(({ state }) => state)).toEqual(['member', 'member', 'member'])
    expect(await view(first)).toEqual([])
    nothingInClear()
  })

  test('a grant shows exactly its facets, with whose they are and until when', async () => {
    const until = new Date(clock + 24 * HOUR)
    const grant = await owner.vault.grants.give({ to: group, facets: FACETS, until, purpose: PURPOSE })
    expect(grant).toMatchObject({ state: 'live', enforcedBy: 'server', until: until.toISOString() })
    const rows = await view(first)
    const granted = await matching(owner)
    expect(rows.map(({ id }) => id).sort()).toEqual(granted.map(({ id }) => id).sort())
    for (const row of rows) {
      expect(row).toMatchObject({
        owner: owner.webId,
        ownerName: 'owner',
        until: until.toISOString(),
        grant: grant.grant,
      })
      expect(row.facets.every(leaf => FACETS.some(facet => isWithin(leaf, facet)))).toBe(true)
      const whole = granted.find(({ id }) => id === row.id)!
      expect(whole.value).toMatchObject(row.value)
    }
    nothingInClear()
  })

  test('a vaccine that the owner adds appears', async () => {
    await addVaccine('Rougeole, oreillons, rubéole')
    expect((await view(first)).map(({ value }) => value['note'])).toContain('Rougeole, oreillons, rubéole')
    expect((await view(second)).map(({ value }) => value['note'])).toContain('Rougeole, oreillons, rubéole')
    nothingInClear()
  })

  test('a removed member is refused at the next request, and opens nothing written afterwards, with the disk and all keys', async () => {
    const thief = await Thief.of(second)
    expect((await thief.read(filesUnder(folder))).join()).toContain('Rougeole, oreillons') // all that a member could keep
    await owner.vault.groups.remove(group, second.webId)
    await expect(view(second)).rejects.toMatchObject({ code: 'not-granted' })
    const { url } = (await owner.vault.collections.list())[0]!
    expect((await second.fetch(`${url}head.alv`)).status).toBe(403)
    await addVaccine('Tétanos rappel')
    expect((await view(first)).map(({ value }) => value['note'])).toContain('Tétanos rappel')
    const texts = await thief.read(filesUnder(folder))
    expect(texts.filter(text => text.includes('Tétanos rappel'))).toEqual([])
    nothingInClear()
  })

  test('the date passes: the server refuses by itself', async () => {
    const until = new Date(Date.now() + 8000)
    clock = Date.now()
    for (const { grant, state } of await owner.vault.grants.list())
      if (state === 'live') await owner.vault.grants.revoke(grant)
    await owner.vault.grants.give({ to: group, facets: FACETS, until, purpose: PURPOSE })
    const head = `${(await owner.vault.collections.list())[0]!.url}head.alv`
    expect((await view(first)).length).toBeGreaterThan(0)
    expect((await first.fetch(head)).status).toBe(200)
    await new Promise(resolve => setTimeout(resolve, until.getTime() - Date.now() + 50))
    expect((await first.fetch(head)).status).toBe(403)
    expect(await view(first)).toEqual([])
    nothingInClear()
  })

  test('a new grant, then its revocation: the same', async () => {
    clock = Date.now()
    const { grant } = await owner.vault.grants.give({
      to: group,
      facets: FACETS,
      until: new Date(clock + HOUR),
      purpose: PURPOSE,
    })
    expect((await view(first)).length).toBeGreaterThan(0)
    expect((await owner.vault.grants.revoke(grant)).state).toBe('ended')
    const head = `${(await owner.vault.collections.list())[0]!.url}head.alv`
    expect((await first.fetch(head)).status).toBe(403)
    expect(await view(first)).toEqual([])
    nothingInClear()
  })

  test('everything verifies, and opens on another device', async () => {
    expect((await owner.vault.verify()).problems).toEqual([])
    expect((await owner.vault.doctor()).problems).toEqual([])
    await owner.vault.lock()
    const other = await openVault({ ...owner.around, store: memoryStore() }, { password: 'owner a password' })
    expect((await collect(other.records.query({ kind: 'Immunization' }))).length).toBeGreaterThan(0)
    nothingInClear()
  })

  async function addVaccine(note: string): Promise<void> {
    const [health] = await owner.vault.collections.list()
    await owner.vault.records.put('Immunization', { note }, { collection: health!.id })
    secrets.add(note)
  }
})

const sum = (counts: { [kind: string]: number }): number => Object.values(counts).reduce((a, b) => a + b, 0)

const matching = async ({ vault }: Actor) =>
  (await Promise.all(FACETS.map(facet => collect(vault.records.query({ facet }))))).flat()

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

/** Every text of some length: short ones stand in any file by chance. */
function* plaintexts(json: unknown): Generator<string> {
  if (typeof json === 'string' && json.length >= 8) yield json.slice(0, 60)
  if (typeof json === 'object' && json !== null) for (const child of Object.values(json)) yield* plaintexts(child)
}
