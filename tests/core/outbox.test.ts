/** [D4] [D5] Writes without a network: kept on the device, shown, sent once and in order, merged with what others did meanwhile. */
import { beforeEach, describe, expect, test } from 'vitest'
import { openVault, type CollectionId, type RecordId, type Vault } from '#core'
import { AlveoleError } from '#crypto'
import { deviceOf, type Device } from './line.ts'
import { folder, grantTo, notes, openSeal, secondDevice, world, type Member, type World } from './world.ts'

let around: World
let alice: Member
let device: Device
let vault: Vault
let collection: CollectionId

/** A person with one note on the pod, and a device that keeps objects. */
beforeEach(async () => {
  around = world()
  alice = await around.member('alice')
  device = deviceOf(alice)
  vault = await device.open()
  collection = await folder(vault)
  await put('first')
  await vault.settle()
})

const put = (note: string, id?: RecordId, of = vault): Promise<RecordId> =>
  of.records.put('Immunization', { note }, { collection, ...(id && { id }) })
const idOf = async (note: string, of = vault): Promise<RecordId> =>
  (await Array.fromAsync(of.records.query())).find(({ value }) => value['note'] === note)!.id
const pending = async (of = vault): Promise<unknown[]> =>
  (await Array.fromAsync(of.records.query()))
    .filter(record => record.pending)
    .map(({ value }) => value['note'])
    .sort()
/** What the pod has, by a device of its own. */
const onPod = async (): Promise<unknown[]> => notes((await secondDevice(alice)).vault)
const restart = async (): Promise<Vault> => (vault = await device.open())

describe('without a network', () => {
  beforeEach(() => void (device.pod.cut = true))

  test('what is added, changed and deleted is shown at once, marked, and after the program began again', async () => {
    const first = await idOf('first')
    const second = await put('second')
    await put('third')
    await put('changed', first)
    await vault.records.remove(second)
    for (const _ of ['now', 'again']) {
      expect(await notes(vault)).toEqual(['changed', 'third'])
      expect(await pending()).toEqual(['changed', 'third'])
      expect(await vault.records.get(second)).toBe(null)
      expect(await vault.records.get(first)).toMatchObject({ value: { note: 'changed' }, pending: true })
      expect(vault.outbox.list()).toHaveLength(4)
      expect(vault.isOffline).toBe(true)
      await restart()
    }
  })

  test('lists and searches find it as if it stood, in its order', async () => {
    const at = (date: string, note: string) => vault.records.put('Immunization', { date, note }, { collection })
    await at('2024-05-01', 'spring')
    const id = await at('2023-01-01', 'winter')
    await vault.records.put('Immunization', { date: '2025-01-01', note: 'later winter' }, { collection, id })
    await vault.records.remove(await idOf('first'))
    const rows = await vault.records.list({ order: '-date' })
    expect(rows.map(({ date, pending }) => [date, pending])).toEqual([
      ['2025-01-01', true],
      ['2024-05-01', true],
    ])
    expect(await vault.records.list({ text: 'WINTER' })).toMatchObject([{ id, pending: true }])
    expect(await vault.records.list({ text: 'first' })).toEqual([])
    device.pod.cut = false
    await vault.sync()
    const sent = await vault.records.list({ order: '-date' })
    expect(sent.map(row => ({ ...row, pending: true }))).toEqual(rows)
    expect(sent.some(({ pending }) => pending)).toBe(false)
  })

  test('it is sent when the network is back, once, by whoever syncs or opens', async () => {
    await put('second')
    await put('third')
    device.pod.cut = false
    await vault.sync()
    expect(vault.outbox.list()).toEqual([])
    expect(await pending()).toEqual([])
    expect(vault.isOffline).toBe(false)
    device.pod.cut = true
    await put('fourth')
    device.pod.cut = false
    await restart()
    expect(vault.outbox.list()).toEqual([])
    expect(await onPod()).toEqual(['first', 'fourth', 'second', 'third'])
  })

  test('a write with the network back sends first what waited', async () => {
    await put('second')
    device.pod.cut = false
    await put('third')
    expect(vault.outbox.list()).toEqual([])
    expect(await onPod()).toEqual(['first', 'second', 'third'])
  })

  test('as long as there is none, syncing says so and nothing is lost', async () => {
    await put('second')
    await expect(vault.sync()).rejects.toMatchObject({ code: 'offline' })
    expect(vault.outbox.list()).toHaveLength(1)
  })

  test('a deleted record stays deleted, and is no longer written', async () => {
    const first = await idOf('first')
    await vault.records.remove(first)
    await expect(put('again', first)).rejects.toMatchObject({ code: 'refused' })
  })

  test('nothing readable stands on the device', async () => {
    await put('a secret note')
    const kept = [...device.store.values.values()].map(bytes => new TextDecoder('latin1').decode(bytes)).join()
    expect(kept).not.toContain('secret')
    expect(kept).not.toContain('Immunization')
  })

  test('whatever needs the pod is refused as before: files, imports, folders, circles, grants', async () => {
    const offline = { code: 'offline' }
    const meta = { collection, name: 'a', mediaType: 'text/plain' }
    await expect(vault.blobs.put(new Blob(['x']), meta, { patience: 0 })).rejects.toMatchObject(offline)
    const gedcom = new Blob(['0 HEAD\n1 GEDC\n2 VERS 5.5.1\n1 CHAR UTF-8\n0 @I1@ INDI\n1 NAME A /B/\n0 TRLR\n'])
    await expect(vault.import([{ name: 'a.ged', blob: gedcom }], { into: 'Health' })).rejects.toMatchObject(offline)
    await expect(vault.collections.create('Other')).rejects.toMatchObject(offline)
    await expect(vault.groups.found('Les Abeilles')).rejects.toMatchObject(offline)
    const grant = { ...grantTo('https://memory.example/bob/profile/card#me', around.clock), collections: [collection] }
    await expect(vault.grants.give(grant)).rejects.toMatchObject(offline)
    expect(vault.outbox.list()).toEqual([])
  })

  test('a device that keeps nothing refuses, as before', async () => {
    device.pod.cut = false
    const keeping = await openVault({ ...alice.around, pod: device.pod }, { seal: openSeal })
    await notes(keeping)
    device.pod.cut = true
    await expect(put('second', undefined, keeping)).rejects.toMatchObject({ code: 'offline' })
    expect(keeping.outbox.list()).toEqual([])
  })

  test('no disk for it: it is refused, and not half kept', async () => {
    const { store } = device
    const set = store.set
    store.set = async () => Promise.reject(new AlveoleError('full'))
    await expect(put('second')).rejects.toMatchObject({ code: 'full' })
    store.set = set
    expect(vault.outbox.list()).toEqual([])
    expect(await notes(await restart())).toEqual(['first'])
  })
})

