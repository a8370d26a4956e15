/** A host that serves what stood before a grant was shortened or narrowed; a reader who kept every key and has the whole disk. */
import { beforeEach, expect, test } from 'vitest'
import type { CollectionId, GrantId, SharedView, Vault } from '#core'
import {
  fromBase64Url,
  fromHex,
  narrow,
  openGrantPage,
  openKeyring,
  openManifest,
  openSection,
  openSegment,
  type GrantKey,
} from '#crypto'
import { leavesUnder } from '#vocab'
import { collectionUrl, objectUrl } from '../../client/core/paths.ts'
import { DAY, folder, PURPOSE, reopen, world, type Member, type World } from '../core/world.ts'
import { takeOver, type Host, type Moment } from '../hostile-pod.ts'
import { headOf, ownSeeds, stored } from './league.ts'
import { withoutMarks } from './scene.ts'

let around: World
let host: Host
let alice: Member
let bob: Member
let health: CollectionId
let photos: CollectionId
let grant: GrantId
let before: Moment

beforeEach(async () => {
  around = world()
  host = takeOver(around.server, around.clock)
  ;[alice, bob] = [await around.member('alice'), await around.member('bob')]
  ;[health, photos] = [await folder(alice.vault), await folder(alice.vault, 'Photos')]
  await put('Immunization', 'BCG')
  await put('Medication', 'salbutamol')
  await put('Immunization', 'in photos', photos)
  const facets = ['health/immunizations', 'health/medications']
  const given = { to: bob.vault.owner, facets, collections: [health, photos], purpose: PURPOSE }
  grant = (await alice.vault.grants.give({ ...given, until: new Date(around.clock() + 30 * DAY) })).grant
  await alice.vault.settle()
  await look(bob) // so that this device has marks
  before = new Map(host.files)
})

const put = (kind: string, note: string, collection = health, vault: Vault = alice.vault) =>
  vault.records.put(kind, { note }, { collection })
const look = async (member: Member): Promise<SharedView> => (await reopen(member)).views.open(alice.vault.owner)
const notesIn = ({ rows }: SharedView): unknown[] => rows.map(({ value }) => value['note']).sort()

/** Everything that stood under these addresses, again; what was stored since stays beside it. */
function serveAgain(which: RegExp): void {
  for (const [url, file] of before) if (which.test(url)) host.files.set(url, file)
}

async function narrowed(): Promise<void> {
  await alice.vault.grants.narrow(grant, { facets: ['health/immunizations'], collections: [health] })
  await put('Medication', 'withdrawn')
  await put('Immunization', 'in photos, withdrawn', photos)
  await put('Immunization', 'MMR')
  await alice.vault.settle()
}

test('[A11] the old head and agreement after a shortening: refused by who saw the new, and nothing new by who did not', async () => {
  const until = new Date(around.clock() + 2 * DAY)
  await alice.vault.grants.extend(grant, { until })
  await alice.vault.settle()
  expect(new Set((await look(bob)).rows.map(row => row.until))).toEqual(new Set([until.toISOString()]))
  around.pass(3 * DAY)
  await put('Immunization', 'after the end')
  serveAgain(/\/c\/|\.acl$/)
  const { rows, problems } = await look(bob)
  expect([rows, problems.map(({ code }) => code)]).toEqual([[], ['rolled-back', 'rolled-back']])
  expect(notesIn(await look(withoutMarks(bob)))).not.toContain('after the end')
})

