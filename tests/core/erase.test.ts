/** What is erased or sealed anew is gone from the server before that resolves, or the next time, whatever the server did in between. */
import { beforeEach, describe, expect, test } from 'vitest'
import type { CollectionId, GrantId, Pod, RecordId, Vault } from '#core'
import { AlveoleError, toHex } from '#crypto'
import { answering } from '../crash/answering.ts'
import { unreachable } from '../crash/disk.ts'
import { faultyPod } from './faulty-pod.ts'
import { folder, grantTo, reopen, secondDevice, world, type Member, type World } from './world.ts'

const NOTE = 'rappel à dix ans '.repeat(20)
let around: World
let alice: Member
let id: CollectionId
let record: RecordId

const some = (vault: Vault, count: number): Promise<RecordId[]> =>
  vault.records.putAll(
    Array.from({ length: count }, (_, n) => ({ kind: 'Immunization', value: { note: `${n} ${NOTE}` } })),
    id,
  )
const failing = (member: Member): Pod =>
  answering(member.around.pod, {
    delete: async () => Promise.reject(new AlveoleError('server', 'HTTP 503', { detail: { status: 503 } })),
  })
/** What goes of what stands now, where all goes well; the world is then as it was. */
async function goneBy(work: (vault: Vault) => Promise<unknown>): Promise<Set<string>> {
  const back = around.save(alice.around.store)
  const before = new Set(around.server.files.keys())
  await work(await reopen(alice))
  const gone = [...before].filter(url => !around.server.files.has(url))
  back()
  return new Set(gone)
}
const erasing = (vault: Vault): Promise<void> => vault.records.erase(record)
const left = (doomed: ReadonlySet<string>): string[] => [...doomed].filter(url => around.server.files.has(url))

/** Two versions in two segments, each with a file. */
beforeEach(async () => {
  around = world()
  alice = await around.member('alice')
  const { vault } = alice
  id = await folder(vault)
  for (const [version, count] of [1200, 100].entries()) {
    const file = { collection: id, name: `${version}.txt`, mediaType: 'text/plain' }
    const content = await vault.blobs.put(new Blob([`version ${version}`]), file)
    const at = { collection: id, ...(record && version ? { id: record } : {}) }
    record = await vault.records.put('File', { content: { ...content } }, at)
    await some(vault, count)
  }
  await vault.settle()
})

describe('while the server refuses to delete', () => {
  test('erasing fails with its code, and the record is deleted', async () => {
    const vault = await reopen(alice, failing(alice))
    await expect(vault.records.erase(record)).rejects.toMatchObject({ code: 'server' })
    expect(await vault.records.get(record)).toBe(null)
    await expect(vault.records.erase(record)).rejects.toMatchObject({ code: 'server' })
  })

  test('what was left behind goes when it is erased once more', async () => {
    const doomed = await goneBy(erasing)
    expect(doomed.size).toBeGreaterThan(4) // two segments, two parts, an index run
    let isDown = true
    const pod = answering(alice.around.pod, {
      list: async () => [], // only what is noted
      delete: async url => (isDown ? failing(alice) : alice.around.pod).delete(url),
    })
    const vault = await reopen(alice, pod)
    await expect(vault.records.erase(record)).rejects.toMatchObject({ code: 'server' })
    expect(left(doomed)).toEqual([...doomed])
    isDown = false
    await vault.records.erase(record)
    expect(left(doomed)).toEqual([])
    expect((await vault.verify()).problems).toEqual([])
  })

  test('or when the vault is opened again, and is asked for once', async () => {
    const doomed = await goneBy(erasing)
    await expect((await reopen(alice, failing(alice))).records.erase(record)).rejects.toThrow(AlveoleError)
    await reopen(alice, failing(alice)) // which nothing keeps from opening
    expect(left(doomed)).toEqual([...doomed])
    await reopen(alice)
    expect(left(doomed)).toEqual([])
    const pod = faultyPod(alice.around.pod)
    await reopen(alice, pod)
    expect(pod.requests).toHaveLength(1)
  })

  test('or when the opened vault tidies', async () => {
    const doomed = await goneBy(erasing)
    let isDown = true
    const pod = answering(alice.around.pod, {
      delete: async url => (isDown ? failing(alice) : alice.around.pod).delete(url),
    })
    const vault = await reopen(alice, pod)
    await expect(vault.records.erase(record)).rejects.toThrow(AlveoleError)
    isDown = false
    await vault.tidy()
    expect(left(doomed)).toEqual([])
  })

  test('so do segments that an earlier write replaced and could not delete, by whichever device', async () => {
    const laptop = await secondDevice(alice)
    const bad = await reopen(laptop, failing(laptop))
    for (let n = 0; n < 3; n++) await some(bad, 60) // small segments, put together
    const unnamed = new Set(await unreachable(around, [alice]))
    expect(unnamed.size).toBeGreaterThan(0)
    await (await reopen(alice)).records.erase(record)
    expect(left(unnamed)).toEqual([])
  })

  test('sealing anew what a grant opened fails with its code, and goes on when asked for again', async () => {
    const { grant } = await alice.vault.grants.give(grantTo((await around.member('bob')).vault.owner, around.clock))
    await alice.vault.settle()
    around.pass(1000)
    const doomed = await goneBy(vault => vault.grants.revoke(grant, { rewrap: true }))
    expect(doomed.size).toBeGreaterThan(2)
    let isDown = true
    const pod = answering(alice.around.pod, {
      delete: async url => (isDown ? failing(alice) : alice.around.pod).delete(url),
    })
    const vault = await reopen(alice, pod)
    await expect(vault.grants.revoke(grant, { rewrap: true })).rejects.toMatchObject({ code: 'server' })
    expect(left(doomed)).toEqual([...doomed])
    isDown = false
    await vault.grants.revoke(grant, { rewrap: true })
    expect(left(doomed)).toEqual([])
  })
})

