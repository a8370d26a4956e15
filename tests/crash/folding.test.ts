/**
 * A steward's program that dies at any request of a folding, with pages to be written and others to be replaced: every reader goes on to
 * see all, the next folding ends it, and nothing stays behind.
 */
import { expect, test } from 'vitest'
import type { GroupId, Vault } from '#core'
import { DAY, folder, grantTo, reopen, world, type Member } from '../core/world.ts'
import { unreachable } from './disk.ts'
import { moments } from './moments.ts'

const OWNERS = 8

test('of pages, a folding that is cut off anywhere loses nothing and leaves nothing', async () => {
  const around = world()
  const steward = await around.member('steward')
  const group = (await steward.vault.groups.found('Les Abeilles')).group
  const link = await steward.vault.groups.invite(group)
  const owners: Member[] = []
  for (let i = 0; i < OWNERS; i++) {
    const owner = await around.member(`owner${i}`)
    await owner.vault.groups.join(link)
    await steward.vault.groups.admit(group, owner.vault.owner)
    await owner.vault.records.put('Immunization', { note: `of ${i}` }, { collection: await folder(owner.vault) })
    await owner.vault.grants.give(grantTo(group, around.clock))
    await owner.vault.settle()
    owners.push(owner)
  }
  await steward.vault.settle()
  await steward.vault.groups.fold(group)
  const [first, ...others] = owners as [Member, ...Member[]]
  for (const { vault } of others.slice(0, 3)) {
    // more than a quarter: the pages are written anew
    const [grant] = await vault.grants.list()
    await vault.grants.revoke(grant!.grant)
    await vault.settle()
  }
  const all = [steward, ...owners]
  const stores = all.map(({ around: at }) => at.store)
  const shown = async (vault: Vault) => (await vault.views.open(group)).rows.map(({ value }) => value['note']).sort()
  const seen = await shown(await reopen(first))
  expect(seen).toHaveLength(OWNERS - 4)
  const { all: deaths } = await moments(around, stores, steward.around, async at =>
    (await reopen({ around: at })).groups.fold(group),
  )
  expect(deaths.map(({ line }) => line).filter(line => line.startsWith('PUT')).length).toBe(2) // a page, and the head
  expect(deaths.map(({ line }) => line).filter(line => line.startsWith('DELETE')).length).toBeGreaterThan(3)
  for (const { line, back } of deaths) {
    back()
    expect(await shown(await reopen(first)), line).toEqual(seen)
    const vault = await reopen(steward)
    await vault.groups.tidy({ always: true })
    expect(
      [...around.server.files.keys()].filter(url => /\/feed\/[^.]+$/.test(url)),
      line,
    ).toEqual([])
    expect(await shown(await reopen(first)), line).toEqual(seen)
    around.pass(8 * DAY)
    await (await reopen(steward)).groups.tidy({ always: true })
    expect(await left(group), line).toEqual([])
  }

  async function left(of: GroupId): Promise<string[]> {
    return (await unreachable(around, [steward])).filter(url => url.startsWith(of))
  }
})
