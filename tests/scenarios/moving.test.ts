/** A vault moves from one real server to another: same root, same names, same shares; the old place is shut; stopped, it goes on. */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { memoryStore, moveVault, openVault, solidPod, type DeviceSeal, type Pod, type Vault } from '#core'
import { purpose } from '#vocab'
import { createServerPod } from '../../client/core/server-account.ts'
import { startPod } from '../../pod-server/pod.ts'
import { faultyPod } from '../core/faulty-pod.ts'
import { fixture, sourceFile } from '../formats/read.ts'
import { actor, type Actor } from './member.ts'

const PURPOSE = purpose('dpv:HealthcareManagement')!
/** Copies, since a lock wipes what was opened. */
const openSeal: DeviceSeal = { seal: async secret => secret.slice(), open: async sealed => sealed.slice() }
const SEAL = { seal: openSeal }
const folders = ['a', 'b'].map(name => mkdtempSync(join(tmpdir(), `alveole-moving-${name}-`)))
let servers: Awaited<ReturnType<typeof startPod>>[]
beforeAll(async () => {
  servers = await Promise.all(folders.map(data => startPod({ port: 0, data, quiet: true })))
})
afterAll(async () => {
  for (const server of servers) await server.stop()
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

async function someone(name: string): Promise<Actor> {
  const one = await actor(servers[0]!.url, name)
  await one.vault.keepUnlocked(openSeal)
  return one
}

/** A pod on the other server, for a WebID that stays on the first. */
async function elsewhere({ webId, fetch }: Actor): Promise<Pod> {
  const account = { email: `${randomUUID()}@example.org`, password: randomUUID(), name: `n${randomUUID()}` }
  const storage = await createServerPod(servers[1]!.url, { ...account, webId })
  expect(await createServerPod(servers[1]!.url, { ...account, webId })).toBe(storage)
  return solidPod({ webId, storage, fetch })
}

/** As after a restart: nobody's profile is remembered. */
const restarted = async ({ webId, fetch, store }: Actor): Promise<Vault> =>
  openVault({ pod: await solidPod({ webId, fetch }), store }, SEAL)

const idsOf = async (vault: Vault): Promise<string[]> =>
  (await Array.fromAsync(vault.records.query())).map(({ id }) => id).toSorted()

async function bytesAt(pod: Pod, container: string): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (const url of (await pod.list(container)) ?? []) {
    const inside = url.endsWith('/') ? await bytesAt(pod, url) : null
    for (const [name, bytes] of inside ?? []) found.set(url.slice(container.length) + name, bytes)
    const reply = inside ? null : await pod.get(url)
    if (reply) found.set(url.slice(container.length), Buffer.from(reply.body).toString('base64'))
  }
  return found
}

describe('a vault that moves', () => {
  let [alice, bob, carol]: Actor[] = []
  let to: Pod
  let vault: Vault
  let group: string
  let other: Actor
  let progress: [done: number, of: number]
  let before: { ids: string[]; sealed: Map<string, string>; folders: string[] }

  beforeAll(async () => {
    ;[alice, bob, carol] = await Promise.all(['alice', 'bob', 'carol'].map(someone))
    await alice!.vault.import([fixture('bundle.fhir'), sourceFile('big.bin', new Uint8Array(9 << 20).fill(1))])
    const until = new Date(Date.now() + 3600_000)
    const founded = await bob!.vault.groups.found('Les Abeilles')
    group = founded.group
    await alice!.vault.groups.join(await bob!.vault.groups.invite(founded.group))
    await bob!.vault.groups.admit(founded.group, alice!.webId)
    const grant = { facets: ['health/immunizations'], until, purpose: PURPOSE }
    await alice!.vault.grants.give({ ...grant, to: founded.group })
    for (let n = 0; n < 8; n++) {
      const past = await alice!.vault.grants.give({ ...grant, to: carol!.webId })
      await alice!.vault.grants.revoke(past.grant)
    }
    await alice!.vault.grants.give({ ...grant, to: carol!.webId })
    other = { ...alice!, store: memoryStore() }
    const second = await openVault(
      { pod: await solidPod(alice!), store: other.store },
      { password: 'alice a password' },
    )
    await second.keepUnlocked(openSeal)
    await second.grants.confirm()
    await second.lock()
    await alice!.vault.settle()
    const collections = await alice!.vault.collections.list()
    const sealed = await bytesAt(alice!.vault.pod, collections[0]!.url)
    before = { ids: await idsOf(alice!.vault), sealed, folders: collections.map(({ id }) => id) }
    await alice!.vault.lock()
    to = await elsewhere(alice!)
    vault = await moveVault({ pod: await solidPod(alice!), store: alice!.store }, SEAL, to, {
      onProgress: (done, of) => void (progress = [done, of]),
    })
  })

  const rowsOf = async (reader: Actor, from: string) => (await (await restarted(reader)).views.open(from)).rows

  test('is all there, byte for byte, whole, under its names', async () => {
    expect(vault.pod.storage.startsWith(servers[1]!.url)).toBe(true)
    expect(await idsOf(vault)).toEqual(before.ids)
    expect((await vault.collections.list()).map(({ id }) => id)).toEqual(before.folders)
    expect((await vault.verify()).problems).toEqual([])
    expect((await vault.doctor()).problems).toEqual([])
    expect(progress[0]).toBe(progress[1])
    expect(await to.list(`${to.storage}alveole/account/`)).toHaveLength(1) // what ended before
    expect(await vault.grants.list()).toHaveLength(10)
    const [first] = await vault.collections.list()
    const sealed = await bytesAt(to, first!.url)
    expect(before.sealed.size).toBeGreaterThan(1)
    for (const [name, bytes] of before.sealed) if (name !== 'head.alv') expect(sealed.get(name), name).toBe(bytes)
  })

  test('is found by its readers, who still know who it is, and sees them go when they are to', async () => {
    expect((await rowsOf(bob!, group)).length).toBeGreaterThan(0)
    expect((await rowsOf(carol!, alice!.webId)).length).toBe((await rowsOf(bob!, group)).length)
    const collection = (await vault.collections.find('Health'))!.id
    const seen = (await rowsOf(carol!, alice!.webId)).length
    await vault.records.put('Immunization', { note: 'after the move' }, { collection })
    expect(await rowsOf(carol!, alice!.webId)).toHaveLength(seen + 1)
    const given = (await vault.grants.list()).find(({ to, state }) => to === carol!.webId && state === 'live')!
    await vault.grants.revoke(given.grant)
    expect(await rowsOf(carol!, alice!.webId)).toEqual([])
    expect(await rowsOf(bob!, group)).toHaveLength(seen + 1)
  })

  test('leaves a place that is shut to everybody, and not erased', async () => {
    const old = await solidPod({ ...alice!, storage: alice!.pod })
    await expect(old.get(`${alice!.pod}alveole/account.alv`)).rejects.toMatchObject({ code: 'not-granted' })
    const carols = await solidPod(carol!)
    for (const id of before.folders)
      await expect(carols.get(`${alice!.pod}alveole/c/${id}/head.alv`)).rejects.toMatchObject({ code: 'not-granted' })
    expect(await carols.get(`${alice!.pod}alveole/identity.alv`)).not.toBeNull()
    await expect(openVault({ pod: old, store: other.store }, SEAL)).rejects.toMatchObject({ code: 'not-granted' })
  })

  test('is opened by another device at the new place, which accepts nothing older there', async () => {
    const again = await restarted(other)
    expect(again.pod.storage).toBe(to.storage)
    expect((await idsOf(again)).length).toBe(before.ids.length + 1)
    const [url] = before.folders.map(id => `${to.storage}alveole/c/${id}/head.alv`)
    expect(await other.store.get(`seen ${url}`)).not.toBeNull()
    await again.records.put('File', { name: 'of the other' }, { collection: (await again.collections.list())[0]!.id })
    expect((await idsOf(await restarted(alice!))).length).toBe(before.ids.length + 2)
  })
})

test('a link that its founder made before a move lets somebody in after it', async () => {
  const [zoe, max] = await Promise.all(['zoe', 'max'].map(someone))
  await zoe!.vault.import([fixture('bundle.fhir')])
  const { group } = await zoe!.vault.groups.found('Les Guêpes')
  const link = await zoe!.vault.groups.invite(group)
  await zoe!.vault.lock()
  const from = { pod: await solidPod(zoe!), store: zoe!.store }
  const vault = await moveVault(from, SEAL, await elsewhere(zoe!))
  await (await restarted(max!)).groups.join(link)
  expect(await vault.groups.members(group)).toMatchObject([{}, { webId: max!.webId, state: 'pending' }])
  await vault.groups.admit(group, max!.webId)
  const until = new Date(Date.now() + 3600_000)
  await vault.grants.give({ to: group, facets: ['health/immunizations'], until, purpose: PURPOSE })
  const { rows, problems } = await (await restarted(max!)).views.open(group)
  expect(problems).toEqual([])
  expect(rows.length).toBeGreaterThan(0)
})

describe('stopped in the middle', () => {
  /** Of the new place: rules 3, an object 9, heads 18 to 22, the check 28, rules 33, the profile 34, opening 35. Of the old: the end. */
  test.each([
    ['new', 3, false],
    ['new', 9, true],
    ['new', 18, true],
    ['new', 22, false],
    ['new', 28, false],
    ['new', 33, true],
    ['new', 34, false],
    ['new', 34, true],
    ['new', 35, false],
    ['old', 22, false],
    ['old', 23, true],
    ['old', 24, false],
    ['old', 42, true],
  ] as const)('of the %s place, at request %i, applied: %s, loses nothing, and goes on', async (where, at, applied) => {
    const zoe = await someone('zoe')
    await zoe.vault.import([fixture('bundle.fhir'), sourceFile('a.txt', 'text')])
    const ids = await idsOf(zoe.vault)
    await zoe.vault.lock()
    const to = await elsewhere(zoe)
    const from = await solidPod(zoe)
    const fault = { at, status: 0, applied }
    const [here, there] = where === 'new' ? [from, faultyPod(to, fault)] : [faultyPod(from, fault), to]
    const failed = await moveVault({ pod: here, store: zoe.store }, SEAL, there).then(
      () => null,
      (error: unknown) => error,
    )
    if (failed) expect(failed).toMatchObject({ code: expect.stringMatching(/offline|server/) as unknown })
    const profile = await (await solidPod(zoe)).profile(zoe.webId)
    if (profile?.storage === from.storage) {
      const vault = await restarted(zoe) // nothing has happened: it goes on here
      const collection = (await vault.collections.list())[0]!.id
      ids.push(await vault.records.put('File', { name: 'meanwhile' }, { collection }))
      expect((await vault.doctor()).problems).toEqual([])
      await vault.lock()
    }
    const again = { pod: await solidPod({ ...zoe, storage: zoe.pod }), store: zoe.store }
    const moved = await moveVault(again, SEAL, await solidPod({ ...zoe, storage: to.storage }))
    expect(await idsOf(moved)).toEqual(ids.toSorted())
    const once = await moveVault({ ...again, pod: moved.pod }, SEAL, moved.pod)
    expect(await idsOf(once)).toEqual(ids.toSorted())
    expect((await moved.verify()).problems).toEqual([])
    expect((await moved.doctor()).problems).toEqual([])
    await expect(again.pod.get(`${zoe.pod}alveole/account.alv`)).rejects.toMatchObject({ code: 'not-granted' })
  })

  test('where another vault is, nothing begins', async () => {
    const [zoe, max] = await Promise.all(['zoe', 'max'].map(someone))
    const to = await elsewhere(zoe!)
    const theirs = await max!.vault.pod.get(`${max!.pod}alveole/identity.alv`)
    await to.put(`${to.storage}alveole/identity.alv`, theirs!.body, {})
    await zoe!.vault.lock()
    const around = { pod: await solidPod(zoe!), store: zoe!.store }
    await expect(moveVault(around, SEAL, to)).rejects.toMatchObject({ code: 'taken' })
    expect(await to.list(`${to.storage}alveole/`)).toHaveLength(1)
  })
})