test('[A11] the old head, keyring and agreement after a narrowing: the same', async () => {
  expect(notesIn(await look(bob))).toEqual(['BCG', 'in photos', 'salbutamol'])
  await narrowed()
  expect(notesIn(await look(bob))).toEqual(['BCG', 'MMR'])
  const honest = new Map(host.files)
  serveAgain(/\/c\//)
  expect((await look(bob)).problems.map(({ code }) => code)).toContain('rolled-back')
  expect(notesIn(await look(withoutMarks(bob)))).toEqual(['BCG', 'in photos', 'salbutamol'])
  host.files.clear()
  for (const [url, file] of honest) host.files.set(url, file)
  expect(notesIn(await look(bob))).toEqual(['BCG', 'MMR'])
})

test('[A11] the old account: the device that changed the terms refuses it, and gives nothing by it', async () => {
  await narrowed()
  const honest = new Map(host.files)
  serveAgain(/account\.alv$/)
  await expect(reopen(alice)).rejects.toMatchObject({ code: 'rolled-back' })
  const account = [...before].filter(([url]) => url.endsWith('account.alv'))
  expect(new Map(host.files)).toEqual(new Map([...honest, ...account]))
})

test('[A37] the old rules: their reader gets ciphertext of what was withdrawn, the owner is told, and they are mended', async () => {
  await narrowed()
  serveAgain(/\.acl$/)
  expect(notesIn(await look(bob))).toEqual(['BCG', 'MMR'])
  const vault = await reopen(alice)
  expect((await vault.doctor()).problems).toEqual([{ code: 'rules-differ', detail: 'Photos' }])
  expect((await vault.repair()).problems).toEqual([])
  expect((await vault.doctor()).problems).toEqual([])
})

test('[A28] with every key that they kept and the whole disk, nothing that was withdrawn opens if it was written since', async () => {
  const kept = await keysOf(health)
  const ofPhotos = await keysOf(photos)
  expect(await opened(health, kept)).toEqual(['BCG', 'salbutamol'])
  await narrowed()
  const now = await keysOf(health)
  expect(await opened(health, { ...now, keys: [...now.keys, ...kept.keys] })).toEqual(['BCG', 'MMR', 'salbutamol'])
  await expect(opened(photos, ofPhotos)).rejects.toMatchObject({ code: 'tampered' }) // its manifest is under another epoch
  expect(headOf(around, alice.vault, photos).header.keyring).toBeNull()
})

interface Keys {
  manifest: Parameters<typeof openManifest>[1]
  keys: GrantKey[]
}

/** What the keyring of now gives to bob. */
async function keysOf(collection: CollectionId): Promise<Keys> {
  const id = fromBase64Url(collection)
  const name = fromHex(grant.slice('urn:uuid:'.length).replaceAll('-', ''))
  const { keyring } = headOf(around, alice.vault, collection).header
  const url = objectUrl(collectionUrl(alice.vault.pod.storage, id), keyring!.sealId)
  const whose = { owner: alice.vault.owner, collection: id, grant: name }
  const envelope = openKeyring(stored(around, url).body, whose, await ownSeeds(around, bob))!
  const { keys } = openGrantPage(name, envelope, envelope.page.sealed!)
  return { manifest: envelope.manifest, keys: [...envelope.newest, ...keys] }
}

/** By the crypto alone: every section of every segment that the head of now lists, and of its tail. */
async function opened(collection: CollectionId, { manifest: key, keys }: Keys): Promise<string[]> {
  const head = headOf(around, alice.vault, collection)
  const id = fromBase64Url(collection)
  const manifest = openManifest(head, key)
  const place = collectionUrl(alice.vault.pod.storage, id)
  const listed = manifest.segments.map(one => ({
    bytes: stored(around, objectUrl(place, one.sealId)).body,
    key: one.key,
  }))
  const segments = [...listed, ...(head.parts.tail.length ? [{ bytes: head.parts.tail, key: manifest.tail }] : [])].map(
    one => openSegment(one.bytes, alice.vault.owner, id, one.key),
  )
  const leaves = keys.flatMap(({ facet, key: of }) => leavesUnder(facet).map(leaf => narrow(of, facet, leaf)))
  const cells = await Promise.all(segments.flatMap(segment => leaves.map(async leaf => openSection(segment, leaf))))
  return [...new Set(cells.flat().map(cell => String(cell?.properties?.['note'])))]
    .filter(note => note !== 'undefined')
    .sort()
}
