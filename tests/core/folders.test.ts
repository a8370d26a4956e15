/** How many containers files take: as many as they fill, however often the vault is opened (SPEC D10). */
import { expect, test } from 'vitest'
import type { CollectionId, Vault } from '#core'
import { Folders } from '../../client/core/blobs/folders.ts'
import { DAY, folder, reopen, savedStore, secondDevice, world, type Member, type World } from './world.ts'

const perFolder = ({ server }: World, url: string): Map<string, number> => {
  const parts = [...server.files.keys()].filter(one => one.startsWith(url)).map(one => one.slice(url.length))
  const folders = parts.filter(part => part.includes('/')).map(part => part.split('/')[0]!)
  return new Map([...Map.groupBy(folders, one => one)].map(([name, all]) => [name, all.length]))
}

async function addFile(vault: Vault, collection: CollectionId, name: string): Promise<void> {
  const content = await vault.blobs.put(new Blob([name]), { collection, name, mediaType: 'text/plain' })
  await vault.records.put('File', { content: { ...content } }, { collection })
}

async function started(): Promise<{ around: World; alice: Member; id: CollectionId; url: string }> {
  const around = world()
  const alice = await around.member('alice')
  const id = await folder(alice.vault)
  await alice.vault.settle()
  return { around, alice, id, url: (await alice.vault.collections.find(id))!.url }
}

test('a file a day, each in an opening of its own, makes one container in thirty days; and no more requests than before', async () => {
  const { around, alice, id, url } = await started()
  for (let day = 0; day < 30; day++) {
    await addFile(await reopen(alice), id, `day ${day}`)
    around.pass(DAY)
  }
  expect([...perFolder(around, url).values()]).toEqual([30])
  expect((await (await reopen(alice)).verify()).problems).toEqual([])
})

test('each collection fills its own, and each device', async () => {
  const { around, alice, id, url } = await started()
  const other = await folder(alice.vault, 'Photos')
  const laptop = await secondDevice(alice)
  for (let n = 0; n < 5; n++) {
    await addFile(await reopen(alice), id, `a ${n}`)
    await addFile(await reopen(alice), other, `b ${n}`)
    await addFile(await reopen(laptop), id, `c ${n}`)
  }
  expect([...perFolder(around, url).values()]).toEqual([5, 5])
  expect([...perFolder(around, (await alice.vault.collections.find(other))!.url).values()]).toEqual([5])
})

test('of a thousand openings and of one, none holds more than 256, and few places are left empty', async () => {
  for (const each of [1, 3, 1000]) {
    const store = savedStore()
    const filled = new Map<string, number>()
    for (let stored = 0; stored < 1000;) {
      const folders = new Folders(store)
      const names = Array.from({ length: Math.min(each, 1000 - stored) }, (_, n) => `${stored + n}`)
      const taken = await Promise.all(names.map(name => folders.next('https://a.example/c/', name)))
      for (const one of taken) filled.set(one, (filled.get(one) ?? 0) + 1)
      stored += names.length
    }
    expect(Math.max(...filled.values())).toBeLessThanOrEqual(256)
    expect(filled.size).toBeLessThanOrEqual(each === 3 ? 4 + 2 : 4)
  }
})

test('a full folder or a lost note is followed by a new one', async () => {
  const store = savedStore()
  const at = 'https://a.example/c/'
  const first = await new Folders(store).next(at, 'a')
  expect(await new Folders(store).next(at, 'b')).toBe(first)
  await store.set(`folder ${at}`, new Uint8Array([1]))
  expect(await new Folders(store).next(at, 'c')).not.toBe(first)
})

test('only what this opening stored within a day is known to be there', async () => {
  let now = 0
  const folders = new Folders(savedStore(), () => now)
  await folders.next('https://a.example/c/', 'mine')
  expect([folders.isRecent('mine'), folders.isRecent('other')]).toEqual([true, false])
  now += DAY
  expect(folders.isRecent('mine')).toBe(false)
})
