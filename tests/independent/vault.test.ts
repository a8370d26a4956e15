/**
 * A vault made by the product on the real pod server, read from the server's disk by a decoder that shares no code with it
 * (crypto/SPEC.md alone): everything that the product's API says must come out of the bytes.
 */
import { same } from './cbor.ts'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openVault as openProduct, memoryStore, type CollectionId, type GroupId, type RecordId } from '#core'
import { purpose } from '#vocab'
import { startPod } from '../../pod-server/pod.ts'
import { actor, type Actor } from '../scenarios/member.ts'
import { hex } from './cbor.ts'
import { diskOf, type Disk } from './disk.ts'
import { groupSeed } from './group.ts'
import { hash, kdf } from './primitives.ts'
import type { Seen } from './records.ts'
import {
  blobOf,
  feedOf,
  grantedRecords,
  groupOf,
  inboxOf,
  openVault,
  ownHead,
  ownPlace,
  indexOf,
  ownRecords,
  standingOf,
  requestsOf,
  segmentsOf,
  type BlobRef,
  type OpenVault,
} from './vault.ts'

const HOUR = 3600_000
const PURPOSE = purpose('dpv:HealthcareManagement')!
const until = new Date(Date.now() + HOUR)
const folder = mkdtempSync(join(tmpdir(), 'alveole-independent-'))
/** Two parts, the second padded. */
const film = new Uint8Array(5_000_001).map((_, index) => index * 7)

let pod: Awaited<ReturnType<typeof startPod>>
let [owner, member, friend]: Actor[] = []
let health: CollectionId
let group: GroupId
let disk: Disk
let own: OpenVault

beforeAll(async () => {
  pod = await startPod({ port: 0, data: folder, quiet: true })
  ;[owner, member, friend] = await Promise.all(['owner', 'member', 'friend'].map(name => actor(pod.url, name)))
  await makeVault(owner!, member!, friend!)
  disk = diskOf(folder, pod.url)
  own = openVault(disk, owner!.webId, { words: owner!.kit.join(' ') })
}, 120_000)
afterAll(async () => {
  await pod.stop()
  rmSync(folder, { recursive: true, force: true })
})

const idOf = (collection: string): Uint8Array => new Uint8Array(Buffer.from(collection, 'base64url'))
const seedsOf = (vault: OpenVault): Uint8Array[] => vault.generations.map(({ kemSeed }) => kemSeed)
const theCircle = (of: OpenVault) => of.state.groups.find(({ url }) => url === group)!

test('the account, by the words and by a password, says what the product does', async () => {
  const byPassword = openVault(disk, owner!.webId, { password: 'owner a password' })
  expect(byPassword.state).toEqual(own.state)
  expect(own.state.collections.map(({ id, name }) => [Buffer.from(id).toString('base64url'), name])).toEqual(
    (await owner!.vault.collections.list()).map(({ id, name }) => [id, name]),
  )
  expect(own.state.pages.length).toBeGreaterThan(0)
  expect(own.state.grants.filter(({ state }) => state === 'ended').length).toBeLessThan(8)
  expect(own.history.grants.map(({ to, facets, state }) => ({ to, facets, state }))).toEqual(
    (await owner!.vault.grants.list()).map(({ to, facets, state }) => ({ to, facets, state })),
  )
  const nameOf = (id: Uint8Array) => own.state.devices.find(one => same(one.id, id))?.name ?? ''
  expect(own.identity.devices.map(({ id, name, kind }) => [kind, nameOf(id), name])).toEqual([
    ['device', 'first device', ''],
    ['password', '', ''],
    ['device', 'tablet', ''],
  ])
})

test('every record of every collection: facets, epochs, edits, deletions, pages of the manifest', async () => {
  for (const { id } of await owner!.vault.collections.list()) {
    const product = new Map<string, Seen>()
    for await (const record of owner!.vault.records.query({ collection: id })) product.set(record.id, plain(record))
    const read = ownRecords(own, idOf(id))
    expect(read).toEqual(product)
    expect(read.size).toBeGreaterThan(0)
  }
  const { read, owner: part, keys } = ownHead(own, idOf(health))
  expect(part.epochs.length).toBeGreaterThan(3)
  expect(segmentsOf(ownPlace(own, idOf(health)), read, keys.manifest).length).toBeGreaterThan(33) // so there is a page
})

test('an index of each collection, which says of every record and facet what stands', () => {
  for (const { id } of own.state.collections) {
    expect(indexOf(own, id)).toEqual(standingOf(own, id))
    expect(indexOf(own, id).length).toBeGreaterThan(0)
  }
  expect(ownHead(own, idOf(health)).owner.index.runs.length).toBeGreaterThan(0)
})

