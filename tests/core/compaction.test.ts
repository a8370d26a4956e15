/** What years of small writes leave on the server, and what is left of what was erased or taken back (protocol §4, §6). */
import { describe, expect, test } from 'vitest'
import { fromBase64Url, toHex } from '#crypto'
import type { CollectionId, RecordId, Vault } from '#core'
import { collectionUrl } from '../../client/core/paths.ts'
import { faultyPod } from './faulty-pod.ts'
import { folder, grantTo, reopen, world, type Member, type World } from './world.ts'

const NOTE = 'rappel à dix ans '.repeat(20)
/** Names of the immutable objects in a collection's container. */
const objectsIn = ({ server }: World, { around }: Member, id: CollectionId): string[] => {
  const container = collectionUrl(around.pod.storage, fromBase64Url(id))
  return [...server.files.keys()].filter(url => url.startsWith(container) && /\/[\w-]{22}\.alv$/.test(url))
}
const sizeOf = ({ server }: World, urls: readonly string[]): number =>
  urls.reduce((sum, url) => sum + server.files.get(url)!.body.length, 0)

describe('a thousand writes, one by one', () => {
  test('leave a few objects, each byte written a few times, and are all there for a device that opens anew', async () => {
    const around = world()
    const alice = await around.member('alice')
    const id = await folder(alice.vault)
    let written = 0
    const pod = new Proxy(alice.around.pod, {
      get(of, name) {
        const value: unknown = Reflect.get(of, name, of)
        if (typeof value !== 'function') return value
        return (url: string, body: Uint8Array, ...more: unknown[]): unknown => {
          if (name === 'put' && !url.endsWith('head.alv')) written += body.length
          return value.call(of, url, body, ...more)
        }
      },
    })
    const vault = await reopen(alice, pod)
    const before = objectsIn(around, alice, id)
    for (let n = 0; n < 1000; n++) await vault.records.put('Immunization', { note: `${n} ${NOTE}` }, { collection: id })
    const left = objectsIn(around, alice, id).filter(url => !before.includes(url))
    expect(left.length).toBeLessThan(16)
    expect(written / sizeOf(around, left)).toBeLessThan(8)
    const again = await reopen(alice)
    const notes = (await Array.fromAsync(again.records.query())).map(({ value }) =>
      Number.parseInt(JSON.stringify(value['note']).slice(1)),
    )
    expect(notes.filter(n => !Number.isNaN(n)).sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, n) => n))
    expect((await again.verify()).problems).toEqual([])
  }, 120_000)

  test('on one record leave about one version', async () => {
    const around = world()
    const alice = await around.member('alice')
    const id = await folder(alice.vault)
    const record = await alice.vault.records.put('Immunization', { note: 'first' }, { collection: id })
    for (let n = 0; n < 300; n++)
      await alice.vault.records.put('Immunization', { note: `${n} ${NOTE.repeat(3)}` }, { collection: id, id: record })
    expect(sizeOf(around, objectsIn(around, alice, id))).toBeLessThan(60_000)
  })
})

