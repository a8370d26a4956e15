/** What nothing names goes, after a week, and nothing else does (protocol §5, Garbage). */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { BlobRef, CollectionId, Pod, RecordId, Vault } from '#core'
import { AlveoleError, toBase64Url } from '#crypto'
import { leaves } from '../../client/core/leaves.ts'
import { headUrl } from '../../client/core/paths.ts'
import { faultyPod } from '../core/faulty-pod.ts'
import { DAY, folder, grantTo, notes, reopen, secondDevice, world, type Member, type World } from '../core/world.ts'
import { answering } from './answering.ts'
import { diskOf, unreachable } from './disk.ts'

const HOUR = 3600_000
let around: World
let phone: Member
let laptop: Member
let bob: Member
let health: CollectionId
let place: string
let back: () => void

beforeAll(async () => {
  around = world()
  ;[phone, bob] = [await around.member('alice'), await around.member('bob')]
  health = await folder(phone.vault)
  place = (await phone.vault.collections.find(health))!.url
  await phone.vault.records.put('Immunization', { note: 'first' }, { collection: health })
  await phone.vault.settle()
  laptop = await secondDevice(phone)
  back = around.save(phone.around.store, laptop.around.store, bob.around.store)
})
beforeEach(() => back())

const id = (digits: string) => digits.repeat(16) as RecordId
const store = (vault: Vault, text = 'bytes'): Promise<BlobRef> =>
  vault.blobs.put(new Blob([text]), { collection: health, name: 'a.txt', mediaType: 'text/plain' })
const refer = (vault: Vault, content: BlobRef, record = id('0a')): Promise<RecordId> =>
  vault.records.put('File', { content: content as never }, { collection: health, id: record })
const read = async (vault: Vault, { value }: { value: { [name: string]: unknown } }): Promise<string> =>
  new Response(await vault.blobs.open(value['content'] as BlobRef, health)).text()
const left = (): Promise<string[]> => unreachable(around, [phone, bob])
const stands = ({ parts }: BlobRef): boolean =>
  parts!.every(({ folder, name }) => around.server.files.has(`${place}${folder}/${name}.alv`))

/** Somebody opens the vault on this device after some days, and it tidies. */
async function tidyAfter(days: number, member = phone): Promise<Vault> {
  around.pass(days * DAY)
  const vault = await reopen(member)
  await vault.collections.tidy()
  return vault
}

const large = (who: string) =>
  Array.from({ length: 40 }, (_, i) => ({
    kind: 'Immunization',
    value: { note: `${who} ${i}`, place: 'x'.repeat(900) },
  }))

/** A segment and its index run. */
const LOST = 2

/** What was stored for a write whose head never came. */
async function halfWrite(): Promise<void> {
  const rehearsal = faultyPod(phone.around.pod)
  const again = around.save(phone.around.store)
  await (await reopen(phone, rehearsal)).records.putAll(large('lost'), health)
  again()
  const at = rehearsal.requests.findIndex(line => line === `PUT ${headUrl(place)}`) + 1
  const pod = faultyPod(phone.around.pod, { at, status: 0, applied: false })
  await expect((await reopen(phone, pod)).records.putAll(large('lost'), health)).rejects.toThrow(AlveoleError)
}

describe('the segments of a write that was cut off', () => {
  test('go after a week that this device has seen them so, and not before', async () => {
    await halfWrite()
    expect(await left()).toHaveLength(LOST)
    for (const days of [30, 3, 3]) await tidyAfter(days) // nobody looked for a month: it counts from the first look
    expect(await left()).toHaveLength(LOST)
    await tidyAfter(1)
    expect(await left()).toEqual([])
    expect(await notes(await reopen(phone))).toEqual(['first'])
  })

  test('are condemned by a head before they go, which a later head forgets a day after', async () => {
    await halfWrite()
    const lost = (await left()).toSorted()
    const condemned = async (): Promise<string[]> => {
      const { openHead } = await diskOf(around, phone)
      const { manifest } = openHead(around.server.files.get(headUrl(place))!.body)
      return manifest.condemned.map(one => `${place}${toBase64Url(one)}.alv`).toSorted()
    }
    for (const [days, expected] of [
      [0, []],
      [7, lost],
      [1, lost],
      [1, []],
    ] as const) {
      await tidyAfter(days)
      expect(await condemned()).toEqual(expected)
    }
  })

  test('are looked for once a day at most', async () => {
    await tidyAfter(0)
    const pod = faultyPod(phone.around.pod)
    const vault = await reopen(phone, pod)
    const opening = pod.requests.length
    await vault.collections.tidy()
    expect(pod.requests.slice(opening)).toEqual([])
  })

  test('go by whichever device sees them condemned, where the one that did so died', async () => {
    await halfWrite()
    await tidyAfter(0)
    around.pass(7 * DAY)
    const rehearsal = faultyPod(phone.around.pod)
    const again = around.save(phone.around.store)
    await (await reopen(phone, rehearsal)).collections.tidy()
    again()
    const at = rehearsal.requests.findIndex(line => line.startsWith('DELETE')) + 1
    const pod = faultyPod(phone.around.pod, { at, status: 0, applied: false })
    await expect((await reopen(phone, pod)).collections.tidy()).rejects.toMatchObject({ code: 'offline' })
    expect(await left()).toHaveLength(1)
    await tidyAfter(0, laptop)
    expect(await left()).toEqual([])
  })
})

