/**
 * A large file put for a record, whose program is killed at any request or writing of its disk, and put again: what was stored is not
 * sent again, each file is one of its own, and nothing stays behind for good (SPEC D7).
 */
import { beforeAll, describe, expect, test } from 'vitest'
import { AlveoleError } from '#crypto'
import { isBlob, openVault, type BlobRef, type CollectionId, type Vault } from '#core'
import { nothingIsLeft } from '../crash/weeks.ts'
import { answering } from '../hostile-pod.ts'
import { dying, killed, type Death, type Sent } from './dying.ts'
import { DAY, folder, openSeal, reopen, world, type Member, type World } from './world.ts'

const PARTS = 17
const SIZE = 16 * 262_144 + 4321
const bytesOf = (seed: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length: SIZE }, (_, i) => (i * 31 + (i >> 12) + (i % 1000 === 0 ? seed : 0)) & 255)
const original = bytesOf(0)
const meta = { name: 'film.bin', mediaType: 'video/mp4' }
const isPart = (bytes: number): boolean => bytes > 100_000 || (bytes > 4321 && bytes < 6000)

let around: World
let alice: Member
let collection: CollectionId
let back: () => void

beforeAll(async () => {
  around = world()
  alice = await around.member('alice')
  collection = await folder(alice.vault, 'Films')
  await alice.vault.settle()
  back = around.save(alice.around.store)
})

const put = (vault: Vault, bytes = original): Promise<BlobRef> =>
  vault.blobs.put(new Blob([bytes]), { ...meta, collection })
const file = async (vault: Vault, ref: BlobRef): Promise<unknown> =>
  vault.records.put('File', { content: ref as never }, { collection })

/** What a program does that is killed then. */
async function putting(how: Death, bytes = original): Promise<Sent> {
  const { sent, pod, store } = dying({ world: around, who: alice, isPart }, how)
  const vault = await openVault({ ...alice.around, pod, store }, { seal: openSeal })
  const before = { ...sent }
  await put(vault, bytes)
    .then(ref => file(vault, ref))
    .catch(killed)
  return { ...sent, requests: sent.requests - before.requests, writes: sent.writes - before.writes }
}

async function filesOf(vault: Vault): Promise<{ ref: BlobRef; bytes: Uint8Array }[]> {
  const records = await Array.fromAsync(vault.records.query({ kind: 'File' }))
  return Promise.all(
    records.map(async ({ value }) => {
      const ref = Object.values(value).find(one => isBlob(one)) as unknown as BlobRef
      return { ref, bytes: new Uint8Array(await new Response(await vault.blobs.open(ref, collection)).arrayBuffer()) }
    }),
  )
}

/** Each whole, and none of them another's: sealed anew or erased, one leaves the other alone. */
async function allWhole(bytes = original): Promise<number> {
  const found = await filesOf(await reopen(alice))
  for (const one of found) expect(Buffer.compare(one.bytes, bytes)).toBe(0)
  expect(new Set(found.map(({ ref }) => ref.blob)).size).toBe(found.length)
  return found.length
}
const journal = (): string[] => [...alice.around.store.values.keys()].filter(key => key.startsWith('upload '))

test('undisturbed: each part once, and nothing is kept of it once a record refers to it', async () => {
  back()
  const vault = await reopen(alice)
  const ref = await put(vault)
  expect(journal().length).toBeGreaterThan(1)
  await file(vault, ref)
  expect(journal()).toEqual([])
  back()
  expect((await putting({})).parts).toBe(PARTS + 1) // one tried the line
})

