/** Several devices of one person: whatever they do at once, both end up with the same, and nothing is lost. */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { CollectionId, Pod, RecordId, Vault } from '#core'
import { AlveoleError } from '#crypto'
import {
  folder,
  grantTo,
  notes,
  openSeal,
  reopen,
  secondDevice,
  world,
  type Member,
  type World,
} from '../core/world.ts'
import { answering } from './answering.ts'

let around: World
let phone: Member
let laptop: Member
let bob: Member
let back: () => void

beforeAll(async () => {
  around = world()
  phone = await around.member('alice')
  bob = await around.member('bob')
  await folder(phone.vault)
  await phone.vault.settle()
  laptop = await secondDevice(phone)
  back = around.save(phone.around.store, laptop.around.store, bob.around.store)
})

let one: Vault
let two: Vault
let health: CollectionId
beforeEach(async () => {
  back()
  ;[one, two] = [await reopen(phone), await reopen(laptop)]
  health = await folder(one)
})

const put = (vault: Vault, note: string, id?: RecordId) =>
  vault.records.put('Immunization', { note }, { collection: health, ...(id && { id }) })
const bothSee = async (expected: string[]): Promise<void> => {
  around.pass(60_000)
  for (const vault of [one, two, await reopen(phone), await reopen(laptop)])
    expect(await notes(vault)).toEqual(expected.sort())
  for (const vault of [one, two]) expect((await vault.verify()).problems).toEqual([])
}

describe('two devices', () => {
  test('that write in turn see each other’s records', async () => {
    await put(one, 'a')
    around.pass(60_000)
    await put(two, 'b')
    around.pass(60_000)
    await put(one, 'c')
    await bothSee(['a', 'b', 'c'])
  })

  test('that write at once lose nothing', async () => {
    const labels = Array.from({ length: 20 }, (_, i) => `note ${i}`)
    await Promise.all(labels.map((label, i) => put(i % 2 ? one : two, label)))
    await bothSee(labels)
  })

  test('that write much at once lose nothing', async () => {
    const many = (who: string) =>
      Array.from({ length: 300 }, (_, i) => ({
        kind: 'Immunization',
        value: { note: `${who} ${i}`, place: 'x'.repeat(900) },
      }))
    await Promise.all([one.records.putAll(many('one'), health), two.records.putAll(many('two'), health)])
    const expected = ['one', 'two'].flatMap(who => Array.from({ length: 300 }, (_, i) => `${who} ${i}`))
    await bothSee(expected)
  })

  test('that change one record at once agree on one of the two', async () => {
    const id = await put(one, 'first')
    around.pass(60_000)
    expect(await notes(two)).toEqual(['first'])
    await Promise.all([put(one, 'by one', id), put(two, 'by two', id)])
    around.pass(60_000)
    const seen = await Promise.all([one, two].map(notes))
    expect(seen[0]).toEqual(seen[1])
    expect(['by one', 'by two']).toContain(seen[0]![0])
  })

  test('that change different facets of one record at once keep both changes', async () => {
    const id = await one.records.put('Medication', { form: 'tablet' }, { collection: health })
    around.pass(60_000)
    await two.records.get(id)
    await Promise.all([
      one.records.put('Medication', { form: 'tablet', dosage: ['1 g'] }, { collection: health, id }),
      two.records.put('Medication', { form: 'tablet', note: 'in the evening' }, { collection: health, id }),
    ])
    around.pass(60_000)
    for (const vault of [one, two])
      expect((await vault.records.get(id))?.value).toEqual({ form: 'tablet', dosage: ['1 g'], note: 'in the evening' })
  })

  test('of which one deletes what the other changes: it is deleted', async () => {
    const id = await put(one, 'first')
    around.pass(60_000)
    await two.records.get(id)
    await Promise.all([one.records.remove(id), put(two, 'changed', id)])
    await bothSee([])
  })

  test('make folders and grants at once, and keep all of them', async () => {
    await put(one, 'a')
    around.pass(60_000)
    await Promise.all([
      one.collections.create('Photos'),
      two.collections.create('Family'),
      one.grants.give(grantTo(bob.vault.owner, around.clock)),
      two.grants.give(grantTo(bob.vault.owner, around.clock)),
    ])
    for (const member of [phone, laptop]) {
      const vault = await reopen(member)
      expect((await vault.collections.list()).map(({ name }) => name).sort()).toEqual(['Family', 'Health', 'Photos'])
      expect(await vault.grants.list()).toHaveLength(2)
      expect((await vault.doctor()).problems).toEqual([])
    }
    expect((await bob.vault.views.open(one.owner)).rows.map(({ value }) => value['note'])).toEqual(['a'])
  })

  test('that make a folder of one name at once make one, and the other is told', async () => {
    const ends = await Promise.allSettled([one.collections.create('Photos'), two.collections.create('photos')])
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    for (const end of ends) if (end.status === 'rejected') expect(end.reason).toMatchObject({ code: 'taken' })
    expect((await (await reopen(phone)).collections.list()).map(({ name }) => name).sort()).toHaveLength(2)
  })

  test('of which one takes a grant back while the other writes: what follows is not for the grantee', async () => {
    await put(one, 'a')
    const { grant } = await one.grants.give(grantTo(bob.vault.owner, around.clock))
    around.pass(60_000)
    expect(await two.grants.list()).toHaveLength(0) // it has not looked since
    await put(two, 'b')
    expect(await two.grants.list()).toHaveLength(1)
    await one.grants.revoke(grant)
    around.pass(6 * 60_000)
    await put(two, 'c')
    expect((await bob.vault.views.open(one.owner)).rows).toEqual([])
    around.pass(60_000)
    expect(await notes(one)).toEqual(['a', 'b', 'c'])
  })

  test('of which one takes back what the other is still giving: the server lets nobody in', async () => {
    await put(one, 'a')
    const { grant } = await one.grants.give(grantTo(bob.vault.owner, around.clock))
    await one.grants.revoke(grant) // so that the rules say already what they will say in the end
    await one.settle()
    let turns = 0
    const overtaken: Pod['put'] = async (url, ...rest) => {
      if (url.endsWith('.acl') && !turns++) {
        await two.collections.create('Photos') // which shows it what the first one gives
        const giving = (await two.grants.list()).at(-1)!
        expect(giving.state).toBe('giving')
        await two.grants.revoke(giving.grant)
        await two.settle()
      }
      return phone.around.pod.put(url, ...rest)
    }
    const vault = await reopen(phone, answering(phone.around.pod, { put: overtaken }))
    const { state } = await vault.grants.give({ ...grantTo(bob.vault.owner, around.clock), collections: [health] })
    expect(turns).toBeGreaterThan(0)
    expect(state).toBe('ended')
    const { url } = (await vault.collections.find(health))!
    await expect(bob.around.pod.get(`${url}head.alv`)).rejects.toMatchObject({ code: 'not-granted' })
    for (const device of [phone, laptop]) expect((await (await reopen(device)).doctor()).problems).toEqual([])
  })

  test('that each found a circle at once have both', async () => {
    await Promise.all([one.groups.found('Les Abeilles'), two.groups.found('Les Guêpes')])
    const later = await reopen(phone)
    expect((await later.groups.list()).map(({ name }) => name).sort()).toEqual(['Les Abeilles', 'Les Guêpes'])
  })
})