describe('what others did meanwhile', () => {
  let other: Vault
  beforeEach(async () => {
    other = (await secondDevice(alice)).vault
  })
  /** First this device without a network, then the other, then the network is back. */
  const after = async (mine: () => Promise<unknown>, theirs: () => Promise<unknown>): Promise<void> => {
    device.pod.cut = true
    await mine()
    around.pass(1000)
    await theirs()
    device.pod.cut = false
    await vault.sync()
  }

  test('of two changes of one facet the later one stands, whichever was sent first', async () => {
    const first = await idOf('first')
    await after(
      () => put('mine, sooner', first),
      () => put('theirs, later', first, other),
    )
    expect(await notes(vault)).toEqual(['theirs, later'])
    await after(
      () => put('theirs', first, other),
      async () => {
        device.pod.cut = true
        await put('mine, later', first)
      },
    )
    expect(await notes(vault)).toEqual(['mine, later'])
    expect(await onPod()).toEqual(['mine, later'])
  })

  test('changes of two facets of one record both stand', async () => {
    const id = await vault.records.put('Medication', { form: 'a', dosage: ['1 g'] }, { collection })
    await after(
      () => vault.records.put('Medication', { form: 'b', dosage: ['1 g'] }, { collection, id }),
      () => other.records.put('Medication', { form: 'a', dosage: ['2 g'] }, { collection, id }),
    )
    expect((await vault.records.get(id))?.value).toEqual({ form: 'b', dosage: ['2 g'] })
  })

  test('a change of what was deleted becomes a copy, whole, and once', async () => {
    const id = await vault.records.put('Medication', { form: 'a', dosage: ['1 g'] }, { collection })
    await after(
      async () => {
        await vault.records.put('Medication', { form: 'b', dosage: ['1 g'] }, { collection, id })
        await vault.records.put('Medication', { form: 'c', dosage: ['1 g'] }, { collection, id })
      },
      () => other.records.remove(id),
    )
    const copies = (await Array.fromAsync(vault.records.query({ kind: 'Medication' }))).filter(
      record => record.id !== id,
    )
    expect(copies.map(({ value }) => value)).toEqual([{ form: 'c', dosage: ['1 g'] }])
    expect(await vault.records.get(id)).toBe(null)
    expect(vault.outbox.list()).toEqual([])
  })

  test('what both deleted is deleted; what this device deleted after changing it is no copy', async () => {
    const [first, second] = [await idOf('first'), await put('second')]
    await after(
      async () => {
        await vault.records.remove(first)
        await put('changed', second)
        await vault.records.remove(second)
      },
      () => other.records.remove(first),
    )
    expect(await notes(vault)).toEqual([])
    expect(await onPod()).toEqual([])
  })

  test('what was added and deleted while it waited stays deleted, whoever puts it from then on', async () => {
    device.pod.cut = true
    const id = await put('added')
    await vault.records.remove(id)
    device.pod.cut = false
    await vault.sync()
    const other = await secondDevice(alice)
    await expect(put('from elsewhere', id, other.vault)).rejects.toMatchObject({ code: 'refused' })
    expect(await onPod()).toEqual(['first'])
  })

  test('what was added and deleted stays deleted, though the first attempt to send it arrives later than all', async () => {
    const late: (() => Promise<unknown>)[] = []
    const sent = device.pod.put
    device.pod.put = async (...args) => {
      device.pod.put = sent
      device.pod.cut = true
      late.push(() => alice.around.pod.put(...args))
      throw new AlveoleError('offline')
    }
    const id = await put('added')
    await vault.records.remove(id)
    device.pod.cut = false
    await vault.sync()
    await expect(late[0]!()).rejects.toMatchObject({ code: 'conflict' })
    expect(await onPod()).toEqual(['first'])
    expect(vault.outbox.list()).toEqual([])
  })

  test('a deletion ends what another changed later', async () => {
    const first = await idOf('first')
    await after(
      () => vault.records.remove(first),
      () => put('theirs', first, other),
    )
    expect(await onPod()).toEqual([])
  })

  test('a grant that ended meanwhile gets nothing of what waited', async () => {
    const bob = await around.member('bob')
    const { grant } = await other.grants.give({ ...grantTo(bob.vault.owner, around.clock), collections: [collection] })
    await other.settle()
    await vault.sync()
    await after(
      () => put('after the end'),
      async () => {
        await other.grants.revoke(grant)
        await other.settle()
      },
    )
    expect(await onPod()).toEqual(['after the end', 'first'])
    expect((await bob.vault.views.open(vault.owner)).rows).toEqual([])
    // And not with the host's help either: what was written after the end is in an epoch of its own
    const open = await vault.collections.open(collection)
    expect(open.state.owner?.epochs.length).toBeGreaterThan(1)
  })
})

