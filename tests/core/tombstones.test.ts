/** [G9] [D5] Half a year after a deletion nothing of the record is left, and nothing that comes late brings it back. */
import { beforeEach, describe, expect, test } from 'vitest'
import type { CollectionId, RecordId, Vault } from '#core'
import { deviceOf, type Device } from './line.ts'
import { DAY, folder, grantTo, reopen, secondDevice, world, type Member, type World } from './world.ts'

const COUNT = 70
const id = (n: number): RecordId => n.toString(16).padStart(32, '0') as RecordId
const many = (value: object, from = 0) =>
  Array.from({ length: COUNT }, (_, n) => ({ kind: 'Immunization', id: id(from + n), value: value as never }))

let around: World
let alice: Member
let vault: Vault
let collection: CollectionId

/** Seventy records, each with an older version in a segment of its own, and others that stay. */
beforeEach(async () => {
  around = world()
  alice = await around.member('alice')
  vault = alice.vault
  collection = await folder(vault)
  await vault.records.putAll(many({ note: 'first '.repeat(100) }), collection)
  await vault.records.putAll(many({ note: 'stays '.repeat(400) }, 1000), collection)
  await vault.records.putAll(many({ note: 'second '.repeat(200) }), collection)
})

const deleteAll = async (of = vault): Promise<void> => {
  for (let n = 0; n < COUNT; n++) await of.records.remove(id(n))
}
const later = async (days: number, of = alice): Promise<Vault> => {
  around.pass(days * DAY)
  const opened = await reopen(of)
  await opened.tidy()
  await opened.settle()
  return opened
}
/** Ids with any cell at all in what the newest head lists. */
async function listed(): Promise<Set<string>> {
  const own = await (await reopen(alice)).collections.open(collection)
  const records = new Set<string>()
  for await (const { sections } of own.listed())
    for (const { cells } of sections) for (const { record } of cells) records.add(record)
  return records
}
const theirs = async (): Promise<number> => [...(await listed())].filter(record => record < id(1000)).length

describe('tombstones', () => {
  test('stand for 180 days, then nothing of their records is left, and the others are', async () => {
    await deleteAll()
    await vault.settle()
    await later(179)
    expect(await theirs()).toBe(COUNT)
    const opened = await later(2)
    expect(await theirs()).toBe(0)
    expect(await Array.fromAsync(opened.records.query())).toHaveLength(COUNT)
    expect((await opened.verify()).problems).toEqual([])
    const other = (await secondDevice(alice)).vault
    expect(await other.records.get(id(3))).toBe(null)
    expect(await other.records.list()).toHaveLength(COUNT)
  })

  test('that are few wait for others', async () => {
    for (let n = 0; n < 10; n++) await vault.records.remove(id(n))
    await vault.settle()
    await later(200)
    expect((await listed()).has(id(0))).toBe(true)
    expect(await (await reopen(alice)).records.get(id(0))).toBe(null)
  })

  test('of versions that a grant opens without them stay, and the reader keeps what it was given', async () => {
    const bob = await around.member('bob')
    const terms = { ...grantTo(bob.vault.owner, around.clock), collections: [collection], epochs: 'existing' as const }
    await vault.grants.give({ ...terms, until: new Date(around.clock() + 400 * DAY) })
    await deleteAll()
    await vault.settle()
    await later(181)
    expect(await theirs()).toBe(COUNT)
    expect((await bob.vault.views.open(vault.owner)).rows).toHaveLength(2 * COUNT)
    await later(220) // the grant is over
    await later(1)
    expect(await theirs()).toBe(0)
  })

  test('a reader who may see the deletion sees it before and after', async () => {
    const bob = await around.member('bob')
    await vault.grants.give({
      ...grantTo(bob.vault.owner, around.clock),
      collections: [collection],
      until: new Date(around.clock() + 400 * DAY),
    })
    await deleteAll()
    await vault.settle()
    expect((await bob.vault.views.open(vault.owner)).rows).toHaveLength(COUNT)
    await later(181)
    expect(await theirs()).toBe(0)
    for (const reader of [bob.vault, await reopen(bob)])
      expect((await reader.views.open(vault.owner)).rows).toHaveLength(COUNT)
  })

  test('go by no commit that another device’s new version was first to', async () => {
    await deleteAll()
    await vault.settle()
    around.pass(181 * DAY)
    const [one, two] = [await reopen(alice), (await secondDevice(alice)).vault]
    await Promise.all([
      one.tidy(),
      two.records.put('Immunization', { note: 'meanwhile' }, { collection, id: id(5000) }),
    ])
    expect(await theirs()).toBe(0)
    expect((await (await reopen(alice)).records.get(id(5000)))?.value).toEqual({ note: 'meanwhile' })
  })
})

describe('a device that comes back after them', () => {
  let away: Device
  let awake: Vault

  beforeEach(async () => {
    const second = await secondDevice(alice)
    away = deviceOf(second)
    awake = await away.open()
    await Array.fromAsync(awake.records.query())
  })

  /** What it does without a network; then the others delete, half a year goes by, and it is back. */
  async function back(offline: () => Promise<unknown>, deletion: () => Promise<unknown> = deleteAll): Promise<Vault> {
    away.pod.cut = true
    await offline()
    around.pass(60_000)
    await deletion()
    await vault.settle()
    await later(181)
    away.pod.cut = false
    const again = await away.open()
    await again.sync()
    expect(again.outbox.list()).toEqual([])
    return again
  }
  const edit = (of: Vault, record: RecordId) =>
    of.records.put('Immunization', { note: 'edited far away' }, { collection, id: record })
  const edited = async (of: Vault): Promise<RecordId[]> =>
    (await of.records.list({ text: 'edited far away' })).map(one => one.id)

  test('its edit of a deleted record is a copy, once, and the record stays gone', async () => {
    const again = await back(() => edit(awake, id(1)))
    expect(await again.records.get(id(1))).toBe(null)
    const copies = await edited(again)
    expect(copies).toHaveLength(1)
    expect(copies).not.toContain(id(1))
    expect(await edited(await reopen(alice))).toEqual(copies)
  })

  test('its deletion of a deleted record is no more than the word of it, for another half a year', async () => {
    const again = await back(() => awake.records.remove(id(1)))
    expect(await theirs()).toBe(1)
    expect(await again.records.get(id(1))).toBe(null)
  })

  test('its edit of a record that is still there stands', async () => {
    const again = await back(() => edit(awake, id(1000)))
    expect(await edited(again)).toEqual([id(1000)])
  })

  test('a new record that it had sent before it died, and that somebody deleted, comes as another', async () => {
    await deleteAll()
    await vault.settle()
    away.pod.cut = true
    const fresh = id(9000)
    await edit(awake, fresh)
    const queue = new Map(away.store.values)
    away.pod.cut = false
    await awake.sync()
    for (const [key, value] of queue) if (key.startsWith('outbox')) away.store.values.set(key, value) // it died before it forgot
    await (await reopen(alice)).records.remove(fresh)
    await later(181)
    expect((await listed()).has(fresh)).toBe(false)
    const again = await away.open()
    await again.sync()
    expect(again.outbox.list()).toEqual([])
    expect(await again.records.get(fresh)).toBe(null)
    expect(await edited(again)).toHaveLength(1)
  })
})
