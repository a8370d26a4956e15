/** A31: whoever is let in on a new device has seen nothing yet, and may be shown a vault as it was. */
import { beforeAll, beforeEach, expect, test } from 'vitest'
import type { Vault } from '#core'
import { DAY, folder, grantTo, notes, reopen, secondDevice, world, type Member, type World } from '../core/world.ts'

let around: World
let phone: Member
let bob: Member
let back: () => void

beforeAll(async () => {
  around = world()
  phone = await around.member('alice')
  bob = await around.member('bob')
  await add(phone.vault, 'old')
  await phone.vault.grants.give(grantTo(bob.vault.owner, around.clock))
  await phone.vault.settle()
  back = around.save(phone.around.store, bob.around.store)
})
beforeEach(() => back())

async function add(vault: Vault, note: string) {
  await vault.records.put('Immunization', { note }, { collection: await folder(vault) })
}
async function bobSees(): Promise<unknown[]> {
  around.pass(6 * 60_000)
  const { rows } = await (await reopen(bob)).views.open(phone.vault.owner)
  return rows.map(({ value }) => value['note']).sort()
}
const confirmed = async (vault: Vault) => (await vault.grants.list()).map(grant => grant.confirmed)

test('[A31] a new device writes nothing that a grant it found opens, until its person confirms', async () => {
  const { vault } = await secondDevice(phone)
  expect(await confirmed(vault)).toEqual([false])
  await add(vault, 'new')
  expect(await notes(vault)).toEqual(['new', 'old'])
  expect(await bobSees()).toEqual(['old'])
  await vault.grants.confirm()
  expect(await confirmed(vault)).toEqual([true])
  expect(await bobSees()).toEqual(['new', 'old'])
})

test('[A31] from a pod put back to before a revocation, the revoked reader gets nothing of what is written next', async () => {
  const before = new Map(around.server.files)
  const one = await reopen(phone)
  await one.grants.revoke((await one.grants.list())[0]!.grant)
  await add(one, 'after')
  await one.settle()
  around.server.files.clear()
  for (const [url, file] of before) around.server.files.set(url, file)
  const { vault } = await secondDevice(phone)
  await add(vault, 'again')
  expect(await bobSees()).toEqual(['old'])
})

test('[A31] it stays so after a restart, and another device that writes gives again what waits', async () => {
  const laptop = await secondDevice(phone)
  await add(laptop.vault, 'new')
  expect(await confirmed(await reopen(laptop))).toEqual([false])
  around.pass(6 * 60_000)
  await add(await reopen(phone), 'third')
  expect(await bobSees()).toEqual(['new', 'old', 'third'])
})

test('[A31] what is given on the new device needs no confirmation, nor does a vault that shares nothing', async () => {
  const carol = await around.member('carol')
  const { vault } = await secondDevice(phone)
  await vault.grants.give(grantTo(carol.vault.owner, around.clock))
  expect(await confirmed(vault)).toEqual([false, true])
  around.pass(31 * DAY)
  expect(await confirmed(vault)).toEqual([true, true])
  expect(await confirmed((await secondDevice(carol)).vault)).toEqual([])
})
