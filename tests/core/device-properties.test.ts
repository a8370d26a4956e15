/** What a device keeps between openings comes back as it was, has one spelling (O2), and no count is given twice (H6). */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AlveoleError, drawSeeds, encode, equal, fromWords, rootId, sealForDevice, toHex } from '#crypto'
import { memoryStore } from '#core'
import { deviceKeys, keepSealed } from '../../client/core/device-keys.ts'
import { checkMark, nextCommit } from '../../client/core/marks.ts'
import { Me } from '../../client/core/me.ts'
import { keepKit, keptKit, pending } from '../../client/core/recovery.ts'
import { encodeCbor } from '../../crypto/cbor.ts'
import { anyCount, anyVector, few } from '../crypto/arbitraries.ts'
import { respellings } from '../crypto/respell.ts'
import { any16, any32, person } from '../crypto/support.ts'

const alice = person('alice')
const URL = 'https://pod.example/head.alv'

/** Anything that this device kept, respelled, is refused when it is read again. */
async function refusesRespelled(
  key: string,
  kept: Uint8Array,
  use: (store: ReturnType<typeof memoryStore>) => Promise<unknown>,
) {
  for (const [name, other] of respellings(kept)) {
    const store = memoryStore()
    await store.set(key, other)
    const code = await use(store).then(
      () => 'no error',
      (error: unknown) => (error instanceof AlveoleError ? error.code : error),
    )
    expect([name, code]).toEqual([name, 'tampered'])
  }
}

test('[H5] a mark is the state it was made of, and has one spelling', async () => {
  await fc.assert(
    fc.asyncProperty(anyVector, any32, async (vector, hash) => {
      const store = memoryStore()
      await checkMark(store, URL, { vector, hash })
      await checkMark(store, URL, { vector, hash })
      const kept = (await store.get(`seen ${URL}`))!
      expect(toHex(kept)).toBe(
        toHex(encodeCbor([vector.map(({ device, commits, last }) => [device, commits, last]), hash])),
      )
      await refusesRespelled(`seen ${URL}`, kept, other => checkMark(other, URL, { vector, hash }))
    }),
    { numRuns: 15 },
  )
})

test('[H6] no count is given twice, whatever was known', async () => {
  const known = few(fc.tuple(anyVector, fc.integer({ min: 1, max: 5 })), 8)
  await fc.assert(
    fc.asyncProperty(known, any16, async (asked, device) => {
      const store = memoryStore()
      let last = 0
      for (const [vector, commits] of asked) {
        const others = vector.filter(row => !equal(row.device, device))
        const next = await nextCommit(store, URL, [...others, { device, commits, last: new Uint8Array(32) }], device)
        expect(next).toBe(Math.max(last, commits) + 1)
        last = next
      }
    }),
  )
})

test('[H6] a counter has one spelling', async () => {
  await fc.assert(
    fc.asyncProperty(anyCount, async commits => {
      await refusesRespelled(`commits ${URL}`, encodeCbor([commits]), other =>
        nextCommit(other, URL, [], new Uint8Array(16)),
      )
    }),
    { numRuns: 15 },
  )
})

test('[D1] the keys of a device come back as they were kept, and have one spelling', async () => {
  const { identity, webId } = alice
  const seal = { seal: async (plain: Uint8Array) => plain, open: async (sealed: Uint8Array) => sealed }
  const seeds = drawSeeds()
  const store = memoryStore()
  await keepSealed(store, new Me(identity, seeds, []), seal)
  expect(await deviceKeys(store, webId, { seal })).toEqual({ ...seeds, root: rootId(identity) })
  await refusesRespelled('device sealed', (await store.get('device sealed'))!, other =>
    deviceKeys(other, webId, { seal }),
  )
})

test('[D1] the kit comes back as it was kept, in either language, and has one spelling under its seal', async () => {
  const me = new Me(alice.identity, alice.device, [])
  await fc.assert(
    fc.asyncProperty(any32, fc.constantFrom('en' as const, 'fr' as const), async (secret, language) => {
      const store = memoryStore()
      await keepKit({ store, me }, secret)
      expect(fromWords((await keptKit({ store, me }, language))!)).toEqual(secret)
      for (const [name, other] of respellings(encode(pending, { secret }))) {
        await store.set('kit', sealForDevice(me.seeds, other))
        await expect(keptKit({ store, me }, language), name).rejects.toMatchObject({ code: 'tampered' })
      }
    }),
    { numRuns: 5 },
  )
})