test('keyrings that were replaced go, and who holds the newest still reads', async () => {
  const vault = await reopen(phone)
  for (let i = 0; i < 3; i++) await vault.grants.give(grantTo(bob.vault.owner, around.clock))
  await vault.settle()
  expect(await left()).toHaveLength(2)
  for (const days of [0, 7]) await tidyAfter(days)
  expect(await left()).toEqual([])
  expect((await (await reopen(bob)).views.open(vault.owner)).rows.map(({ value }) => value['note'])).toEqual(['first'])
})

test('pages of a keyring that stand apart stay with it, and go with it', async () => {
  const vault = await reopen(phone)
  const read = { ...grantTo(bob.vault.owner, around.clock), until: new Date(around.clock() + 300 * DAY) }
  await vault.grants.give({ ...read, facets: ['health/immunizations', 'health/problems/entry', 'health/medications'] })
  for (let i = 0; i < 40; i++) {
    const { grant } = await vault.grants.give(read)
    await vault.grants.revoke(grant)
    await vault.records.put('Immunization', { note: `${i}` }, { collection: health })
  }
  await vault.settle()
  const bobSees = async (): Promise<number> => (await (await reopen(bob)).views.open(vault.owner)).rows.length
  expect(await bobSees()).toBe(41)
  const many = (await left()).length
  expect(many).toBeGreaterThan(40)
  for (const days of [0, 7, 7, 7, 7]) {
    await tidyAfter(days)
    expect(await bobSees()).toBe(41)
  }
  expect((await left()).length).toBeLessThan(4) // the newest page, and nothing that grows
  const kept = await left()
  for (const days of [7, 7]) await tidyAfter(days)
  expect(await left()).toEqual(kept)
})

