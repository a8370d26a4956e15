/** `vault.repair()`, which `alveole doctor` calls: what it finds it puts right and tells, and nothing that anybody names is touched. */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { CollectionId, Pod, RecordId, Vault } from '#core'
import { AlveoleError } from '#crypto'
import { readAcl, writeAcl } from '../../client/core/acl.ts'
import { headUrl } from '../../client/core/paths.ts'
import { DAY, folder, grantTo, notes, reopen, secondDevice, world, type Member, type World } from '../core/world.ts'
import { answering } from './answering.ts'
import { unreachable } from './disk.ts'

let around: World
let phone: Member
let laptop: Member
let bob: Member
let health: CollectionId
let place: string
let back: () => void

/** More than a head takes: a segment and its index run come of it. */
const large = (who: string) =>
  Array.from({ length: 40 }, (_, i) => ({
    kind: 'Immunization',
    value: { note: `${who} ${i}`, place: 'x'.repeat(900) },
  }))
const notesOf = (who: string): string[] => large(who).map(({ value }) => value.note)
const file = { name: 'a.txt', mediaType: 'text/plain' }

beforeAll(async () => {
  around = world()
  ;[phone, bob] = [await around.member('alice'), await around.member('bob')]
  health = await folder(phone.vault)
  place = (await phone.vault.collections.find(health))!.url
  await phone.vault.records.putAll(large('first'), health)
  await phone.vault.settle()
  laptop = await secondDevice(phone)
  back = around.save(phone.around.store, laptop.around.store, bob.around.store)
})
beforeEach(() => back())

/** Of each kind something that nothing names: segments and runs of a lost write, replaced keyrings, a file without a record. */
async function leaveSomething(): Promise<number> {
  const vault = await reopen(phone)
  for (let i = 0; i < 2; i++) await vault.grants.give(grantTo(bob.vault.owner, around.clock))
  await vault.blobs.put(new Blob(['of a record that never came']), { collection: health, ...file })
  await vault.settle()
  const put: Pod['put'] = async (url, ...rest) => {
    if (url === headUrl(place)) throw new AlveoleError('offline')
    return phone.around.pod.put(url, ...rest)
  }
  const cut = await reopen(phone, answering(phone.around.pod, { put }))
  await expect(cut.records.putAll(large('lost'), health)).rejects.toMatchObject({ code: 'offline' })
  return (await unreachable(around, [phone])).length
}

const repairAfter = async (days: number, member = phone): ReturnType<Vault['repair']> => {
  around.pass(days * DAY)
  return (await reopen(member)).repair()
}

test('of a sound vault finds nothing', async () => {
  expect(await repairAfter(0)).toMatchObject({ problems: [], repaired: [], garbage: [] })
})

test('tells what waits, removes it a week after, and then tells of nothing', async () => {
  const count = await leaveSomething()
  expect(count).toBeGreaterThan(3)
  expect((await repairAfter(0)).garbage).toEqual([{ collection: 'Health', waiting: count, removed: 0 }])
  expect((await repairAfter(1)).garbage).toEqual([{ collection: 'Health', waiting: count, removed: 0 }])
  const { garbage, problems } = await repairAfter(6)
  expect([garbage[0]!.removed, garbage[0]!.waiting, problems]).toEqual([count, 0, []])
  expect(await unreachable(around, [phone])).toEqual([])
  expect((await repairAfter(0)).garbage).toEqual([])
  const vault = await reopen(phone)
  expect((await vault.verify()).problems).toEqual([])
  expect(await notes(vault)).toEqual(notesOf('first').toSorted())
})

test('superseded segments are sealed anew, and what they were goes', async () => {
  const vault = await reopen(phone)
  const ids = (await vault.records.list()).map(({ id }) => id)
  const named = [...around.server.files.keys()]
  for (const [i, id] of ids.entries())
    await vault.records.put('Immunization', { note: `again ${i}`, place: 'y'.repeat(900) }, { collection: health, id })
  for (const days of [1, 7, 1]) await repairAfter(days)
  const kept = named.filter(url => around.server.files.has(url))
  expect(kept.length).toBeLessThan(named.length)
  expect(await unreachable(around, [phone])).toEqual([])
  expect(await notes(await reopen(laptop))).toEqual(ids.map((_, i) => `again ${i}`).toSorted())
})

test('access rules that another program changed are put right, and told', async () => {
  const vault = await reopen(phone)
  const url = await phone.around.pod.aclOf(place)
  await vault.grants.give(grantTo(bob.vault.owner, around.clock))
  await vault.settle()
  const right = around.server.files.get(url)!.body
  const rules = readAcl(place, right)
  for (const rule of rules) delete rule.until // as a generic helper does, which does not know the term
  await phone.around.pod.put(url, writeAcl(place, rules), { type: 'text/turtle' })
  expect((await (await reopen(phone)).doctor()).problems).toEqual([{ code: 'rules-differ', detail: 'Health' }])
  const { problems, repaired } = await repairAfter(0)
  expect({ problems, repaired }).toEqual({ problems: [], repaired: [{ code: 'rules-differ', detail: 'Health' }] })
  expect(around.server.files.get(url)!.body).toEqual(right)
})

describe('another device commits in the middle of it', () => {
  /** What the other device does at the request of a number; false where there are fewer. */
  async function interrupted(at: number, act: (vault: Vault) => Promise<unknown>): Promise<boolean> {
    const other = await reopen(laptop)
    await Array.fromAsync(other.records.query())
    let count = 0
    const pod = new Proxy(phone.around.pod, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target)
        if (typeof value !== 'function') return value
        return async (...args: unknown[]): Promise<unknown> => {
          if (++count === at) await act(other)
          return value.apply(target, args)
        }
      },
    })
    await (await reopen(phone, pod)).repair()
    return count >= at
  }

  test.each([0, 7])('at any of its requests, %i days after the first look: nothing that it names goes', async days => {
    await leaveSomething()
    await repairAfter(0)
    around.pass(days * DAY)
    const start = around.save(phone.around.store, laptop.around.store)
    for (let at = 1; ; at += 3) {
      start()
      const isIn = await interrupted(at, async vault => {
        const content = await vault.blobs.put(new Blob(['late']), { collection: health, ...file })
        await vault.records.put(
          'File',
          { content: content as never },
          { collection: health, id: 'ab'.repeat(16) as RecordId },
        )
        await vault.records.putAll(large('late'), health)
      })
      if (!isIn) return
      for (const later of [0, 1, 7]) await repairAfter(later)
      const vault = await reopen(phone)
      expect((await vault.verify()).problems, `at request ${at}`).toEqual([])
      const shown = (await notes(vault)).filter(note => note !== undefined)
      expect(shown, `at request ${at}`).toEqual([...notesOf('first'), ...notesOf('late')].toSorted())
      expect(await unreachable(around, [phone]), `at request ${at}`).toEqual([])
    }
  })
})
