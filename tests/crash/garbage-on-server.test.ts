/** The same on the real server: parts, segments and keyrings that nothing names go, and so do the folders that they leave empty. */
import { expect, inject, test } from 'vitest'
import { createVault, memoryStore, openVault, solidPod, type BlobRef, type Pod } from '#core'
import { AlveoleError, FLOOR } from '#crypto'
import { newAccount } from '../accounts.ts'
import { DAY, grantTo } from '../core/world.ts'

const password = 'alice password'

async function all(pod: Pod, container: string): Promise<string[]> {
  const inside = (await pod.list(container)) ?? []
  const below = inside.filter(url => url.endsWith('/')).map(url => all(pod, url))
  return [...inside, ...(await Promise.all(below)).flat()]
}

test('a week after', async () => {
  let now = Date.now()
  const clock = () => now
  const [pod, friend] = await Promise.all(
    ['alice', 'bob'].map(async name => solidPod(await newAccount(inject('pod'), name))),
  )
  const around = { pod: pod!, store: memoryStore(), clock }
  const { vault } = await createVault(around, { password, passwordCost: FLOOR })
  await createVault({ pod: friend!, store: memoryStore(), clock }, { password, passwordCost: FLOOR })
  const { id, url } = await vault.collections.create('Health')
  const file = { collection: id, name: 'a.txt', mediaType: 'text/plain' }
  const kept = await vault.blobs.put(new Blob(['kept']), file)
  await vault.records.put('File', { content: kept as never }, { collection: id })
  for (let i = 0; i < 2; i++) await vault.grants.give({ ...grantTo(friend!.webId, clock), collections: [id] })
  await vault.settle()
  await around.store.set(`folder ${url}`, null) // as another device would, it begins one of its own
  const second = await openVault(around, { password })
  await second.blobs.put(new Blob(['of a record that never came']), file)
  const before = await all(pod!, url)

  for (const days of [0, 7]) {
    now += days * DAY
    await (await openVault(around, { password })).collections.tidy()
  }
  const after = await all(pod!, url)
  expect(before.filter(one => !after.includes(one))).toHaveLength(3) // a keyring, a part, its folder
  expect(after.filter(one => !before.includes(one))).toEqual([])
  const later = await openVault(around, { password })
  expect((await later.verify()).problems).toEqual([])
  const [record] = await Array.fromAsync(later.records.query())
  const stream = await later.blobs.open(record!.value['content'] as unknown as BlobRef, id)
  expect(await new Response(stream).text()).toBe('kept')
})

test('a folder with something in it is not deleted', async () => {
  const pod = await solidPod(await newAccount(inject('pod'), 'alice'))
  const folder = `${pod.storage}alveole/c/x/y/`
  await pod.put(`${folder}a.alv`, new Uint8Array(1))
  await expect(pod.delete(folder)).rejects.toBeInstanceOf(AlveoleError)
  await expect(pod.delete(folder)).rejects.toMatchObject({ code: 'conflict' })
  await pod.delete(`${folder}a.alv`)
  await pod.delete(folder)
  expect(await pod.list(folder)).toBe(null)
})