test('a file of two parts, whole', () => {
  const photos = own.state.collections.find(({ name }) => name === 'Photos')!
  const [record] = ownRecords(own, photos.id).values()
  const bytes = blobOf(disk, ownPlace(own, photos.id).url, record!.value['content'] as BlobRef)
  expect(Buffer.compare(bytes, film)).toBe(0)
})

test('selections: copies of the chosen records as they came to be, with their file, and de-identified under other names', () => {
  const [plainOne, safeOne] = own.state.selections
  const originals = new Map(own.state.collections.flatMap(({ id }) => [...ownRecords(own, id)]))
  const chosen = (of: (typeof own.state.selections)[number]) => of.originals.flatMap(({ records }) => records.map(hex))
  const copies = ownRecords(own, plainOne!.id)
  expect([...copies.keys()].sort()).toEqual(chosen(plainOne!).sort())
  for (const [id, { kind, value, facets }] of copies) {
    expect(originals.get(id)).toMatchObject({ kind, value })
    expect(facets.every(leaf => plainOne!.facets.some(facet => `${leaf}/`.startsWith(`${facet}/`)))).toBe(true)
  }
  const file = [...copies.values()].find(({ kind }) => kind === 'File')!
  expect(Buffer.compare(blobOf(disk, ownPlace(own, plainOne!.id).url, file.value['content'] as BlobRef), film)).toBe(0)
  const pseudonym = (id: string) =>
    hex(kdf(safeOne!.pseudonyms!, 'selection record', new Uint8Array(Buffer.from(id, 'hex')), 16))
  expect([...ownRecords(own, safeOne!.id)]).toEqual(
    chosen(safeOne!).map(id => [
      pseudonym(id),
      expect.objectContaining({ kind: 'Observation', value: { value: { value: '38.5', unit: '°C' }, date: '2024' } }),
    ]),
  )
})

test('the circle: its members, its epochs, who asks to join, and nothing for who was removed', async () => {
  const open = groupOf(own, theCircle(own))!
  const said = await owner!.vault.groups.members(group)
  const names = ({ webId, role, state }: { webId: string; role: string; state: string }) => `${webId} ${role} ${state}`
  expect([
    ...open.log.members.map(names),
    ...requestsOf(own, theCircle(own)).map(webId => `${webId} member pending`),
  ]).toEqual(said.map(names))
  expect(open.epochs.map(({ number }) => number)).toEqual([1, 2])
  expect(
    disk.read(`${group}members-${Buffer.from(open.log.nonce.subarray(0, 16)).toString('base64url')}`),
  ).not.toBeNull()
  const removed = openVault(disk, friend!.webId, { password: 'friend a password' })
  expect(groupOf(removed, theCircle(own))).toBeNull()
})

test('what a member of the circle sees, and no more', async () => {
  const theirs = openVault(disk, member!.webId, { password: 'member a password' })
  const circle = groupOf(theirs, theCircle(theirs))!
  const { inRoster: _, steward, ...seen } = circle
  const { inRoster: __, steward: key, ...whole } = groupOf(own, theCircle(own))!
  expect([seen, steward]).toEqual([whole, null])
  expect(key).not.toBeNull()
  const { announcements, lines } = feedOf(disk, group, circle, theCircle(theirs).id)
  const [line, ...more] = announcements
  expect(more).toEqual([])
  expect(disk.read(`${group}catalogue.alv`)).not.toBeNull()
  expect(lines.length).toBeGreaterThan(1) // one in the catalogue, one after it
  const told = lines.flatMap(({ heads }) => heads.map(head => hex(head.hash)))
  expect(told).toContain(hex(hash(disk.read(`${line!.collections[0]!.url}head.alv`)!)))
  const shown = grantedRecords(disk, line!, line!.collections[0]!, circle.epochs.map(groupSeed))!
  expect(shown.apart).toBe(false)
  expect(shown.records).toEqual(await viewOf(member!, group))
  expect(new Set([...shown.records.values()].flatMap(({ facets }) => facets))).toEqual(
    new Set(['health/medications/dosage', 'health/immunizations/entry']),
  )
  expect(shown.terms.jsonLd).toEqual(JSON.parse(await owner!.vault.grants.receipt((await grantTo(group))!.grant)))
})