test('what another device stores meanwhile for its own commit stays, and so does that commit', async () => {
  const laptop = await secondDevice(alice)
  let erased: Promise<void> | null = null
  const pod = answering(laptop.around.pod, {
    put: async (url, body, condition) => {
      const reply = await laptop.around.pod.put(url, body, condition)
      // its first segment is stored, its head is not: now the phone erases
      if (!url.endsWith('head.alv')) await (erased ??= reopen(alice).then(vault => vault.records.erase(record)))
      return reply
    },
  })
  const other = await reopen(laptop, pod)
  const [added] = await some(other, 200)
  expect(erased).not.toBe(null)
  const vault = await reopen(alice)
  expect(await vault.records.get(added!)).not.toBe(null)
  expect(await vault.records.get(record)).toBe(null)
  expect((await vault.verify()).problems).toEqual([])
})

describe('sealing anew', () => {
  const given = async (): Promise<GrantId> => {
    const bob = await around.member('bob')
    const { grant } = await alice.vault.grants.give(grantTo(bob.vault.owner, around.clock))
    around.pass(1000)
    return grant
  }

  test('tells how far it is', async () => {
    const grant = await given()
    const told: [number, number, string][] = []
    await alice.vault.grants.revoke(grant, { rewrap: true, onProgress: (...how) => told.push(how) })
    const shares = told.map(([done]) => done)
    expect(shares.length).toBeGreaterThan(2)
    expect(shares).toEqual(shares.toSorted((a, b) => a - b))
    expect(shares.at(-1)).toBe(1)
    expect(told.every(([, total, of]) => total === 1 && of === 'records')).toBe(true)
  })

  test('is called off before its commit, and done when asked for again', async () => {
    const grant = await given()
    const stop = new AbortController()
    const collection = await alice.vault.collections.open(id)
    const epochs = new Set(collection.state.owner!.epochs.map(epoch => toHex(epoch.id)))
    const still = (): number => collection.state.owner!.epochs.filter(epoch => epochs.has(toHex(epoch.id))).length
    const called = alice.vault.grants.revoke(grant, {
      rewrap: true,
      signal: stop.signal,
      onProgress: () => stop.abort(),
    })
    await expect(called).rejects.toMatchObject({ code: 'cancelled' })
    expect(still()).toBe(epochs.size)
    await alice.vault.grants.revoke(grant, { rewrap: true })
    expect(still()).toBe(0)
    const ofFiles = /\/c\/[\w-]+\/[\w-]+\// // of a version that nobody reads any more
    expect((await unreachable(around, [alice])).filter(url => !ofFiles.test(url))).toEqual([])
    expect((await (await reopen(alice)).verify()).problems).toEqual([])
  })
})
