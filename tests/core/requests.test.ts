/** The budget of requests of each action of a person: it does not grow with records or members. */
import { beforeAll, describe, expect, test } from 'vitest'
import { random } from '#crypto'
import { openVault, type CollectionId, type GroupId, type Vault } from '#core'
import { objectUrl } from '../../client/core/paths.ts'
import { memoryObjects } from '../../client/core/object-store.ts'
import { faultyPod, type FaultyPod } from './faulty-pod.ts'
import {
  DAY,
  FACET,
  folder,
  grantTo,
  notes,
  openSeal,
  reopen,
  secondDevice,
  world,
  type Member,
  type World,
} from './world.ts'

const sizes = [
  { records: 10, members: 2 },
  { records: 1000, members: 5 },
]

/** What a piece of work asks for; a profile counts once, since the adapter remembers those. */
async function asked(pod: FaultyPod, work: () => Promise<unknown>): Promise<string[]> {
  const from = pod.requests.length
  await work()
  return pod.requests.filter((line, i, all) => i >= from && !(line.startsWith('PROFILE') && all.indexOf(line) < i))
}

describe.each(sizes)('with $records records and a circle of $members', ({ records, members }) => {
  let around: World
  let alice: Member
  let others: Member[]
  let group: GroupId
  let collection: CollectionId
  let back: () => void

  beforeAll(async () => {
    around = world()
    alice = await around.member('alice')
    others = []
    for (let i = 1; i < members; i++) others.push(await around.member(`member${i}`))
    collection = await folder(alice.vault)
    const many = Array.from({ length: records }, (_, i) => ({ kind: 'Immunization', value: { note: `vaccin ${i}` } }))
    await alice.vault.records.putAll(many, collection)
    group = (await alice.vault.groups.found('Les Abeilles')).group
    const link = await alice.vault.groups.invite(group)
    for (const { vault } of others) {
      await vault.groups.join(link)
      await alice.vault.groups.admit(group, vault.owner)
    }
    await alice.vault.settle()
    back = around.save(alice.around.store)
  })

  /** An open vault that has just been looked at, and what it asks for from then on. */
  async function warm(): Promise<{
    vault: Vault
    pod: FaultyPod
    asks: (work: () => Promise<unknown>) => Promise<string[]>
  }> {
    back()
    const pod = faultyPod(alice.around.pod)
    const vault = await reopen(alice, pod)
    await Array.fromAsync(vault.records.query())
    await vault.groups.list()
    return { vault, pod, asks: work => asked(pod, work) }
  }
  const add = (vault: Vault, note: string) => vault.records.put('Immunization', { note }, { collection })

  test('opening where nothing changed: 1', async () => {
    back()
    const pod = faultyPod(alice.around.pod)
    await reopen(alice, pod)
    expect(pod.requests).toHaveLength(1)
  })

  test('looking at a folder for the first time: its head and segments; again: 1, and within half a minute 0', async () => {
    const { vault, asks } = await warm()
    expect(await asks(() => Array.fromAsync(vault.records.query()))).toEqual([])
    around.pass(60_000)
    expect(await asks(() => Array.fromAsync(vault.records.query()))).toHaveLength(1)
  })

  test('adding or changing a record: 1', async () => {
    const { vault, asks } = await warm()
    expect(await asks(() => add(vault, 'one'))).toHaveLength(1)
    const [some] = await Array.fromAsync(vault.records.query({ limit: 1 }))
    const change = () => vault.records.put('Immunization', { note: 'two' }, { collection, id: some!.id })
    expect(await asks(change)).toHaveLength(1)
    expect(await asks(() => vault.records.remove(some!.id))).toHaveLength(1)
  })

  test('adding one to what a circle and a person were granted: 1, and with the five-minute checks 1 more for each and the account', async () => {
    const { vault, asks } = await warm()
    await vault.grants.give({ ...grantTo(group, around.clock), collections: [collection] })
    expect(await asks(() => add(vault, 'one'))).toHaveLength(1)
    around.pass(6 * 60_000)
    // head of the collection, account, head and steward's identity of the circle, then the write
    expect((await asks(() => add(vault, 'two'))).length).toBeLessThanOrEqual(6)
    expect(await asks(() => add(vault, 'three'))).toHaveLength(1)
  })

  test('granting a folder to a circle: 6', async () => {
    const { vault, asks } = await warm()
    const requests = await asks(() => vault.grants.give({ ...grantTo(group, around.clock), collections: [collection] }))
    expect(requests.length, requests.join('\n')).toBeLessThanOrEqual(6)
  })

  test('granting a folder to a person: 6, and 2 to know who they are', async () => {
    const { vault, asks } = await warm()
    const to = others[0]!.vault.owner
    const requests = await asks(() => vault.grants.give({ ...grantTo(to, around.clock), collections: [collection] }))
    expect(requests.length, requests.join('\n')).toBeLessThanOrEqual(8)
  })

  test('taking a grant back: 3; the epoch at the next write: keyring if any, and head', async () => {
    const { vault, asks } = await warm()
    const { grant } = await vault.grants.give({ ...grantTo(group, around.clock), collections: [collection] })
    const requests = await asks(() => vault.grants.revoke(grant))
    expect(requests.length, requests.join('\n')).toBeLessThanOrEqual(3)
    expect(await asks(() => add(vault, 'after'))).toHaveLength(1)
  })

  test('another end, or less of it, for a circle: the account, and 4 a folder: its rules read and written, its keyring and its head', async () => {
    const { vault, asks } = await warm()
    const facets = [FACET, 'health/medications']
    const { grant } = await vault.grants.give({ ...grantTo(group, around.clock), facets, collections: [collection] })
    const until = new Date(around.clock() + 60 * DAY)
    const extending = await asks(() => vault.grants.extend(grant, { until }))
    expect(extending.length, extending.join('\n')).toBe(5)
    const narrowing = await asks(() => vault.grants.narrow(grant, { facets: [FACET] }))
    expect(narrowing.length, narrowing.join('\n')).toBe(5)
    expect(await asks(() => vault.grants.narrow(grant, { facets: [FACET] }))).toEqual([])
  })

  test('stopping everything: the account once, and 2 a folder, however many grants', async () => {
    const { vault, asks } = await warm()
    const other = await folder(vault, 'Other')
    const collections = [collection, other]
    for (const to of [group, others[0]!.vault.owner, others[0]!.vault.owner])
      await vault.grants.give({ ...grantTo(to, around.clock), collections })
    await vault.settle()
    const requests = await asks(() => vault.grants.stopEverything())
    expect(requests.filter(line => line.startsWith('PUT') && line.endsWith('account.alv'))).toHaveLength(1)
    expect(requests.length, requests.join('\n')).toBe(1 + 2 * collections.length)
  })

  test('a view of a circle, again and with nothing new: as many as there are announcements, and 3', async () => {
    const { vault } = await warm()
    await vault.grants.give({ ...grantTo(group, around.clock), collections: [collection] })
    const pod = faultyPod(others[0]!.around.pod)
    const reader = await reopen(others[0]!, pod)
    expect((await reader.views.open(group)).rows).toHaveLength(records)
    const requests = await asked(pod, () => reader.views.open(group))
    expect(requests.length, requests.join('\n')).toBeLessThanOrEqual(4)
  })
})

