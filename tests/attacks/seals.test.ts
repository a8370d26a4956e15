/**
 * [A15] No key and nonce seal twice. A commitment comes out of the derivation that gives its AEAD key, and the nonce of an envelope
 * is constant: one commitment over two ciphertexts would be one pair used twice (SPEC E3).
 */
import { expect, test } from 'vitest'
import type { Vault } from '#core'
import { drawEpochKey, epochName, facetKey, random, toHex } from '#crypto'
import {
  sealBlobPage,
  sealGroupMessage,
  sealHead,
  sealPart,
  sealSegment,
  drawGroupEpoch,
  drawSeeds,
  signerOf,
} from '#crypto'
import { decodeCbor, type Item } from '../../crypto/cbor.ts'
import { faultyPod } from '../core/faulty-pod.ts'
import { folder, grantTo, reopen, world } from '../core/world.ts'
import { takeOver, watching } from '../hostile-pod.ts'
import { thorough } from './effort.ts'
import { add } from './scene.ts'

type Parts = readonly Uint8Array[]
const KEM = 1120
const parsed = (bytes: Uint8Array): Item | null => {
  try {
    return decodeCbor(bytes)
  } catch {
    return null
  }
}
const afterKem = (sealed: Uint8Array): Uint8Array => sealed.subarray(KEM)
const secondOf = (pairs: Item | undefined): Uint8Array[] => (pairs as Parts[]).map(([, sealed]) => sealed!)

/** Every envelope of a stored object, but for sections, whose places only their table tells. */
function envelopesIn(bytes: Uint8Array): Uint8Array[] {
  const object = parsed(bytes)
  if (object === null) return [bytes.subarray(2 + (bytes[0]! << 8) + bytes[1]!)] // a blob part
  const [first, second, third, fourth] = object as [Uint8Array, Item, Item, Item]
  const header = parsed(first) as Item[]
  if (third instanceof Uint8Array && third.length === 64) return envelopesIn(first) // signed
  switch (header[1]) {
    case 'segment':
      return [second as Uint8Array]
    case 'head':
      return [
        second as Uint8Array,
        third as Uint8Array,
        ...((fourth as Uint8Array).length ? envelopesIn(fourth as Uint8Array) : []),
      ]
    case 'account':
      return [second as Uint8Array, ...secondOf(header[7]).map(afterKem), ...(header[8] as Parts)]
    case 'group':
      return [second as Uint8Array, ...secondOf((header[6] as Item[])[0]).map(afterKem), ...(header[7] as Parts)]
    case 'keyring':
      return [...secondOf(second).map(afterKem), ...secondOf(third)]
    case 'message':
      return [afterKem(second as Uint8Array)]
    default:
      return [second as Uint8Array]
  }
}

const commitmentOf = (sealed: Uint8Array): string => toHex(sealed.subarray(0, 32))

test(
  `[A15] over ${thorough ? 'a million' : 'thirty thousand'} seals of the same input`,
  { timeout: 900_000 },
  async () => {
    const [epoch, blob, key, collection, id] = [drawGroupEpoch(1), random(16), random(32), random(16), random(8)]
    const [signer, epochKey] = [signerOf(drawSeeds()), drawEpochKey()]
    const [facet, x] = [facetKey(epochKey, 'health'), Uint8Array.of(1)]
    const sections = [{ epoch: epochName(id), facet: 'health', cells: [] }]
    const [start, none] = [{ version: 1, owner: 'x', sealId: new Uint8Array(16) } as const, new Uint8Array()]
    const head = {
      header: {
        ...start,
        type: 'head' as const,
        collection,
        epoch: id,
        generation: 1,
        vector: [],
        identityHead: key,
        keyring: null,
      },
      owner: {
        epochs: [{ id, key: epochKey, opened: 1, of: [] }],
        holders: [],
        withheld: [],
        accountVector: [],
        index: { runs: [], loose: [] },
      },
      manifest: { tail: key, segments: [], pages: [], condemned: [] },
      tail: none,
    }
    const kinds = [
      async () => (await sealPart(key, blob, 0, x)).bytes,
      async () => (await sealPart(key, blob, 0, x)).bytes,
      () => sealBlobPage(key, blob, []).bytes,
      () => sealGroupMessage(epoch, x),
      async () => (await sealSegment('x', collection, sections, () => facet)).bytes,
      async () => (await sealSegment('x', collection, sections, () => facet)).bytes,
    ]
    const seen = new Set<string>()
    const total = thorough ? 1_000_000 : 30_000
    let seals = 0
    for (; seals < total * 0.99; seals++) seen.add(commitmentOf(envelopesIn(await kinds[seals % kinds.length]!())[0]!))
    for (; seals < total; seals += 2)
      for (const sealed of envelopesIn(sealHead(head, key, signer)).slice(0, 2)) seen.add(commitmentOf(sealed))
    expect(seen.size).toBe(seals)
  },
)

test('[A15] over everything that a device sends, stopped at each request of its day in turn and begun again', async () => {
  const around = world()
  const host = takeOver(around.server, around.clock)
  const [alice, bob] = [await around.member('alice'), await around.member('bob')]
  const collection = await folder(alice.vault)
  await add(alice.vault, collection, 'before')
  const sealed = new Map<string, string>()
  const twice: string[] = []
  host.attack(
    watching((method, [url, body]) => {
      if (!['put', 'post'].includes(method) || /\.acl$|\/members-|identity\.alv$/.test(String(url))) return
      for (const one of envelopesIn(body as Uint8Array)) {
        const [commitment, rest] = [commitmentOf(one), toHex(one)]
        if ((sealed.get(commitment) ?? rest) !== rest) twice.push(String(url))
        sealed.set(commitment, rest)
      }
    }),
  )
  const back = around.save(alice.around.store, bob.around.store)
  const day = async (vault: Vault): Promise<void> => {
    const content = await vault.blobs.put(new Blob(['x']), { collection, name: 'a', mediaType: 'text/plain' })
    await vault.records.put('File', { content: { ...content } }, { collection })
    const { grant } = await vault.grants.give(grantTo(bob.vault.owner, around.clock))
    await vault.grants.revoke(grant)
    await vault.records.putAll(large, collection)
    await vault.settle()
  }
  for (let at = 1; ; at++) {
    back()
    const pod = faultyPod(alice.around.pod, { at, status: 0, applied: at % 2 === 0 })
    await reopen(alice, pod)
      .then(day)
      .catch(() => null)
    if (pod.requests.length < at) break
    await day(await reopen(alice))
  }
  expect(sealed.size).toBeGreaterThan(500)
  expect(twice).toEqual([])
})

const large = Array.from({ length: 20 }, () => ({ kind: 'Immunization', value: { note: 'x'.repeat(900) } }))