describe('when the program dies', () => {
  /** Three writes that wait, and how to come back to this moment. */
  const waiting = async (): Promise<() => void> => {
    device.pod.cut = true
    const first = await idOf('first')
    await put('second')
    await put('changed', first)
    await put('third'.repeat(9000)) // makes a segment
    device.pod.cut = false
    return around.save(device.store)
  }
  const allIsThere = async (after: string): Promise<void> => {
    await restart()
    expect(vault.outbox.list(), after).toEqual([])
    const begins = (await notes(vault)).map(note => JSON.stringify(note).slice(1, 7))
    expect(begins, after).toEqual(['change', 'second', 'thirdt'])
  }

  test('after any request of a flush: all is there once, in the end', async () => {
    const back = await waiting()
    let isDone = false
    for (let requests = 1; !isDone; requests++) {
      back()
      device.pod.cutAfter = requests
      await device.open().catch(() => undefined)
      isDone = !device.pod.cut
      Object.assign(device.pod, { cut: false, cutAfter: Infinity })
      await allIsThere(`request ${requests}`)
    }
    expect(await onPod()).toHaveLength(3)
  })

  test('after any writing on the device: the same', async () => {
    const back = await waiting()
    const { set } = device.store
    let isDone = false
    for (let at = 1; !isDone; at++) {
      back()
      let writes = 0
      device.store.set = async (key, value) => (++writes >= at ? Promise.reject(new Error('killed')) : set(key, value))
      await device.open().catch(() => undefined)
      device.store.set = set
      isDone = writes < at
      await allIsThere(`writing ${at}`)
    }
    expect(await onPod()).toHaveLength(3)
  })

  test('while it is being kept: it was not said to be kept, or it is there', async () => {
    device.pod.cut = true
    const back = around.save(device.store)
    const { set } = device.store
    for (let at = 1; at <= 4; at++) {
      back()
      await restart()
      let writes = 0
      device.store.set = async (key, value) =>
        ++writes >= at ? Promise.reject(new AlveoleError('full')) : set(key, value)
      const isKept = await put('second').then(
        () => true,
        () => false,
      )
      device.store.set = set
      await restart()
      expect(await notes(vault)).toEqual(isKept ? ['first', 'second'] : ['first'])
    }
  })

  test('an answer that did not come is no second record', async () => {
    device.pod.cutAfter = 1 // the head stands, and nobody says so
    await put('second')
    expect(vault.outbox.list()).toHaveLength(1)
    expect(await onPod()).toEqual(['first', 'second'])
    Object.assign(device.pod, { cut: false, cutAfter: Infinity })
    await vault.sync()
    expect(await notes(vault)).toEqual(['first', 'second'])
    expect(await onPod()).toEqual(['first', 'second'])
  })
})

describe('what the pod refuses for good', () => {
  const refusing = async (): Promise<void> => {
    device.pod.cut = true
    await put('second')
    await put('x'.repeat(50_000))
    const honest = device.pod.put
    device.pod.put = async (url, body, options) => {
      if (body.length > 40_000) throw new AlveoleError('too-large')
      return honest(url, body, options)
    }
    device.pod.cut = false
    await vault.sync()
  }

  test('stays, with its reason, and keeps nothing else from being sent', async () => {
    await refusing()
    expect(vault.outbox.list()).toMatchObject([{ problem: 'too-large', collection, records: [expect.any(String)] }])
    expect(await onPod()).toEqual(['first', 'second'])
    expect(await notes(vault)).toHaveLength(3)
  })

  test('and is given up where its person says so', async () => {
    await refusing()
    await vault.outbox.discard(vault.outbox.list()[0]!.id)
    expect(await notes(vault)).toEqual(['first', 'second'])
    expect(await notes(await restart())).toEqual(['first', 'second'])
    expect(vault.outbox.list()).toEqual([])
  })
})