describe('killed', () => {
  test('at any request: what was stored and noted is not sent again, and nothing stays behind', async () => {
    back()
    const whole = await putting({})
    for (let request = 1; request <= whole.requests; request++)
      for (const applied of [true, false]) {
        back()
        const first = await putting({ request, applied })
        const isOver = (await allWhole()) === 1
        const second = await putting({})
        expect([request, applied, await allWhole()]).toEqual([request, applied, isOver ? 2 : 1])
        // Sent again: the four that were under way at most, and the trial of the line
        if (!isOver) expect(first.parts + second.parts).toBeLessThanOrEqual(PARTS + 2 + 4)
        expect(journal()).toEqual([])
        if (request % 6 === 0) await nothingIsLeft(around, [alice])
      }
  })

  test('between the file and its record: no part is sent again', async () => {
    back()
    const ref = await put(await reopen(alice))
    const { sent, pod, store } = dying({ world: around, who: alice, isPart }, {})
    const vault = await openVault({ ...alice.around, pod, store }, { seal: openSeal })
    const again = await put(vault)
    expect(again).toEqual(ref)
    expect(sent.parts).toBe(0)
    await file(vault, again)
    expect(await allWhole()).toBe(1)
  })

  test('at any writing of its disk, after the record stood too: each file is one of its own', async () => {
    back()
    const whole = await putting({})
    expect(whole.writes).toBeGreaterThan(PARTS)
    for (let write = 1; write <= whole.writes; write++) {
      back()
      await putting({ write })
      const isOver = (await allWhole()) === 1
      await putting({})
      expect([write, await allWhole()]).toEqual([write, isOver ? 2 : 1])
    }
  })
})

describe('files of one name, type and size', () => {
  const other = bytesOf(77)

  test('side by side, and one after another before the first has its record: two files', async () => {
    back()
    const vault = await reopen(alice)
    const refs = [...(await Promise.all([put(vault), put(vault, other)])), await put(vault)]
    expect(new Set(refs.map(({ blob }) => blob)).size).toBe(3)
    for (const ref of refs) await file(vault, ref)
    const found = await filesOf(await reopen(alice))
    const spelled = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')
    const expected = [original, original, other].map(spelled).sort()
    expect(found.map(({ bytes }) => spelled(bytes)).sort()).toEqual(expected)
    expect(journal()).toEqual([])
  })

  test('[A32] another in the place of the one that was stopped: whole, in other parts', async () => {
    back()
    await putting({ request: 12 })
    await putting({}, other)
    expect(await allWhole(other)).toBe(1)
  })

  test('a week later it is put from the start', async () => {
    back()
    await putting({ request: 12 })
    around.pass(6 * DAY)
    expect((await putting({})).parts).toBe(PARTS + 1)
  })
})

test('one that failed goes on in the same opening', async () => {
  back()
  const { sent, pod, store } = dying({ world: around, who: alice, isPart }, {})
  let full = true
  const filling = answering(pod, {
    put: (url, body, options) => {
      if (full && sent.parts === 9) throw new AlveoleError('full')
      return pod.put(url, body, options)
    },
  })
  const vault = await openVault({ ...alice.around, pod: filling, store }, { seal: openSeal })
  await expect(put(vault)).rejects.toMatchObject({ code: 'full' })
  full = false
  await file(vault, await put(vault))
  expect(await allWhole()).toBe(1)
  expect(sent.parts).toBeLessThanOrEqual(PARTS + 1 + 3) // three may have been under way beside the one that failed
  expect(journal()).toEqual([])
})

test('neither key nor name of what is sent stands on the device in clear, nor what the name can be guessed by', async () => {
  back()
  await putting({ request: 12 })
  const first = journal()
  for (const key of first) {
    expect(key).not.toContain('film')
    expect(Buffer.from(alice.around.store.values.get(key)!).toString('latin1')).not.toContain('film')
  }
  const bob = await around.member('bob')
  const his = await folder(bob.vault, 'Films')
  await bob.vault.blobs.put(new Blob([original]), { ...meta, collection: his })
  const named = [...bob.around.store.values.keys()].filter(key => key.startsWith('upload '))
  expect(named.filter(key => first.includes(key))).toEqual([])
})
