/**
 * An import of a large file whose program is killed, at any request and at any writing of its disk, and begun again (A32): it goes
 * on where it stopped, the file is whole, and no key seals twice.
 */
import { beforeAll, describe, expect, test } from 'vitest'
import { isBlob, openVault, type BlobRef, type Vault } from '#core'
import { dying, killed, type Death, type Sent } from './dying.ts'
import { DAY, openSeal, reopen, secondDevice, world, type Member, type World } from './world.ts'

const PARTS = 17
const SIZE = 16 * 262_144 + 4321
/** Beyond the chunk that tries the line. */
const bytesOf = (seed: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length: SIZE }, (_, i) => (i * 31 + (i >> 12) + (i % 1000 === 0 ? seed : 0)) & 255)
const original = bytesOf(0)
const sourceOf = (bytes: Uint8Array<ArrayBuffer>) => ({ name: 'film.bin', blob: new Blob([bytes]) })

let around: World
let alice: Member
let back: () => void

beforeAll(async () => {
  around = world()
  alice = await around.member('alice')
  await alice.vault.collections.create('Files')
  await alice.vault.settle()
  back = around.save(alice.around.store)
})

const isPart = (bytes: number): boolean => bytes > 100_000 || (bytes > 4321 && bytes < 6000)
const dyingAt = (how: Death) => dying({ world: around, who: alice, isPart }, how)

async function importing(how: Death, bytes = original): Promise<Sent> {
  const { sent, pod, store } = dyingAt(how)
  const vault = await openVault({ ...alice.around, pod, store }, { seal: openSeal })
  const before = { ...sent }
  await vault.import([sourceOf(bytes)]).catch(killed)
  return { ...sent, requests: sent.requests - before.requests, writes: sent.writes - before.writes }
}

async function contents(vault: Vault): Promise<Uint8Array[]> {
  const records = await Array.fromAsync(vault.records.query({ kind: 'File' }))
  return Promise.all(
    records.map(async ({ value, collection }) => {
      const ref = Object.values(value).find(one => isBlob(one)) as unknown as BlobRef
      return new Uint8Array(await new Response(await vault.blobs.open(ref, collection)).arrayBuffer())
    }),
  )
}
const isWhole = async (bytes = original): Promise<boolean> => {
  const found = await contents(await reopen(alice))
  return found.length === 1 && Buffer.compare(found[0]!, bytes) === 0
}
const journal = (): string[] => [...alice.around.store.values.keys()].filter(key => key.startsWith('upload '))

test('undisturbed: each part once, and nothing is kept of it afterwards', async () => {
  back()
  const { parts } = await importing({})
  expect(parts).toBe(PARTS + 1) // one tried the line
  expect(await isWhole()).toBe(true)
  expect(journal()).toEqual([])
})

describe('killed', () => {
  test('at a request: what was stored and noted is not sent again', async () => {
    back()
    const whole = await importing({})
    for (let request = 1; request <= whole.requests; request += 2)
      for (const applied of [true, false]) {
        back()
        const first = await importing({ request, applied })
        const second = await importing({})
        expect([request, applied, await isWhole()]).toEqual([request, applied, true])
        // Sent again: the four that were under way at most, and the trial of the line
        expect(first.parts + second.parts).toBeLessThanOrEqual(PARTS + 2 + 4)
        expect(journal()).toEqual([])
      }
  })

  test('at a writing of its disk', async () => {
    back()
    const whole = await importing({})
    expect(whole.writes).toBeGreaterThan(PARTS)
    for (let write = 1; write <= whole.writes; write += 2) {
      back()
      const first = await importing({ write })
      const second = await importing({})
      expect([write, await isWhole()]).toEqual([write, true])
      expect(first.parts + second.parts).toBeLessThanOrEqual(PARTS + 2 + 4)
    }
  })
})

describe('begun again', () => {
  const half = 12
  test('[A32] with other bytes of the same name and size: whole, in other parts', async () => {
    back()
    await importing({ request: half })
    const other = bytesOf(77)
    await importing({}, other)
    expect(await isWhole(other)).toBe(true)
  })

  test('[A32] with bytes that changed after they were looked at: sealed anew, each part', async () => {
    back()
    await importing({ request: half })
    const other = bytesOf(77)
    // Read as it was, to say what it is; then, as it is sent, as it has become.
    let reads = 0
    const slice = (start: number, end: number) => new Blob([(++reads > 4 ? other : original).subarray(start, end)])
    const vault = await reopen({ around: alice.around }, dyingAt({}).pod)
    await vault.import([{ name: 'film.bin', blob: { size: SIZE, slice } as unknown as Blob }])
    expect(await isWhole(other)).toBe(true)
  })

  test('a week later, or by another device: from the start', async () => {
    back()
    await importing({ request: half })
    const { store } = alice.around
    const kept = journal().length
    expect(kept).toBeGreaterThan(1)
    around.pass(6 * DAY)
    expect((await importing({})).parts).toBe(PARTS + 1)
    expect(await isWhole()).toBe(true)
    back()
    await importing({ request: half })
    const other = await secondDevice(alice)
    await other.vault.import([sourceOf(original)])
    expect(await isWhole()).toBe(true)
    expect(store.values.size).toBeGreaterThan(0)
  })

  test('after an upload that nobody ended, another file’s clears it away', async () => {
    back()
    await importing({ request: half })
    around.pass(6 * DAY)
    await importing({}, bytesOf(5))
    expect(journal()).toEqual([])
  })

  test('where what it kept does not open, or is another upload’s: from the start', async () => {
    for (const spoil of [
      (key: string, values: Map<string, Uint8Array>) =>
        void values.set(
          key,
          values.get(key)!.map((byte, i, all) => (i === all.length - 1 ? byte ^ 1 : byte)),
        ),
      (key: string, values: Map<string, Uint8Array>) =>
        void values.set(key, values.get(key.endsWith(' 0') ? key.slice(0, -2) : `${key} 0`)!),
    ]) {
      back()
      await importing({ request: half })
      const { values } = alice.around.store
      const kept = new Map(values)
      for (const key of journal()) spoil(key, kept)
      for (const key of journal()) values.set(key, kept.get(key)!)
      expect((await importing({})).parts).toBe(PARTS + 1)
      expect(await isWhole()).toBe(true)
    }
  })

  test('where parts are gone meanwhile: refused, and then from the start', async () => {
    back()
    await importing({ request: half })
    const { files } = around.server
    const gone = [...files].find(([, { body }]) => body.length > 100_000)![0]
    files.delete(gone)
    const vault = await reopen(alice)
    await expect(vault.import([sourceOf(original)])).rejects.toMatchObject({ code: 'not-granted' })
    expect(journal()).toEqual([])
    await (await reopen(alice)).import([sourceOf(original)])
    expect(await isWhole()).toBe(true)
  })
})

test('neither key nor name of what is sent stands on the device in clear', async () => {
  back()
  await importing({ request: 12 })
  for (const key of journal()) {
    expect(key).not.toContain('film')
    const text = Buffer.from(alice.around.store.values.get(key)!).toString('latin1')
    expect(text).not.toContain('film')
    expect(text).toContain('device-slot')
  }
})
