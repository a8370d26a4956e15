/** What a device fetches before anybody asks, so that it reads and writes without a network what was never looked at on it. */
import { beforeEach, describe, expect, test } from 'vitest'
import { openVault, type ObjectStore, type Vault } from '#core'
import { memoryObjects } from '../../client/core/object-store.ts'
import { objectUrl } from '../../client/core/paths.ts'
import { answering } from '../hostile-pod.ts'
import { faultyPod, type FaultyPod } from './faulty-pod.ts'
import { line, type LinedPod } from './line.ts'
import { folder, openSeal, secondDevice, world, type Member, type World } from './world.ts'

const FOLDERS = ['Health', 'Family']
const EACH = 300

let around: World
let alice: Member

/** A person with two folders of three hundred records, some segments each. */
beforeEach(async () => {
  around = world()
  alice = await around.member('alice')
  for (const name of FOLDERS)
    for (let from = 0; from < EACH; from += 50)
      await alice.vault.records.putAll(
        Array.from({ length: 50 }, (_, i) => ({
          kind: 'Immunization',
          value: { note: `${name} ${from + i} ${'long '.repeat(200)}` },
        })),
        await folder(alice.vault, name),
      )
  await alice.vault.settle()
})

interface Fresh {
  vault: Vault
  pod: LinedPod
  objects: ObjectStore
  requests: FaultyPod['requests']
}

/** A device that has never been here, with a store of objects. */
async function fresh(options: { limit?: number; isMetered?: () => boolean; open?: boolean } = {}): Promise<Fresh> {
  const { around: own } = await secondDevice(alice)
  const objects = memoryObjects(options)
  const counted = faultyPod(own.pod)
  const pod = line(counted)
  const vault = await openVault({ ...own, ...options, pod, objects }, { seal: openSeal })
  return { vault, pod, objects, requests: counted.requests }
}

const synced = async (device: Fresh): Promise<void> => {
  await device.vault.sync()
  await device.vault.fetchAhead()
}
const segmentsIn = (requests: readonly string[]): string[] =>
  requests.filter(line => /^GET .*\/alveole\/c\/.{22}\/.{22}\.alv$/.test(line))

describe('a new device that synced, the server gone', () => {
  test('lists and reads every record of every folder, though it looked at none', async () => {
    const device = await fresh()
    await synced(device)
    device.pod.cut = true
    expect(await device.vault.records.list()).toHaveLength(FOLDERS.length * EACH)
    expect(await Array.fromAsync(device.vault.records.query())).toHaveLength(FOLDERS.length * EACH)
  })

  test('changes and deletes what it never looked at; sent, it all stands', async () => {
    const device = await fresh()
    await synced(device)
    device.pod.cut = true
    const { vault } = device
    const [first, second] = await vault.records.list({ limit: 2 })
    await vault.records.put('Immunization', { note: 'changed' }, { collection: first!.collection, id: first!.id })
    await vault.records.remove(second!.id)
    device.pod.cut = false
    await vault.sync()
    expect(vault.outbox.list()).toEqual([])
    const other = (await secondDevice(alice)).vault
    expect((await other.records.get(first!.id))?.value).toEqual({ note: 'changed' })
    expect(await other.records.get(second!.id)).toBe(null)
  })

  test('deletes out of the index alone what it has no segment of, and shows it deleted', async () => {
    const device = await fresh({ isMetered: () => true })
    const { vault } = device
    const rows = await vault.records.list()
    await synced(device)
    device.pod.cut = true
    const id = rows[7]!.id
    await expect(vault.records.get(id)).rejects.toMatchObject({ code: 'offline' })
    await vault.records.remove(id)
    expect(await vault.records.get(id)).toBe(null)
    expect(await vault.records.list()).toHaveLength(rows.length - 1)
    expect(await vault.records.list({ text: rows[7]!.label })).not.toContainEqual(rows[7])
    device.pod.cut = false
    await vault.sync()
    expect(await (await secondDevice(alice)).vault.records.get(id)).toBe(null)
  })
})

