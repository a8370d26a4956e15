/** [G6] Two devices that write one record in one millisecond: which of the two stands is the same on both, whatever else comes. */
import { beforeEach, describe, expect, test } from 'vitest'
import type { CollectionId, RecordId, Vault } from '#core'
import { deviceOf } from './line.ts'
import { folder, notes, reopen, secondDevice, world, type Member, type World } from './world.ts'

let around: World
let alice: Member
let laptop: Member
let collection: CollectionId
let id: RecordId

beforeEach(async () => {
  around = world()
  alice = await around.member('alice')
  collection = await folder(alice.vault)
  id = await put(alice.vault, 'first')
  await alice.vault.settle()
  laptop = await secondDevice(alice)
  around.pass(1000)
})

const put = (vault: Vault, note: string): Promise<RecordId> =>
  vault.records.put('Immunization', { note }, { collection, ...(id && { id }) })

/** With so many large ones, so that a segment comes of it; the first has the stamp of this millisecond. */
const putMany = (vault: Vault, note: string, count: number): Promise<RecordId[]> =>
  vault.records.putAll(
    [
      { kind: 'Immunization', value: { note }, id },
      ...Array.from({ length: count }, () => ({ kind: 'Immunization', value: { place: 'x'.repeat(1000) } })),
    ],
    collection,
  )
const shown = async (vault: Vault): Promise<unknown> => (await vault.records.get(id))!.value['note']

describe.each(['a', 'z'])('the second writes “%s”, the first “m”', second => {
  const stands = second > 'm' ? second : 'm'

  test('in tails', async () => {
    const [one, other] = [await reopen(alice), await reopen(laptop)]
    for (const vault of [one, other]) await vault.records.list()
    await put(one, 'm')
    await put(other, second)
    expect(await shown(other)).toBe(stands)
    expect(await notes(await reopen(alice))).toEqual([stands])
  })

  test('in segments of which none is put together with the other', async () => {
    const [one, other] = [await reopen(alice), await reopen(laptop)]
    for (const vault of [one, other]) await vault.records.list()
    await putMany(one, 'm', 400)
    await putMany(other, second, 30)
    expect(await shown(other)).toBe(stands)
    expect(await shown(await reopen(alice))).toBe(stands)
  })

  test('and one writes again: that stands', async () => {
    const [one, other] = [await reopen(alice), await reopen(laptop)]
    for (const vault of [one, other]) await vault.records.list()
    await putMany(one, 'm', 400)
    await putMany(other, second, 30)
    await put(other, 'later')
    expect(await shown(other)).toBe('later')
    expect(await shown(await reopen(alice))).toBe('later')
  })

  test('from a queue: it is sent, and done', async () => {
    const device = deviceOf(laptop)
    const other = await device.open()
    await other.records.list()
    device.pod.cut = true
    await put(other, second)
    await put(await reopen(alice), 'm')
    device.pod.cut = false
    await other.sync()
    expect(other.outbox.list()).toEqual([])
    expect(await shown(other)).toBe(stands)
    expect(await notes(await reopen(alice))).toEqual([stands])
  })
})