test('a list of what was found is made of the index: no segment is read for it', async () => {
  const around = world()
  const alice = await around.member('alice')
  const id = await folder(alice.vault)
  await fill(alice.vault, id, 3000)
  await alice.vault.settle()
  const pod = faultyPod(alice.around.pod)
  const vault = await reopen(alice, pod)
  const rows = await vault.records.list({ text: 'RAPPEL 17', limit: 5 }, 'fr')
  expect(rows).toHaveLength(5)
  expect(rows[0]).toMatchObject({ kind: 'Immunization', label: 'Vaccination', facets: ['health/immunizations/entry'] })
  expect(pod.requests.filter(line => line.startsWith('GET')).map(line => line.replace(/.*\//, ''))).toHaveLength(3)
  expect(await vault.records.get(rows[0]!.id)).toMatchObject({ value: { note: expect.stringContaining('rappel') } })
})

const fill = (vault: Vault, collection: CollectionId, count: number): Promise<RecordId[]> =>
  vault.records.putAll(
    Array.from({ length: count }, (_, n) => ({ kind: 'Immunization', value: { note: `${n} ${NOTE}` } })),
    collection,
  )

describe('what is erased', () => {
  test('is on the server no more, in any version, in the index or as a file; the rest is', async () => {
    const around = world()
    const alice = await around.member('alice')
    const id = await folder(alice.vault)
    const [first, ...others] = await fill(alice.vault, id, 2000)
    const blob = await alice.vault.blobs.put(new Blob(['radio']), {
      collection: id,
      name: 'radio.txt',
      mediaType: 'text/plain',
    })
    const file = await alice.vault.records.put('File', { name: 'radio.txt', content: { ...blob } }, { collection: id })
    await alice.vault.records.put('Immunization', { note: `second ${NOTE}` }, { collection: id, id: first! })
    await fill(alice.vault, id, 200) // both versions lie in segments now
    const before = objectsIn(around, alice, id)
    await alice.vault.records.erase(first!)
    await alice.vault.records.erase(file)
    const [part] = blob.parts!
    expect(before).toContainEqual(expect.stringContaining(part!.name))
    const after = objectsIn(around, alice, id)
    expect(after.filter(url => url.includes(part!.name))).toEqual([])
    expect(after.length).toBeLessThanOrEqual(before.length)
    const collection = await alice.vault.collections.open(id)
    for await (const { sections } of collection.listed())
      for (const { cells } of sections)
        expect(cells.filter(({ record, properties }) => record === first && properties !== null)).toEqual([])
    const listed = new Set(
      (await collection.reader.list(collection.state.manifest!)).map(({ sealId }) => toHex(sealId)),
    )
    expect(listed.size).toBeGreaterThan(1)
    const vault = await reopen(alice)
    expect(await vault.records.get(first!)).toBe(null)
    expect(await vault.records.get(others.at(-1)!)).not.toBe(null)
    expect((await vault.verify()).problems).toEqual([])
  })
})

describe('a grant taken back with rewrapping', () => {
  test('leaves nothing on the server that its keys open, and everything to its owner and the other readers', async () => {
    const around = world()
    const [alice, bob, carol] = [await around.member('alice'), await around.member('bob'), await around.member('carol')]
    const id = await folder(alice.vault)
    await fill(alice.vault, id, 1500)
    const { grant } = await alice.vault.grants.give(grantTo(bob.vault.owner, around.clock))
    await alice.vault.grants.give(grantTo(carol.vault.owner, around.clock))
    await fill(alice.vault, id, 50)
    const before = objectsIn(around, alice, id)
    const collection = await alice.vault.collections.open(id)
    const epochs = new Set(collection.state.owner!.epochs.map(epoch => toHex(epoch.id)))
    around.pass(1000)
    await alice.vault.grants.revoke(grant, { rewrap: true })
    expect(collection.state.owner!.epochs.filter(epoch => epochs.has(toHex(epoch.id)))).toEqual([])
    for (const entry of await collection.reader.list(collection.state.manifest!))
      expect(entry.epochs.filter(epoch => epochs.has(toHex(epoch)))).toEqual([])
    const left = objectsIn(around, alice, id)
    expect(left.filter(url => before.includes(url)).length).toBeLessThanOrEqual(2) // keyrings, which hold no cell
    around.pass(1000)
    const { rows } = await (await reopen(carol)).views.open(alice.vault.owner)
    expect(rows.length).toBeGreaterThanOrEqual(1550)
    expect((await (await reopen(bob)).views.open(alice.vault.owner)).rows).toEqual([])
    const vault = await reopen(alice)
    expect((await vault.verify()).problems).toEqual([])
    expect(await Array.fromAsync(vault.records.query({ kind: 'Immunization' }))).toHaveLength(rows.length)
  })

  test('asked for again does not do it again', async () => {
    const around = world()
    const [alice, bob] = [await around.member('alice'), await around.member('bob')]
    const id = await folder(alice.vault)
    await fill(alice.vault, id, 600)
    const { grant } = await alice.vault.grants.give(grantTo(bob.vault.owner, around.clock))
    around.pass(1000)
    await alice.vault.grants.revoke(grant, { rewrap: true })
    around.pass(1000)
    const before = objectsIn(around, alice, id)
    await alice.vault.grants.revoke(grant, { rewrap: true })
    expect(objectsIn(around, alice, id)).toEqual(before)
  })
})

test('many epochs are put together', async () => {
  const around = world()
  const [alice, bob] = [await around.member('alice'), await around.member('bob')]
  const id = await folder(alice.vault)
  await fill(alice.vault, id, 100)
  for (let n = 0; n < 66; n++) {
    const { grant } = await alice.vault.grants.give(grantTo(bob.vault.owner, around.clock))
    await alice.vault.grants.revoke(grant)
    await alice.vault.records.put('Immunization', { note: `${n} ${NOTE}` }, { collection: id })
  }
  const collection = await alice.vault.collections.open(id)
  expect(collection.state.owner!.epochs.length).toBeGreaterThan(64)
  await alice.vault.tidy()
  expect(collection.state.owner!.epochs.length).toBeLessThan(4)
  const vault = await reopen(alice)
  expect(await Array.fromAsync(vault.records.query({ text: 'rappel' }))).toHaveLength(166)
  expect((await vault.verify()).problems).toEqual([])
}, 120_000)