describe('on a device that keeps what it fetched', () => {
  const keeping = async () => {
    const around = world()
    const alice = await around.member('alice')
    const device = { ...alice.around, objects: memoryObjects() }
    const first = await openVault(device, { seal: openSeal })
    for (const name of ['Health', 'Family', 'Photos']) {
      const many = Array.from({ length: 400 }, (_, i) => ({
        kind: 'Immunization',
        value: { note: `${name} ${i}`.repeat(20) },
      }))
      await first.records.putAll(many, await folder(first, name))
    }
    await first.settle()
    /** Another opening, and all that it asks for. */
    const open = async (on = device) => {
      const pod = faultyPod(alice.around.pod)
      return { pod, vault: await openVault({ ...on, pod }, { seal: openSeal }) }
    }
    return { around, alice, device, open }
  }
  const heads = (requests: string[]): string[] => requests.filter(line => line.endsWith('head.alv'))

  test('opening where nothing changed: 1; looking at all of it: none, after half a minute its heads', async () => {
    const { around, open } = await keeping()
    const { vault, pod } = await open()
    expect(pod.requests).toHaveLength(1)
    expect(await Array.fromAsync(vault.records.query())).toHaveLength(1200)
    expect(pod.requests).toHaveLength(1)
    around.pass(60_000)
    await Array.fromAsync(vault.records.query())
    expect(pod.requests.slice(1).sort()).toEqual(heads(pod.requests).sort())
    expect(heads(pod.requests)).toHaveLength(3)
  })

  test('where another device wrote into one folder: the account, that head, and its new segments alone', async () => {
    const { alice, open } = await keeping()
    const other = await secondDevice(alice)
    await other.vault.records.put('Immunization', { note: 'theirs' }, { collection: await folder(other.vault) })
    await other.vault.settle()
    const { vault, pod } = await open()
    expect(await notes(vault)).toContain('theirs')
    expect(heads(pod.requests)).toHaveLength(1)
    // the account; the identity log, for the other device's key; one head; no segment, since what is new is in its tail
    expect(pod.requests, pod.requests.join('\n')).toHaveLength(3)
  })

  test('where it wrote a segment: that one and its index run, of those that were there none', async () => {
    const { around, alice, open } = await keeping()
    const other = await secondDevice(alice)
    const health = await folder(other.vault)
    const objects = (): string[] => [...around.server.files.keys()].filter(url => /\/[\w-]{22}\.alv$/.test(url))
    const segmentsOf = async ({ collections }: Vault): Promise<string[]> => {
      const { reader, state, place } = await collections.open(health)
      return (await reader.list(state.manifest!)).map(({ sealId }) => objectUrl(place.container, sealId))
    }
    const [stood, old] = [objects(), await segmentsOf(other.vault)]
    const many = Array.from({ length: 100 }, (_, i) => ({
      kind: 'Immunization',
      value: { note: `theirs ${i}`.repeat(20) },
    }))
    await other.vault.records.putAll(many, health)
    await other.vault.settle()
    const { vault, pod } = await open()
    expect(await notes(vault)).toHaveLength(1300)
    const now = await segmentsOf(vault)
    expect(now).toEqual(expect.arrayContaining(old)) // named still, and needed for the records just read
    const added = now.filter(url => !old.includes(url))
    expect(added).toHaveLength(1)
    const fetched = pod.requests.filter(line => /\/[\w-]{22}\.alv$/.test(line)).map(line => line.replace(/^GET /, ''))
    expect(fetched.filter(url => stood.includes(url))).toEqual([])
    expect(fetched).toEqual(expect.arrayContaining(added))
    expect(fetched).toHaveLength(2)
  })

  test('a head that the account does not cite yet is seen at the next look', async () => {
    const { around, alice, open } = await keeping()
    const other = await secondDevice(alice)
    await other.vault.records.put('Immunization', { note: 'theirs' }, { collection: await folder(other.vault) })
    const { vault } = await open()
    around.pass(60_000)
    expect(await notes(vault)).toContain('theirs')
  })

  test('nor one that it never does: every head is asked for daily', async () => {
    const { around, alice, open } = await keeping()
    const other = await secondDevice(alice)
    await other.vault.records.put('Immunization', { note: 'theirs' }, { collection: await folder(other.vault) })
    expect(await notes((await open()).vault)).not.toContain('theirs')
    around.pass(25 * 3600_000)
    const { vault, pod } = await open()
    expect(await notes(vault)).toContain('theirs')
    expect(heads(pod.requests)).toHaveLength(3)
    const again = await open()
    await notes(again.vault)
    expect(heads(again.pod.requests)).toHaveLength(1) // the one that the account does not cite
  })

  test('with all objects lost it is as on the first day, and kept again', async () => {
    const { device, open } = await keeping()
    const empty = { ...device, objects: memoryObjects() }
    const { vault, pod } = await open(empty)
    expect(await notes(vault)).toHaveLength(1200)
    expect(pod.requests.length).toBeGreaterThan(4)
    const again = await open(empty)
    expect(await notes(again.vault)).toHaveLength(1200)
    expect(again.pod.requests).toHaveLength(1)
  })

  test('thumbnails come by the segment: a hundred of four hundred in about as many requests as they have segments, then in none', async () => {
    const around = world()
    const alice = await around.member('alice')
    const collection = await folder(alice.vault, 'Photos')
    const thumbnail = () => ({ mediaType: 'image/jpeg', data: Buffer.from(random(6000)).toString('base64') })
    for (let day = 0; day < 8; day++) {
      const taken = Array.from({ length: 50 }, (_, n) => ({
        kind: 'Photo',
        value: { taken: `2025-0${day + 1}-01T10:00:${`${n}`.padStart(2, '0')}Z`, thumbnail: thumbnail() },
      }))
      await alice.vault.records.putAll(taken, collection)
    }
    await alice.vault.settle()
    const pod = faultyPod(alice.around.pod)
    const { around: own } = await secondDevice(alice)
    const vault = await openVault({ ...own, pod, objects: memoryObjects() }, { seal: openSeal })
    const page = await vault.records.list({ order: '-date', limit: 100 })
    expect(page).toHaveLength(100)
    const look = () => Promise.all(page.map(({ id }) => vault.records.get(id)))
    const first = await asked(pod, look)
    const segments = new Set(first)
    expect(first).toHaveLength(segments.size) // each once, whoever asks meanwhile
    expect(first.length, first.join('\n')).toBeLessThanOrEqual(18)
    expect((await look()).every(photo => photo?.value['thumbnail'])).toBe(true)
    expect(await asked(pod, look)).toEqual([])
  })

  test('verifying asks for every byte anew', async () => {
    const { open } = await keeping()
    const { vault, pod } = await open()
    const { resources } = await vault.verify()
    expect(resources).toBeGreaterThan(4)
    expect(pod.requests.length).toBeGreaterThanOrEqual(resources)
  })
})

test('granting ten thousand records costs what granting one does', async () => {
  const around = world()
  const [alice, bob] = [await around.member('alice'), await around.member('bob')]
  const collection = await folder(alice.vault)
  const many = Array.from({ length: 10_000 }, (_, i) => ({ kind: 'Immunization', value: { note: `vaccin ${i}` } }))
  await alice.vault.records.putAll(many, collection)
  await alice.vault.settle()
  const pod = faultyPod(alice.around.pod)
  const vault = await reopen(alice, pod)
  await Array.fromAsync(vault.records.query())
  const request = { ...grantTo(bob.vault.owner, around.clock), collections: [collection] }
  const giving = await asked(pod, () => vault.grants.give(request))
  expect(giving.length, giving.join('\n')).toBeLessThanOrEqual(8)
  expect((await bob.vault.views.open(vault.owner)).rows).toHaveLength(10_000)
  const [given] = await vault.grants.list()
  const ending = await asked(pod, () => vault.grants.revoke(given!.grant))
  expect(ending.length, ending.join('\n')).toBeLessThanOrEqual(3)
})
