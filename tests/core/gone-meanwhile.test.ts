/**
 * What another device put together, and so deleted, in the middle of something: nobody waits for ever, is told of tampering, or loses
 * anything. The other device writes just before the n-th look at a stored object.
 */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openVault, type BlobRef, type CollectionId, type Pod, type RecordId, type Vault } from '#core'
import { AlveoleError } from '#crypto'
import { memoryObjects } from '../../client/core/object-store.ts'
import { headUrl } from '../../client/core/paths.ts'
import { answering } from '../crash/answering.ts'
import { folder, openSeal, reopen, secondDevice, world, type Member, type World } from './world.ts'

const id = 'ab'.repeat(16) as RecordId
let around: World
let phone: Member
let laptop: Member
let health: CollectionId
let head: string
let back: () => void

beforeAll(async () => {
  around = world()
  phone = await around.member('alice')
  health = await folder(phone.vault)
  head = headUrl((await phone.vault.collections.find(health))!.url)
  await refer(phone.vault, await store(phone.vault, 'first'))
  await many(phone.vault, 40)
  await phone.vault.settle()
  laptop = await secondDevice(phone)
  back = around.save(phone.around.store, laptop.around.store)
})
beforeEach(() => back())

const store = (vault: Vault, text: string): Promise<BlobRef> =>
  vault.blobs.put(new Blob([text]), { collection: health, name: 'a.txt', mediaType: 'text/plain' })
const refer = (vault: Vault, content: BlobRef): Promise<RecordId> =>
  vault.records.put('File', { content: content as never }, { collection: health, id })
/** A segment, into which smaller ones are taken. */
const many = (vault: Vault, count: number): Promise<unknown> =>
  vault.records.putAll(
    Array.from({ length: count }, () => ({ kind: 'Immunization', value: { place: 'x'.repeat(900) } })),
    health,
  )
const text = async (vault: Vault): Promise<string> => {
  const content = (await vault.records.get(id))!.value['content'] as unknown as BlobRef
  return new Response(await vault.blobs.open(content, health)).text()
}

/** Of the phone: the laptop writes before its first swap, which is lost, where `loses`, and before its n-th look from then on. */
async function overtaken(nth: number, loses: boolean): Promise<Vault> {
  const other = await reopen(laptop)
  let [armed, looks] = [!loses, 0]
  const get: Pod['get'] = async (url, options) => {
    if (armed && url !== head && /\/c\/[^/]+\/[^/]+\.alv$/.test(url) && ++looks === nth) await many(other, 160)
    return phone.around.pod.get(url, options)
  }
  const put: Pod['put'] = async (url, ...rest) => {
    if (!armed && url === head) {
      armed = true
      await many(other, 80)
    }
    return phone.around.pod.put(url, ...rest)
  }
  return reopen(phone, answering(phone.around.pod, { get, put }))
}

const LOOKS = [1, 2, 3, 4, 5]

describe.each([true, false])('its first swap is lost: %s', loses => {
  test.each(LOOKS)('a file is put in place of another, look %i', { timeout: 20_000 }, async nth => {
    const vault = await overtaken(nth, loses)
    await refer(vault, await store(vault, 'second'))
    const later = await reopen(laptop)
    expect(await text(later)).toBe('second')
    expect((await later.verify()).problems).toEqual([])
  })
})

describe('what only reads and removes', () => {
  test.each(LOOKS)('verifies, look %i', async nth => {
    expect((await (await overtaken(nth, false)).verify()).problems).toEqual([])
  })

  test.each(LOOKS)('erases, look %i', { timeout: 20_000 }, async nth => {
    await (await overtaken(nth, false)).records.erase(id)
    const later = await reopen(laptop)
    expect(await later.records.get(id)).toBe(null)
    expect((await later.verify()).problems).toEqual([])
  })

  test.each(LOOKS)('tidies, look %i', { timeout: 20_000 }, async nth => {
    await store(await reopen(laptop), 'of no record')
    await (await reopen(phone)).tidy()
    around.pass(7 * 24 * 3600_000)
    await (await overtaken(nth, false)).repair()
    const later = await reopen(laptop)
    expect(await text(later)).toBe('first')
    expect((await later.verify()).problems).toEqual([])
  })
})

test('where the newer head does not come, on a device that keeps objects: the bad line is told, not tampering', async () => {
  const isObject = (url: string): boolean => url !== head && /\/c\/[^/]+\/[^/]+\.alv$/.test(url)
  let isDown = false
  const get: Pod['get'] = async (url, options) => {
    if (isDown && url === head) throw new AlveoleError('server')
    return phone.around.pod.get(url, options)
  }
  const device = { ...phone.around, pod: answering(phone.around.pod, { get }), objects: memoryObjects() }
  const vault = await openVault(device, { seal: openSeal })
  await vault.records.list()
  for (const url of around.server.files.keys()) if (isObject(url)) await device.objects.delete(url)
  await many(await reopen(laptop), 80)
  isDown = true
  await expect(vault.records.get(id)).rejects.toMatchObject({ code: 'server' })
  isDown = false
  expect(await vault.records.get(id)).not.toBe(null)
})

test('where another work of the same vault brought the newer head in meanwhile', async () => {
  let armed = false
  const get: Pod['get'] = async (url, options) => {
    if (armed && url !== head && /\/c\/[^/]+\/[^/]+\.alv$/.test(url)) {
      armed = false
      await many(await reopen(laptop), 80)
      await vault.collections.look()
    }
    return phone.around.pod.get(url, options)
  }
  const vault = await reopen(phone, answering(phone.around.pod, { get }))
  await vault.records.list()
  armed = true
  expect(await vault.records.get(id)).not.toBe(null)
  expect(armed).toBe(false)
})

test('a head that the account cites since is asked for, before anybody is told of an older one', async () => {
  const vault = await reopen(phone)
  await vault.records.list()
  const other = await reopen(laptop)
  await many(other, 1)
  await other.settle()
  await vault.collections.create('Photos') // which brings in the account
  expect(await vault.records.list()).toHaveLength(42)
})

test('two devices seal the same worn segment anew at once: one does, the other finds nothing to do', async () => {
  const vault = await reopen(phone)
  const large = Array.from({ length: 400 }, () => ({ kind: 'Immunization', value: { place: 'x'.repeat(900) } }))
  const ids = await vault.records.putAll(large, health)
  const small = ids.slice(0, 300).map(one => ({ kind: 'Immunization', value: { note: 'again' }, id: one }))
  await vault.records.putAll(small, health)
  let turns = 0
  const put: Pod['put'] = async (url, ...rest) => {
    if (url === head && !turns++) await (await reopen(laptop)).tidy()
    return phone.around.pod.put(url, ...rest)
  }
  await (await reopen(phone, answering(phone.around.pod, { put }))).tidy()
  expect(turns).toBeGreaterThan(0)
  const later = await reopen(phone)
  expect((await later.verify()).problems).toEqual([])
  expect(await later.records.list()).toHaveLength(ids.length + 41)
})
