/**
 * Who was removed, with every key they ever had and the whole disk of the server: by the crypto alone, no client and no server
 * in the way, they open what they had and nothing sealed afterwards.
 */
import { beforeAll, expect, test } from 'vitest'
import {
  deviceKey,
  fromBase64Url,
  fromHex,
  groupKemSeed,
  isCode,
  narrow,
  openGrantPage,
  openIdentity,
  openKeyring,
  openManifest,
  openSection,
  openSegment,
  toBase64Url,
  unsafeAccountHeader,
  unsafeGroupHeader,
  unwrapGenerations,
  unwrapGroupEpoch,
  unwrapPrevious,
  verifyHead,
  type SignedHead,
} from '#crypto'
import { leavesUnder } from '#vocab'
import type { CollectionId, GroupId } from '#core'
import { deviceKeys } from '../../client/core/device-keys.ts'
import { folder, grantTo, openSeal, reopen, world, type Member, type World } from './world.ts'

let around: World
let alice: Member
let bob: Member
let carol: Member
let group: GroupId
let collection: CollectionId

beforeAll(async () => {
  around = world()
  ;[alice, bob, carol] = [await around.member('alice'), await around.member('bob'), await around.member('carol')]
  collection = await folder(alice.vault)
  await put('first')
  group = (await alice.vault.groups.found('Les Abeilles')).group
  const link = await alice.vault.groups.invite(group)
  for (const { vault } of [bob, carol]) {
    await vault.groups.join(link)
    await alice.vault.groups.admit(group, vault.owner)
  }
})

const put = (note: string) => alice.vault.records.put('Immunization', { note }, { collection })
const onDisk = (url: string): Uint8Array => around.server.files.get(url)!.body
const containerOf = (): string => `https://memory.example/alice/alveole/c/${collection}/`

/** All the X-Wing seeds that a member has or had: of their generations, and of the group's epochs that open to them. */
async function seedsOf({ around: { pod, store } }: Member): Promise<Uint8Array[]> {
  const keys = (await deviceKeys(store, pod.webId, { seal: openSeal }))!
  const generations = unwrapGenerations(unsafeAccountHeader(onDisk(`${pod.storage}alveole/account.alv`)), keys)
  const own = [keys.kem, ...generations.map(({ kemSeed }) => kemSeed)]
  const id = idOfGroup()
  const header = unsafeGroupHeader(onDisk(`${group}head.alv`))
  const newest = own.map(seed => unwrapGroupEpoch(id, header.epoch, header.wraps, seed)).find(epoch => epoch !== null)
  return [...own, ...(newest ? unwrapPrevious(id, newest, header.previous).map(groupKemSeed) : [])]
}

const idOfGroup = (): Uint8Array => unsafeGroupHeader(onDisk(`${group}head.alv`)).group

function head(): SignedHead {
  const identity = openIdentity(onDisk('https://memory.example/alice/alveole/identity.alv'))
  const url = `${containerOf()}head.alv`
  return verifyHead(onDisk(url), alice.vault.owner, fromBase64Url(collection), signer => deviceKey(identity, signer))
}

/** The notes that these seeds open in the collection as the disk has it now. */
async function opened(seeds: Uint8Array[]): Promise<string[]> {
  const grants = (await alice.vault.grants.list()).map(({ grant }) =>
    fromHex(grant.slice('urn:uuid:'.length).replaceAll('-', '')),
  )
  return [...new Set(grants.flatMap(grant => openedBy(grant, seeds)))].sort()
}

function openedBy(grant: Uint8Array, seeds: Uint8Array[]): string[] {
  const [id, at] = [fromBase64Url(collection), head()]
  const object = (sealId: Uint8Array): Uint8Array => onDisk(`${containerOf()}${toBase64Url(sealId)}.alv`)
  const { keyring } = at.header
  if (!keyring) return []
  const envelope = orNull(() =>
    openKeyring(object(keyring.sealId), { owner: alice.vault.owner, collection: id, grant }, seeds),
  )
  if (!envelope) return []
  const { keys } = openGrantPage(grant, envelope, envelope.page.sealed ?? object(envelope.page.id))
  const manifest = openManifest(at, envelope.manifest)
  const stored = manifest.segments.map(({ sealId, key }) => ({ bytes: object(sealId), key }))
  const tail = at.parts.tail.length ? [{ bytes: at.parts.tail, key: manifest.tail }] : []
  return [...stored, ...tail].flatMap(({ bytes, key }) => {
    const segment = openSegment(bytes, alice.vault.owner, id, key)
    const leaves = keys.flatMap(({ facet, key }) => leavesUnder(facet).map(leaf => narrow(key, facet, leaf)))
    return leaves
      .flatMap(leaf => openSection(segment, leaf) ?? [])
      .map(({ properties }) => String(properties?.['note']))
  })
}

/** Sealed to none of the seeds. */
function orNull<T>(work: () => T): T | null {
  try {
    return work()
  } catch (error) {
    if (isCode(error, 'tampered')) return null
    throw error
  }
}

test('a removed member and an ended grantee open nothing written afterwards, by whatever they kept', async () => {
  await alice.vault.grants.give({ ...grantTo(group, around.clock), collections: [collection] })
  const { grant } = await alice.vault.grants.give({
    ...grantTo(bob.vault.owner, around.clock),
    collections: [collection],
  })
  const [bobs, carols] = [await seedsOf(bob), await seedsOf(carol)]
  expect(await opened(bobs)).toEqual(['first'])
  expect(await opened(carols)).toEqual(['first'])

  await alice.vault.groups.remove(group, bob.vault.owner)
  await alice.vault.grants.revoke(grant)
  await put('second')
  expect(await opened([...bobs, ...(await seedsOf(bob))])).toEqual([])
  expect(await opened(await seedsOf(carol))).toEqual(['first', 'second'])

  await alice.vault.grants.give({
    ...grantTo(carol.vault.owner, around.clock),
    collections: [collection],
    epochs: 'existing',
  })
  await put('third')
  expect(await opened([...bobs, ...(await seedsOf(bob))])).toEqual([])
  expect(await opened(await seedsOf(carol))).toEqual(['first', 'second', 'third'])
})

test('what they kept opens nothing either in a vault reopened, after many writes', async () => {
  const bobs = await seedsOf(bob)
  const vault = await reopen(alice)
  for (let i = 0; i < 5; i++)
    await vault.records.put('Immunization', { note: `${i} ${'x'.repeat(9000)}` }, { collection })
  expect(await opened(bobs)).toEqual([])
  const stranger = await around.member('dave')
  expect(await opened(await seedsOf(stranger))).toEqual([])
})