describe('what it costs', () => {
  test('each segment once; nothing at a later sync, opening, or list', async () => {
    const device = await fresh()
    await synced(device)
    const { requests } = device
    expect(new Set(segmentsIn(requests)).size).toBe(segmentsIn(requests).length)
    const before = requests.length
    await synced(device)
    expect(requests.slice(before)).toHaveLength(1) // the account: no folder is on show
    await Array.fromAsync(device.vault.records.query())
    expect(segmentsIn(requests.slice(before))).toEqual([])
  })

  test('a warm opening where nothing changed stays one request, its first sync another', async () => {
    const { around: own } = await secondDevice(alice)
    const objects = memoryObjects()
    const first = await openVault({ ...own, objects }, { seal: openSeal })
    await first.sync()
    await first.fetchAhead()
    const pod = faultyPod(own.pod)
    const vault = await openVault({ ...own, pod, objects }, { seal: openSeal })
    expect(pod.requests).toHaveLength(1)
    await vault.sync()
    await vault.fetchAhead()
    expect(pod.requests).toHaveLength(2)
  })

  test('what another device wrote is fetched after the sync that brings it: that segment alone', async () => {
    const device = await fresh()
    await synced(device)
    const collection = await folder(alice.vault, 'Family')
    await alice.vault.records.put('Immunization', { note: 'new '.repeat(20_000) }, { collection })
    await alice.vault.settle()
    const before = device.requests.length
    await synced(device)
    const fetched = segmentsIn(device.requests.slice(before))
    expect(fetched.length).toBeGreaterThan(0)
    expect(fetched.length).toBeLessThanOrEqual(2) // and the index run beside it
    device.pod.cut = true
    expect(await Array.fromAsync(device.vault.records.query({ text: 'new' }))).toHaveLength(1)
  })
})

describe('where it stops', () => {
  /** Names and sizes of a folder's segments, oldest first. */
  async function segmentsOf({ vault }: { vault: Vault }, name: string): Promise<{ url: string; size: number }[]> {
    const { place, reader, state } = await vault.collections.open(await folder(vault, name))
    const listed = await reader.list(state.manifest!)
    return listed.map(({ sealId, size }) => ({ url: objectUrl(place.container, sealId), size }))
  }

  test('at half of what the store holds: the newest, of each folder', async () => {
    const newest = await Promise.all(FOLDERS.map(async name => (await segmentsOf(alice, name)).at(-1)!.size))
    const device = await fresh({ limit: 2 * newest.reduce((sum, size) => sum + size, 0) })
    await synced(device)
    for (const name of FOLDERS) {
      const urls = (await segmentsOf(device, name)).map(({ url }) => url)
      const here = await Promise.all(urls.map(url => device.objects.has(url)))
      expect(here.length).toBeGreaterThan(1)
      expect(here).toEqual(urls.map(url => url === urls.at(-1)))
    }
  })

  test('while the network is to be spared; and goes on when it need not', async () => {
    let isMetered = true
    const device = await fresh({ isMetered: () => isMetered })
    await device.vault.records.list()
    const before = device.requests.length
    await synced(device)
    expect(segmentsIn(device.requests.slice(before))).toEqual([])
    isMetered = false
    await synced(device)
    device.pod.cut = true
    expect(await Array.fromAsync(device.vault.records.query())).toHaveLength(FOLDERS.length * EACH)
  })

  test('while anything else is under way: what a person waits for goes first', async () => {
    const { around: own } = await secondDevice(alice)
    let [people, behind] = [0, 0]
    let release = (): void => undefined
    const pod = answering(own.pod, {
      get: async (url, options) => {
        if (!/\/alveole\/c\/.{22}\/.{22}\.alv$/.test(url)) return own.pod.get(url, options)
        if (people) behind++
        return own.pod.get(url, options)
      },
      profile: async webId => {
        people++
        await new Promise<void>(resolve => (release = resolve))
        people--
        return own.pod.profile(webId)
      },
    })
    const vault = await openVault({ ...own, pod, objects: memoryObjects() }, { seal: openSeal })
    await vault.records.list()
    const asked = vault.pod.profile(vault.owner)
    await vault.sync()
    const fetched = vault.fetchAhead()
    await new Promise(resolve => setTimeout(resolve, 20))
    expect([people, behind]).toEqual([1, 0])
    release()
    await asked
    await fetched
    expect(await Array.fromAsync(vault.records.query())).toHaveLength(FOLDERS.length * EACH)
  })

  test('when the vault is locked: what was under way is all that is asked for, and nothing is thrown', async () => {
    const device = await fresh()
    await device.vault.sync()
    const fetched = device.vault.fetchAhead()
    await device.vault.lock()
    const before = device.requests.length
    await fetched
    expect(device.requests.length).toBeLessThanOrEqual(before + 1)
  })

  test('when the line dies, and goes on after a later sync', async () => {
    const device = await fresh()
    await device.vault.records.list()
    device.pod.cutAfter = 5
    await device.vault.sync()
    await device.vault.fetchAhead()
    expect(device.vault.isOffline).toBe(true)
    Object.assign(device.pod, { cut: false, cutAfter: Infinity })
    await synced(device)
    device.pod.cut = true
    expect(await Array.fromAsync(device.vault.records.query())).toHaveLength(FOLDERS.length * EACH)
  })
})