test('a third device, let in meanwhile, is known to the others', async () => {
  await put(one, 'a')
  const tablet = await secondDevice(phone)
  await tablet.vault.records.put('Immunization', { note: 'from the tablet' }, { collection: health })
  await tablet.vault.settle()
  around.pass(60_000)
  expect(await notes(one)).toEqual(['a', 'from the tablet'])
  await put(two, 'b')
  await bothSee(['a', 'b', 'from the tablet'])
  await tablet.vault.keepUnlocked(openSeal)
  expect(await notes(await reopen(tablet))).toEqual(['a', 'b', 'from the tablet'])
})

describe('on a server that answers a PUT without an ETag', () => {
  const mute = (pod: Pod, meanwhile: () => Promise<unknown> = async () => undefined): Pod =>
    new Proxy(pod, {
      get(target, property) {
        const value: unknown = Reflect.get(target, property, target)
        if (typeof value !== 'function') return value
        if (property !== 'put') return value.bind(target)
        return async (...args: Parameters<Pod['put']>) => {
          await target.put(...args)
          if (args[0].endsWith('head.alv')) await meanwhile()
          return { etag: null }
        }
      },
    })

  test('all works the same', async () => {
    const vault = await reopen(phone, mute(phone.around.pod))
    for (const note of ['a', 'b', 'c']) await put(vault, note)
    await bothSee(['a', 'b', 'c'])
  })

  test('a write on top of ours, before we could look, loses neither', async () => {
    let turns = 0
    const vault = await reopen(
      phone,
      mute(phone.around.pod, async () => {
        if (turns++) return
        around.pass(60_000)
        await put(two, 'on top')
      }),
    )
    const large = Array.from({ length: 50 }, (_, i) => ({
      kind: 'Immunization',
      value: { note: `${i}`, place: 'x'.repeat(900) },
    }))
    await vault.records.putAll(large, health)
    await put(vault, 'after')
    await bothSee(['after', 'on top', ...large.map(({ value }) => value.note)])
  })
})

test('a 412 to a write that was done, with another device’s on top by then, loses neither and doubles nothing', async () => {
  let turns = 0
  const twice = new Proxy(phone.around.pod, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property, target)
      if (typeof value !== 'function') return value
      if (property !== 'put') return value.bind(target)
      return async (...args: Parameters<Pod['put']>) => {
        const done = await target.put(...args)
        if (!args[0].endsWith('head.alv') || turns++) return done
        around.pass(60_000)
        await put(two, 'on top')
        throw new AlveoleError('conflict', 'HTTP 412')
      }
    },
  })
  const vault = await reopen(phone, twice)
  const large = Array.from({ length: 50 }, (_, i) => ({
    kind: 'Immunization',
    value: { note: `${i}`, place: 'x'.repeat(900) },
  }))
  await vault.records.putAll(large, health)
  expect(turns).toBe(1)
  await bothSee(['on top', ...large.map(({ value }) => value.note)])
})