test('what a person sees, keys on a page of its own; and nothing of a grant that was taken back', async () => {
  const theirs = openVault(disk, friend!.webId, { words: friend!.kit.join(' ') })
  const live = own.state.grants.find(({ to, state }) => to === friend!.webId && state === 'live')!
  const told = inboxOf(theirs)
  expect(told.length).toBe(2)
  const seen = new Map<string, Seen>()
  for (const line of told) {
    for (const place of line.collections) {
      const shown = grantedRecords(disk, line, place, seedsOf(theirs))
      expect(shown === null).toBe(hex(line.grant) !== hex(live.id))
      expect(shown?.apart ?? true).toBe(true)
      for (const [id, record] of shown?.records ?? []) seen.set(id, record)
    }
  }
  expect(seen).toEqual(await viewOf(friend!, owner!.webId))
  expect(seen.size).toBeGreaterThan(30)
})

const grantTo = async (to: string) => (await owner!.vault.grants.list()).find(grant => grant.to === to)

async function viewOf({ vault }: Actor, from: string): Promise<Map<string, Seen>> {
  const { rows, problems } = await vault.views.open(from)
  expect(problems).toEqual([])
  return new Map(rows.map(row => [row.id, plain(row)]))
}

/** Facets, epochs, more segments than a head lists, a file in two parts, a circle, grants to it and to a person, revocations enough for a page of the account. */
async function makeVault({ vault, around }: Actor, member: Actor, friend: Actor): Promise<void> {
  health = (await vault.collections.create('Santé')).id
  const photos = (await vault.collections.create('Photos')).id
  const content = await vault.blobs.put(new Blob([film]), {
    collection: photos,
    name: 'film.mp4',
    mediaType: 'video/mp4',
  })
  const movie = await vault.records.put('File', { content: { ...content }, name: 'film.mp4' }, { collection: photos })
  const put = (kind: string, value: object, id?: RecordId) =>
    vault.records.put(kind, value as never, { collection: health, ...(id && { id }) })
  const medicine = await put('Medication', {
    form: 'Paracétamol',
    dosage: ['1 g'],
    prescriber: 'Dr Martin',
    note: 'été ☀ 𝒳',
  })
  const vaccine = await put('Immunization', { disease: 'measles', lot: 'A1' })
  const gone = await put('Immunization', { disease: 'mumps', lot: 'B2' })
  await vault.selections.make({ records: [medicine, movie], facets: ['health/medications', 'papers'] })
  const long = Array.from({ length: 35 }, (_, n) => ({
    kind: 'Observation',
    value: { note: `${n} ${'long '.repeat(50_000)}` },
  }))
  await vault.records.putAll(long, health) // a segment each

  group = (await vault.groups.found('Les Abeilles')).group
  const link = await vault.groups.invite(group)
  for (const { vault: theirs } of [member, friend]) {
    await theirs.groups.join(link)
    await vault.groups.admit(group, theirs.owner)
  }
  const give = (to: string, ...facets: string[]) =>
    vault.grants.give({ to, collections: [health], until, purpose: PURPOSE, ...(facets.length && { facets }) })
  await give(group, 'health/medications/dosage', 'health/immunizations')
  await give(friend.webId)
  const past = await Promise.all(Array.from({ length: 8 }, () => give(member.webId, 'health/vitals')))
  for (const { grant } of past) await vault.grants.revoke(grant)
  const taken = await give(friend.webId, 'health/vitals')

  await put('Immunization', { disease: 'measles', dose: '2' }, vaccine) // an edit in the same epoch
  await vault.grants.revoke(taken.grant)
  await put('Medication', { form: 'Paracétamol', dosage: ['500 mg'] }, medicine) // an edit in the next, with a facet less
  await vault.groups.remove(group, friend.webId)
  await vault.records.remove(gone)
  await friend.vault.groups.join(await vault.groups.invite(group)) // asks again, and waits
  await put('Observation', { categories: [{ code: 'vital-signs' }], value: { value: '38.5', unit: '°C' } })

  const fever = {
    categories: [{ code: 'vital-signs' }],
    value: { value: '38.5', unit: '°C' },
    date: '2024-05-17',
    note: 'x',
  }
  await vault.selections.make({ records: [await put('Observation', fever)], deidentified: true })

  await vault.settle()
  await vault.groups.fold(group)
  const tablet = await openProduct(
    { ...around, store: memoryStore() },
    { password: 'owner a password' },
    { name: 'tablet' },
  )
  await tablet.records.put('Immunization', { disease: 'rubella' }, { collection: health })
  await tablet.lock()
  await vault.collections.open(health).then(collection => collection.refresh())
  await Promise.all([member, friend].map(each => each.vault.settle()))
}

const plain = ({ kind, facets, value }: { kind: string; facets: string[]; value: object }): Seen =>
  ({ kind, facets, value }) as Seen
