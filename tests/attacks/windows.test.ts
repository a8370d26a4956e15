/** Grants of existing or of new versions only open what they say, whatever is taken back, sealed anew or begun beside them (A30). */
import { describe, expect, test } from 'vitest'
import type { CollectionId, Vault } from '#core'
import { DAY, folder, grantTo, reopen, secondDevice, world, type Member, type World } from '../core/world.ts'
import { openedFrom, ownSeeds } from './league.ts'

let around: World
let alice: Member
let bob: Member
let carol: Member
let collection: CollectionId

async function setUp(): Promise<void> {
  around = world()
  ;[alice, bob, carol] = [await around.member('alice'), await around.member('bob'), await around.member('carol')]
  collection = await folder(alice.vault)
}
const put = (vault: Vault, note: string) => vault.records.put('Immunization', { note }, { collection })
const bobOpens = async (vault: Vault): Promise<string[]> =>
  openedFrom(around, vault, collection, await ownSeeds(around, bob))

describe.each([false, true])('another grant is taken back, sealed anew: %s', rewrap => {
  test.each([
    ['new' as const, ['between', 'last']],
    ['existing' as const, ['first']],
  ])('one of %s versions, of tomorrow', async (epochs, opened) => {
    await setUp()
    const { grant } = await alice.vault.grants.give(grantTo(carol.vault.owner, around.clock))
    await put(alice.vault, 'first')
    const from = new Date(around.clock() + DAY)
    await alice.vault.grants.give({ ...grantTo(bob.vault.owner, around.clock), epochs, from })
    await alice.vault.settle()
    await alice.vault.grants.revoke(grant, { rewrap })
    await put(alice.vault, 'between')
    around.pass(2 * DAY)
    const later = await reopen(alice)
    await put(later, 'last')
    expect(await bobOpens(later)).toEqual(opened)
  })

  test('one of existing versions keeps the version that it knew', async () => {
    await setUp()
    const id = await put(alice.vault, 'one')
    await alice.vault.grants.give({ ...grantTo(bob.vault.owner, around.clock), epochs: 'existing' })
    around.pass(1000)
    const { grant } = await alice.vault.grants.give(grantTo(carol.vault.owner, around.clock))
    await alice.vault.records.put('Immunization', { note: 'two' }, { collection, id })
    around.pass(1000)
    await alice.vault.grants.revoke(grant, { rewrap })
    await alice.vault.records.put('Immunization', { note: 'three' }, { collection, id })
    expect(await bobOpens(alice.vault)).toEqual(['one'])
  })
})

test.each([
  ['new' as const, ['after the grant']],
  ['existing' as const, ['first epoch', 'second epoch']],
])('given by a device that knows an older head, %s versions are counted from the newest', async (epochs, opened) => {
  await setUp()
  const { grant } = await alice.vault.grants.give(grantTo(carol.vault.owner, around.clock))
  await put(alice.vault, 'first epoch')
  await alice.vault.settle()
  const two = await secondDevice(alice)
  await two.vault.grants.confirm()
  await two.vault.records.list()
  await alice.vault.grants.revoke(grant)
  await put(alice.vault, 'second epoch')
  await alice.vault.settle()
  around.pass(10_000)
  await two.vault.grants.give({ ...grantTo(bob.vault.owner, around.clock), epochs, collections: [collection] })
  await put(two.vault, 'after the grant')
  expect(await bobOpens(two.vault)).toEqual(opened)
})
