/**
 * The acceptance suite of the ObjectStore port (client/core/object-store.ts). `make` gives an empty place, in which a store can be
 * opened more than once, one after the other, as by a program that ends and begins again.
 */
import { describe, expect, test } from 'vitest'
import type { ObjectStore, ObjectStoreOptions } from '../client/core/object-store.ts'

export interface ObjectPlace {
  open(options?: { limit?: number; now?: () => number }): Promise<ObjectStore>
}

const HOUR = 3600_000
const bytes = (length: number, first = 0): Uint8Array => Uint8Array.from({ length }, (_, i) => first + i)
const url = (name: string): string => `https://pod.example/alveole/c/${name}.alv`

/** What `open` of a place takes, as the stores do. */
export const optionsOf = ({ limit, now }: { limit?: number; now?: () => number } = {}): ObjectStoreOptions => ({
  ...(limit !== undefined && { limit }),
  ...(now && { clock: now }),
})

/** What must outlive the program is asked of those that `last`. */
export function objectStoreContract(name: string, make: () => Promise<ObjectPlace>, { lasts = true } = {}): void {
  describe(`${name} keeps objects`, () => {
    test('what is put is what is got; nothing else is there', async () => {
      const store = await (await make()).open()
      expect(await store.get(url('a'))).toBe(null)
      await store.put(url('a'), bytes(70_000))
      expect(await store.get(url('a'))).toEqual(bytes(70_000))
      expect(await store.get(url('b'))).toBe(null)
    })

    test('it says what it has, and how much it may have', async () => {
      const store = await (await make()).open({ limit: 1000 })
      expect(store.limit).toBe(1000)
      await store.put(url('a'), bytes(0))
      expect([await store.has(url('a')), await store.has(url('b'))]).toEqual([true, false])
      await store.delete(url('a'))
      expect(await store.has(url('a'))).toBe(false)
    })

    test('nothing is something', async () => {
      const store = await (await make()).open()
      await store.put(url('a'), bytes(0))
      expect(await store.get(url('a'))).toEqual(bytes(0))
      expect(await store.size()).toEqual({ objects: 1, bytes: 0 })
    })

    test('a later one replaces the earlier one whole, and counts once', async () => {
      const store = await (await make()).open()
      await store.put(url('a'), bytes(100))
      await store.put(url('a'), bytes(3, 7))
      expect(await store.get(url('a'))).toEqual(bytes(3, 7))
      expect(await store.size()).toEqual({ objects: 1, bytes: 3 })
    })

    test('what is deleted is gone, and done twice is done', async () => {
      const store = await (await make()).open()
      await store.put(url('a'), bytes(9))
      await store.delete(url('a'))
      await store.delete(url('a'))
      expect(await store.get(url('a'))).toBe(null)
      expect(await store.size()).toEqual({ objects: 0, bytes: 0 })
    })

    test('what the caller does with its bytes afterwards changes nothing', async () => {
      const store = await (await make()).open()
      const mine = bytes(5)
      await store.put(url('a'), mine)
      mine.fill(0)
      ;(await store.get(url('a')))!.fill(9)
      expect(await store.get(url('a'))).toEqual(bytes(5))
    })

    test('URLs are told apart to the letter', async () => {
      const store = await (await make()).open()
      const urls = ['https://a/x', 'https://a/X', 'https://a/x/', 'https://a/x%20', 'https://a/é', 'https://a/|x', '']
      for (const [i, one] of urls.entries()) await store.put(one, bytes(1, i))
      expect(await Promise.all(urls.map(async one => (await store.get(one))?.[0]))).toEqual(urls.map((_, i) => i))
    })

    test('many at once', async () => {
      const store = await (await make()).open()
      const names = Array.from({ length: 40 }, (_, i) => url(`${i}`))
      await Promise.all(names.map((one, i) => store.put(one, bytes(200, i))))
      expect(await Promise.all(names.map(one => store.get(one)))).toEqual(names.map((_, i) => bytes(200, i)))
      expect(await store.size()).toEqual({ objects: 40, bytes: 8000 })
    })

    if (lasts)
      test('it stands when the program begins again', async () => {
        const place = await make()
        await (await place.open()).put(url('a'), bytes(300))
        const store = await place.open()
        expect(await store.get(url('a'))).toEqual(bytes(300))
        expect(await store.size()).toEqual({ objects: 1, bytes: 300 })
      })
  })

  describe(`${name} stays within its limit`, () => {
    test('what was put first goes first', async () => {
      let time = 0
      const store = await (await make()).open({ limit: 300, now: () => (time += 2 * HOUR) })
      for (const one of ['a', 'b', 'c', 'd', 'e']) await store.put(url(one), bytes(100))
      const there = await Promise.all(['a', 'b', 'c', 'd', 'e'].map(async one => (await store.get(url(one))) !== null))
      expect(there).toEqual([false, false, true, true, true])
      expect(await store.size()).toEqual({ objects: 3, bytes: 300 })
    })

    test('what was read meanwhile stays', async () => {
      let time = 0
      const store = await (await make()).open({ limit: 300, now: () => (time += 2 * HOUR) })
      for (const one of ['a', 'b', 'c']) await store.put(url(one), bytes(100))
      await store.get(url('a'))
      await store.put(url('d'), bytes(100))
      expect(await store.get(url('b'))).toBe(null)
      expect(await store.get(url('a'))).toEqual(bytes(100))
    })

    test('so does what was asked after', async () => {
      let time = 0
      const store = await (await make()).open({ limit: 300, now: () => (time += 2 * HOUR) })
      for (const one of ['a', 'b', 'c']) await store.put(url(one), bytes(100))
      await store.has(url('a'))
      await store.put(url('d'), bytes(100))
      expect([await store.has(url('b')), await store.has(url('a'))]).toEqual([false, true])
    })

    test('several go for one that is large', async () => {
      const store = await (await make()).open({ limit: 300 })
      for (const one of ['a', 'b', 'c']) await store.put(url(one), bytes(100))
      await store.put(url('d'), bytes(250))
      expect(await store.size()).toEqual({ objects: 1, bytes: 250 })
      expect(await store.get(url('d'))).toEqual(bytes(250))
    })

    test('one that is larger than all the room is not kept, nor is what it replaces; the others stay', async () => {
      const store = await (await make()).open({ limit: 300 })
      for (const one of ['a', 'b']) await store.put(url(one), bytes(100))
      await store.put(url('b'), bytes(301))
      expect(await store.get(url('b'))).toBe(null)
      expect(await store.get(url('a'))).toEqual(bytes(100))
    })

    test('replacing takes the room of what is replaced', async () => {
      const store = await (await make()).open({ limit: 300 })
      await store.put(url('a'), bytes(100))
      for (let i = 0; i < 5; i++) await store.put(url('b'), bytes(200, i))
      expect(await store.size()).toEqual({ objects: 2, bytes: 300 })
    })

    if (lasts)
      test('a lower limit holds from the next put on', async () => {
        const place = await make()
        const large = await place.open({ limit: 1000 })
        for (const one of ['a', 'b', 'c', 'd']) await large.put(url(one), bytes(100))
        const small = await place.open({ limit: 200 })
        await small.put(url('e'), bytes(100))
        expect((await small.size()).bytes).toBeLessThanOrEqual(200)
        expect(await small.get(url('e'))).toEqual(bytes(100))
      })
  })
}