describe('parts of files', () => {
  test('go where no record came to refer to them, and their folder', async () => {
    const ref = await store(await reopen(phone))
    const deleted: string[] = []
    const pod = answering(phone.around.pod, { delete: async url => void deleted.push(url) })
    for (const days of [0, 6]) await tidyAfter(days)
    expect(stands(ref)).toBe(true)
    around.pass(DAY)
    await (await reopen(phone, pod)).collections.tidy()
    const { folder: at, name } = ref.parts![0]!
    expect(deleted).toEqual([`${place}${at}/${name}.alv`, `${place}${at}/`])
  })

  test('go with the record that is deleted, and stay with one that is changed or kept', async () => {
    const vault = await reopen(phone)
    const [kept, changed, gone] = [await store(vault), await store(vault), await store(vault)]
    await refer(vault, kept, id('0a'))
    await refer(vault, changed, id('0b'))
    await refer(vault, gone, id('0c'))
    await vault.records.putAll(large('so that the tail becomes a segment'), health)
    await refer(vault, await store(vault, 'other bytes'), id('0b'))
    await vault.records.remove(id('0c'))
    for (const days of [0, 7, 7]) await tidyAfter(days)
    expect([stands(kept), stands(changed), stands(gone)]).toEqual([true, true, false])
    const later = await reopen(phone)
    expect(await read(later, (await later.records.get(id('0a')))!)).toBe('bytes')
    expect((await later.verify()).problems).toEqual([])
  })

  test('stay where some cells do not open: a newer version may refer to them', async () => {
    const vault = await reopen(phone)
    const ref = await store(vault)
    await refer(vault, ref)
    await withoutFacet('papers/source', async () => {
      for (const days of [0, 7, 7]) await tidyAfter(days)
    })
    expect(stands(ref)).toBe(true)
    await vault.records.putAll(large('so that the tail becomes a segment'), health)
    await withoutFacet('papers/source', async () => {
      for (const days of [0, 7, 7]) await tidyAfter(days)
    })
    expect(stands(ref)).toBe(true)
  })

  test('that are condemned are refused to whoever refers to them meanwhile', async () => {
    const ref = await store(await reopen(laptop))
    const late = await reopen(laptop)
    await Array.fromAsync(late.records.query())
    await tidyAfter(0)
    around.pass(7 * DAY - HOUR)
    const undeleting = answering(phone.around.pod, { delete: async () => undefined })
    around.pass(HOUR)
    await (await reopen(phone, undeleting)).collections.tidy()
    expect(stands(ref)).toBe(true)
    await expect(refer(late, ref)).rejects.toMatchObject({ code: 'not-granted' })
    expect((await (await reopen(phone)).verify()).problems).toEqual([])
  })

  test('that a record came to refer to just before are not condemned', async () => {
    const ref = await store(await reopen(laptop))
    await tidyAfter(0)
    around.pass(7 * DAY)
    const late = await reopen(laptop)
    let turns = 0
    const overtaken: Pod['put'] = async (url, ...rest) => {
      if (url === headUrl(place) && !turns++) await refer(late, ref)
      return phone.around.pod.put(url, ...rest)
    }
    await (await reopen(phone, answering(phone.around.pod, { put: overtaken }))).collections.tidy()
    expect(turns).toBeGreaterThan(0)
    for (const days of [1, 1, 7]) await tidyAfter(days)
    expect(stands(ref)).toBe(true)
    expect((await (await reopen(phone)).verify()).problems).toEqual([])
  })

  test('that were stored longer ago than a day are looked for before a record refers to them', async () => {
    const vault = await reopen(phone)
    const [there, gone] = [await store(vault), await store(vault)]
    around.pass(25 * HOUR)
    for (const { folder: at, name } of gone.parts!) around.server.files.delete(`${place}${at}/${name}.alv`)
    await refer(vault, there, id('0a'))
    await expect(refer(vault, gone, id('0b'))).rejects.toMatchObject({ code: 'not-granted' })
    expect(await read(vault, (await vault.records.get(id('0a')))!)).toBe('bytes')
  })
})

test('a folder in which all is named costs its lists and a look at its head, and no segment is read again', async () => {
  const vault = await reopen(phone)
  await refer(vault, await store(vault))
  await vault.records.putAll(large('so that the tail becomes a segment'), health)
  await tidyAfter(0)
  around.pass(8 * DAY)
  const pod = faultyPod(phone.around.pod)
  const later = await reopen(phone, pod)
  await Array.fromAsync(later.records.query())
  const opening = pod.requests.length
  await later.collections.tidy()
  expect(pod.requests.slice(opening).map(line => line.split(' ')[0])).toEqual(['LIST', 'LIST', 'GET'])
})

test('what has not the shape of our names is left alone', async () => {
  await tidyAfter(0)
  const strangers = ['notes.ttl', 'a.alv', 'folder/x.alv', `${'a'.repeat(22)}.alv.bak`, `${'b'.repeat(22)}/notes.txt`]
  for (const name of strangers) await phone.around.pod.put(place + name, new Uint8Array(1))
  for (const days of [1, 7, 7]) await tidyAfter(days)
  for (const name of strangers) expect(around.server.files.has(place + name), name).toBe(true)
})

test('a clock that was put back neither hastens nor hides', async () => {
  await halfWrite()
  await tidyAfter(0)
  around.pass(-20 * DAY)
  await tidyAfter(0)
  for (const days of [6]) await tidyAfter(days)
  expect(await left()).toHaveLength(LOST)
  await tidyAfter(1)
  expect(await left()).toEqual([])
})

/** As a version of this software that does not know the facet. */
async function withoutFacet(path: string, work: () => Promise<void>): Promise<void> {
  const known = leaves() as string[]
  const at = known.indexOf(path)
  expect(at).toBeGreaterThan(-1)
  known.splice(at, 1)
  await work().finally(() => known.splice(at, 0, path))
}
