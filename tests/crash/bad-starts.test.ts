/**
 * Bad days at the start: making a vault, and letting a new device into one, with a server or a disk that fails at any step.
 * Deriving keys from passwords takes most of the time here, so no answer stands for all faults.
 */
import { beforeAll, describe, expect, test } from 'vitest'
import { createVault, openVault, type Pod, type Store, type Vault } from '#core'
import { AlveoleError, FLOOR, openIdentity } from '#crypto'
import { identityUrl } from '../../client/core/paths.ts'
import { faultyPod, faultyStore, isReading, type Fault } from '../core/faulty-pod.ts'
import {
  folder,
  notes,
  openSeal,
  passwordOf,
  reopen,
  savedStore,
  world,
  type Member,
  type SavedStore,
  type World,
} from '../core/world.ts'
import { moments, type Moment } from './moments.ts'

let around: World
let alice: Member

beforeAll(async () => {
  around = world()
  alice = await around.member('alice')
  await alice.vault.records.put('Immunization', { note: 'first' }, { collection: await folder(alice.vault) })
  await alice.vault.settle()
})

async function failed(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work()
    return false
  } catch (error) {
    expect(error, String((error as Error).stack)).toBeInstanceOf(AlveoleError)
    return true
  }
}

/** Each request in turn without an answer, before the fact, and after it where there is one; `run` gives its requests. */
async function atEach(run: (fault: Fault) => Promise<string[]>): Promise<void> {
  for (let at = 1; ; at++) {
    const request = (await run({ at, status: 0, applied: false }))[at - 1]
    if (!request) return
    if (!isReading(request)) await run({ at, status: 0, applied: true })
  }
}

/** Dying after a disk write is dying before the next request, as above. */
const isSent = ({ line }: Moment): boolean => line.startsWith('PUT')

async function isWell(vault: Vault): Promise<void> {
  expect(await notes(vault)).toContain('first')
  expect((await vault.verify()).problems).toEqual([])
}

describe('making a vault', () => {
  const password = passwordOf('carol')
  const create = (pod: Pod, store: Store) =>
    createVault({ pod, store, clock: around.clock }, { password, passwordCost: FLOOR })

  /** What follows a failure: the same device tries again with a healthy pod, gets its kit, and keeps what it stores. */
  async function again(pod: Pod, store: SavedStore): Promise<void> {
    const { vault, kit } = await create(pod, store)
    expect(kit).toHaveLength(24)
    expect(await vault.recovery.test(kit)).toBe(true)
    await vault.records.put('Immunization', { note: 'first' }, { collection: await folder(vault) })
    await vault.settle()
    await vault.keepUnlocked(openSeal)
    await isWell(await reopen({ around: { pod, store, clock: around.clock } }))
  }

  test('survives no answer to any request, before or after the fact', async () => {
    const start = around.save()
    await atEach(async fault => {
      start()
      const { pod, store } = around.around('carol')
      const faulty = faultyPod(pod, fault)
      if (await failed(() => create(faulty, store))) await again(pod, store)
      return faulty.requests
    })
    start()
  })

  test('survives a full disk at any writing', async () => {
    const start = around.save()
    for (let at = 1; ; at++) {
      start()
      const { pod, store } = around.around('carol')
      const faulty = faultyStore(store, at)
      const didFail = await failed(() => create(pod, faulty))
      if (faulty.writes < at) break
      if (didFail) await again(pod, store)
    }
    start()
  })

  test('survives the death of the program at any step', async () => {
    const start = around.save()
    const at = around.around('carol')
    const { all } = await moments(around, [at.store], at, ({ pod, store }) => create(pod, store))
    for (const moment of all.filter(isSent)) {
      moment.back()
      if (await failed(() => create(at.pod, at.store))) {
        const vault = await openVault(at, { password }) // it was made to the end, only nobody heard so
        expect(await vault.recovery.test((await vault.recovery.kit('en'))!), moment.line).toBe(true)
      }
    }
    start()
  })

  test('by two devices at once makes one vault, which both then open', async () => {
    const start = around.save()
    const devices = [around.around('carol'), around.around('carol')]
    const ends = await Promise.allSettled(devices.map(({ pod, store }) => create(pod, store)))
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    for (const { pod, store } of devices) {
      const vault = await openVault({ pod, store, clock: around.clock }, { password })
      await folder(vault)
      expect((await vault.verify()).problems).toEqual([])
    }
    start()
  })

  test('goes on with what another device left half-made', async () => {
    const start = around.save()
    const { pod, store } = around.around('carol')
    await failed(() => create(faultyPod(pod, { at: 4, status: 0, applied: false }), around.around('carol').store))
    await again(pod, store)
    start()
  })

  test('never writes over one that is there, even where the server hides it', async () => {
    const lying = faultyPod(alice.around.pod, { at: 1, status: 404, applied: false })
    await expect(create(lying, around.around('x').store)).rejects.toMatchObject({ code: 'taken' })
    await isWell(await reopen(alice))
  })

  test('is refused where there is one', async () => {
    await expect(create(alice.around.pod, around.around('x').store)).rejects.toMatchObject({ code: 'taken' })
    await expect(create(alice.around.pod, alice.around.store)).rejects.toMatchObject({ code: 'taken' })
  })
})

describe('letting a new device in', () => {
  test('survives no answer to any request, before or after the fact', async () => {
    const start = around.save(alice.around.store)
    await atEach(async fault => {
      start()
      const { store } = around.around('alice')
      const device = { ...alice.around, store }
      const pod = faultyPod(alice.around.pod, fault)
      const unlock = { password: passwordOf('alice') }
      if (!(await failed(() => openVault({ ...device, pod }, unlock)))) return pod.requests
      const vault = await openVault(device, unlock)
      await isWell(vault)
      await vault.keepUnlocked(openSeal)
      await isWell(await reopen({ around: device }))
      await isWell(await reopen(alice))
      return pod.requests
    })
    start()
  })

  test('survives the death of the program at any step, and it comes as one device', async () => {
    const start = around.save(alice.around.store)
    const at = { ...alice.around, store: savedStore() }
    const unlock = { password: passwordOf('alice') }
    const { all } = await moments(around, [alice.around.store, at.store], at, there => openVault(there, unlock))
    const devices = () => openIdentity(around.server.files.get(identityUrl(at.pod.storage))!.body).devices.length
    const expected = devices()
    for (const moment of all.filter(isSent)) {
      moment.back()
      await isWell(await openVault(at, unlock))
      expect(devices(), moment.line).toBe(expected)
    }
    start()
  })

  test('two at once: one may have to try again, and then all three are in', async () => {
    const start = around.save(alice.around.store)
    const devices = [around.around('alice'), around.around('alice')]
    const enrol = ({ store }: { store: SavedStore }) =>
      openVault({ ...alice.around, store }, { password: passwordOf('alice') })
    const ends = await Promise.allSettled(devices.map(enrol))
    for (const end of ends) if (end.status === 'rejected') expect(end.reason).toMatchObject({ code: 'conflict' })
    for (const device of devices) {
      const vault = await enrol(device)
      await vault.keepUnlocked(openSeal)
    }
    for (const { store } of devices) await isWell(await reopen({ around: { ...alice.around, store } }))
    await isWell(await reopen(alice))
    start()
  })
})
