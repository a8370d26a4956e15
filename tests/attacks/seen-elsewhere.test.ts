/**
 * What one device knows better than another (A4, A34): whom it removed, whose root it pinned. A device that was kept from knowing
 * seals to nobody by its own memory alone: only to the very key that the newest head was sealed to, or one that it has just checked.
 */
import { describe, expect, test } from 'vitest'
import {
  AlveoleError,
  drawGeneration,
  drawSeeds,
  encodeIdentity,
  extendIdentity,
  foundIdentity,
  generationPublic,
  signerOf,
} from '#crypto'
import type { CollectionId, GroupId, Vault } from '#core'
import { identityUrl } from '../../client/core/paths.ts'
import { folder, grantTo, reopen, secondDevice, world, type Member, type World } from '../core/world.ts'
import { attacked, before, takeOver } from '../hostile-pod.ts'
import { groupSeeds, openedFrom, ownSeeds, stored } from './league.ts'

const MINUTE = 60_000
const put = (vault: Vault, collection: CollectionId, note: string) =>
  vault.records.put('Immunization', { note }, { collection })
const circlesDead = before('get', /groups\/.*head\.alv$/, () => {
  throw new AlveoleError('offline')
})

test.each([false, true])(
  'another root in the place of a pinned one gets no key of a new device, confirmed: %s',
  async confirmed => {
    const around = world()
    const host = takeOver(around.server, around.clock)
    const [alice, bob] = [await around.member('alice'), await around.member('bob')]
    const collection = await folder(alice.vault)
    await put(alice.vault, collection, 'first')
    await alice.vault.grants.give(grantTo(bob.vault.owner, around.clock))
    await put(alice.vault, collection, 'second')
    await alice.vault.settle()
    const [root, generation, address] = [drawSeeds(), drawGeneration(1), identityUrl(bob.around.pod.storage)]
    const genuine = stored(around, address).body
    const founded = foundIdentity(bob.vault.owner, root, 1)
    const first = { type: 'generation' as const, number: 1, kem: generationPublic(generation) }
    host.replace(address, encodeIdentity(extendIdentity(founded, signerOf(root), 1, first)))

    const { vault, around: device } = await secondDevice(alice)
    if (confirmed) await vault.grants.confirm()
    for (const note of ['third', 'fourth']) {
      await put(vault, collection, note)
      expect(await openedFrom(around, vault, collection, [generation.kemSeed])).toEqual([])
      around.pass(6 * MINUTE)
    }
    host.replace(address, genuine)
    const later = await reopen({ around: device })
    await later.grants.confirm()
    await put(later, collection, 'fifth')
    expect(await openedFrom(around, later, collection, await ownSeeds(around, bob))).toContain('fifth')
  },
)

describe.each(['the owner', 'another member'])('of a circle that %s stewards', who => {
  let around: World
  let alice: Member
  let two: Member
  let steward: Member
  let collection: CollectionId
  let group: GroupId
  let eves: Uint8Array[]
  let eve: Member

  async function setUp(): Promise<void> {
    around = world()
    takeOver(around.server, around.clock)
    const members = [await around.member('alice'), await around.member('bob'), await around.member('eve')] as const
    ;[alice, , eve] = members
    steward = who === 'the owner' ? alice : members[1]
    collection = await folder(alice.vault)
    await put(alice.vault, collection, 'before')
    group = (await steward.vault.groups.found('Les Abeilles')).group
    const link = await steward.vault.groups.invite(group)
    for (const { vault } of members.filter(member => member !== steward)) {
      await vault.groups.join(link)
      await steward.vault.groups.admit(group, vault.owner)
    }
    await alice.vault.grants.give(grantTo(group, around.clock))
    await alice.vault.settle()
    two = await secondDevice(alice)
    await two.vault.grants.confirm()
    await two.vault.groups.list()
    await put(two.vault, collection, 'while eve is in')
    await two.vault.settle()
    eves = groupSeeds(around, group, await ownSeeds(around, eve))
  }
  const eveOpens = (vault: Vault): Promise<string[]> => openedFrom(around, vault, collection, eves)

  test('a removal counts on a device that the circle’s host keeps from it', async () => {
    await setUp()
    await steward.vault.groups.remove(group, eve.vault.owner)
    around.pass(6 * MINUTE)
    const one = await reopen(alice)
    await put(one, collection, 'after the removal')
    await one.settle()
    expect(await eveOpens(one)).not.toContain('after the removal')
    const blind = await reopen(two, attacked(two.around.pod, circlesDead))
    await put(blind, collection, 'by the second device')
    expect(await eveOpens(one)).toEqual([])
    const seeing = await reopen(two)
    await put(seeing, collection, 'with the circle there again')
    const members = groupSeeds(around, group, await ownSeeds(around, steward))
    expect(await openedFrom(around, seeing, collection, members)).toContain('after the removal')
  })

  test('and on one that has looked at the circle a minute ago', async () => {
    await setUp()
    around.pass(MINUTE)
    await steward.vault.groups.remove(group, eve.vault.owner)
    const one = who === 'the owner' ? alice.vault : await reopen(alice)
    await put(one, collection, 'after the removal')
    await one.settle()
    around.pass(MINUTE)
    await put(two.vault, collection, 'by the second device')
    expect(await eveOpens(one)).toEqual([])
  })

  test('a key that somebody put on the device in the circle’s place is sealed to by nobody', async () => {
    await setUp()
    const mine = drawGeneration(1)
    two.around.store.values.set(`kem ${group}`, generationPublic(mine))
    const blind = await reopen(two, attacked(two.around.pod, circlesDead))
    await put(blind, collection, 'next')
    expect(await openedFrom(around, blind, collection, [mine.kemSeed])).toEqual([])
  })
})
