/**
 * Who was removed, with every key they ever had and the whole disk of the server: by the crypto alone, no client and no server
 * in the way, they open what they had and nothing sealed afterwards.
 */
import { beforeAll, expect, test } from 'vitest'
import type { CollectionId, GroupId } from '#core'
import { folder, grantTo, reopen, secondDevice, world, type Member, type World } from '../core/world.ts'
import { unsafeAccountHeader, unwrapGenerations } from '#crypto'
import { accountUrl } from '../../client/core/paths.ts'
import { groupSeeds, keptBy, openedFrom, ownedBy, ownSeeds, stored } from './league.ts'

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
const opened = (seeds: Uint8Array[]) => openedFrom(around, alice.vault, collection, seeds)

/** All the X-Wing seeds that a member has or had: of their generations, and of the group's epochs that open to them. */
async function seedsOf(member: Member): Promise<Uint8Array[]> {
  const own = await ownSeeds(around, member)
  return [...own, ...groupSeeds(around, group, own)]
}

test('[A28] a removed member and an ended grantee open nothing written afterwards, by whatever they kept', async () => {
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

test('[A28] what they kept opens nothing either in a vault reopened, after many writes', async () => {
  const bobs = await seedsOf(bob)
  const vault = await reopen(alice)
  for (let i = 0; i < 5; i++)
    await vault.records.put('Immunization', { note: `${i} ${'x'.repeat(9000)}` }, { collection })
  expect(await opened(bobs)).toEqual([])
  const stranger = await around.member('dave')
  expect(await opened(await seedsOf(stranger))).toEqual([])
})

test('[A28] a removed device opens nothing written afterwards, by all that it kept and the whole disk', async () => {
  const laptop = await secondDevice(alice)
  const kept = { ...(await keptBy(around, laptop)), groups: groupSeeds(around, group, await ownSeeds(around, laptop)) }
  expect(await ownedBy(around, alice.vault, collection, kept.generations)).toContain('first')
  const gone = (await laptop.vault.devices.list()).find(device => device.this)!
  const vault = await reopen(alice)
  await vault.devices.remove(gone.id)
  await vault.records.put('Immunization', { note: 'after' }, { collection })
  const now = { ...(await keptBy(around, alice)) }
  expect(await ownedBy(around, vault, collection, now.generations)).toContain('after')
  expect(await ownedBy(around, vault, collection, kept.generations)).toEqual([])
  const { body } = stored(around, accountUrl(vault.pod.storage))
  expect(() => unwrapGenerations(unsafeAccountHeader(body), kept.seeds)).toThrow('not one of the vault')
  expect(
    await openedFrom(around, vault, collection, [...kept.generations.map(one => one.kemSeed), ...kept.groups]),
  ).toEqual([])
  expect(
    groupSeeds(
      around,
      group,
      kept.generations.map(one => one.kemSeed),
    ),
  ).toEqual([])
})
