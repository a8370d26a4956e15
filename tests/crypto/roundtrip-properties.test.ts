/** What is sealed comes out as it went in, whatever it holds, for whoever may open it and for nobody else. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  concat,
  deviceKey,
  drawGeneration,
  drawGroupEpoch,
  drawSeeds,
  encodePasswordSlot,
  decodePasswordSlot,
  hash,
  manifestKey,
  openAccountState,
  openBlobPage,
  openForDevice,
  openGrantPage,
  openGroupHead,
  openGroupMessage,
  openKeyring,
  openManifest,
  openManifestPage,
  openMessage,
  openOwnerPart,
  openPart,
  publicOf,
  sealAccount,
  sealBlobPage,
  sealForDevice,
  sealGroupHead,
  sealGroupMessage,
  sealHead,
  sealKeyring,
  sealManifestPage,
  sealMessage,
  sealPart,
  signerOf,
  unsafeAccountHeader,
  unsafeGroupHeader,
  unsafeHeadHeader,
  unwrapGenerations,
  verifyAccount,
  verifyHead,
  wrapGenerations,
  type EpochKey,
  type FacetKey,
  type PasswordSlot,
} from '#crypto'
import { epochIn, smallTree } from './reading.ts'
import { any8, anyCount, anyReference, anySegmentEntry, anyText, anyUint, anyVector, few } from './arbitraries.ts'
import { any16, any32, anyBytes, codeLater, codeOf, person } from './support.ts'

const [alice, bob] = [person('alice'), person('bob')]
const me = signerOf(alice.device)
const keyOf = (signer: Uint8Array) => deviceKey(alice.identity, signer)
const SEALINGS = { numRuns: 25 }

describe('whatever it holds', () => {
  const anyHeader = fc.record({
    collection: any16,
    epoch: any8,
    generation: anyUint,
    vector: anyVector,
    identityHead: any32,
    keyring: fc.option(fc.record({ sealId: any16, hash: any32 })),
  })
  const anyOwnerPart = fc.record({
    epochs: few(fc.record({ id: any8, key: any32, opened: anyUint, of: few(any8) })),
    holders: few(fc.record({ grant: any16, to: any32, agreement: any32, facets: any32 }), 40),
    withheld: few(fc.record({ grant: any16, epoch: any8 })),
    accountVector: anyVector,
    index: fc.record({ runs: few(fc.record({ run: anyReference, gone: few(any16) })), loose: few(any16) }),
  })
  const anyManifest = fc.record({
    tail: any32,
    segments: few(anySegmentEntry, 60),
    pages: few(anyReference),
    condemned: few(any16),
  })

  it('[H1] [H3] [H8] a head opens as it was sealed, in steps of 8 KiB', () => {
    const head = fc.tuple(anyHeader, any32, anyOwnerPart, anyManifest, anyBytes({ maxLength: 9000 }))
    fc.assert(
      fc.property(head, ([fields, epochKey, owner, manifest, tail]) => {
        const header = { version: 1, type: 'head', owner: alice.webId, ...fields } as const
        const held = { ...owner, epochs: [{ id: fields.epoch, key: epochKey, opened: 1, of: [] }, ...owner.epochs] }
        const sealed = sealHead({ header, owner: held, manifest, tail }, alice.generation.key, me)
        const read = verifyHead(sealed, alice.webId, fields.collection, keyOf)
        const { sealId, ...rest } = read.header
        expect(rest).toEqual(header)
        expect(sealId).toHaveLength(16)
        expect(unsafeHeadHeader(sealed)).toEqual(read.header)
        expect(read.hash).toEqual(hash(sealed))
        expect(read.signer).toEqual(me.id)
        expect(openOwnerPart(read, alice.generation.key)).toEqual(held)
        expect(openManifest(read, manifestKey(epochKey as EpochKey))).toEqual(manifest)
        expect(read.parts.tail).toEqual(tail)
        expect(Object.values(read.parts).reduce((sum, part) => sum + part.length, 0) % 8192).toBe(0)
        expect(codeOf(() => openOwnerPart(read, epochKey))).toBe('tampered')
        expect(codeOf(() => verifyHead(sealed, bob.webId, fields.collection, keyOf))).toBe('tampered')
      }),
      SEALINGS,
    )
  })

  it('[H9] a manifest page', () => {
    fc.assert(
      fc.property(any16, any16, any32, few(anySegmentEntry, 50), (collection, sealId, key, entries) => {
        const sealed = sealManifestPage(alice.webId, collection, sealId, key, entries)
        expect(openManifestPage(sealed, alice.webId, collection, key)).toEqual(entries)
        expect(codeOf(() => openManifestPage(sealed, bob.webId, collection, key))).toBe('tampered')
      }),
      SEALINGS,
    )
  })

  it('[A1] [A2] [A5] an account, with any number of generations and devices', () => {
    const fields = fc.record({ vector: anyVector, identityHead: any32, slots: fc.constant<PasswordSlot[]>([]) })
    const sizes = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 2 }))
    fc.assert(
      fc.property(fields, sizes, anyBytes({ maxLength: 9000 }), (fields, [count, devices], state) => {
        const generations = Array.from({ length: count }, (_, i) => drawGeneration(i + 1))
        const seeds = Array.from({ length: devices }, drawSeeds)
        const wraps = wrapGenerations(alice.webId, generations, seeds.map(publicOf))
        const header = { version: 1, type: 'account', owner: alice.webId, ...fields, ...wraps } as const
        const sealed = sealAccount(header, state, generations.at(-1)!, me)
        const read = verifyAccount(sealed, alice.webId, keyOf)
        const { sealId, ...rest } = read.header
        expect(rest).toEqual(header)
        expect(sealId).toHaveLength(16)
        expect(unsafeAccountHeader(sealed)).toEqual(read.header)
        expect([read.hash, read.signer]).toEqual([hash(sealed), me.id])
        for (const device of seeds) expect(unwrapGenerations(read.header, device)).toEqual(generations)
        expect(openAccountState(read, generations.at(-1)!)).toEqual(state)
        expect(codeOf(() => unwrapGenerations(read.header, drawSeeds()))).toBe('wrong-unlock')
      }),
      SEALINGS,
    )
  })

  it('[P4] a password slot', () => {
    const slot = fc.record({ salt: any16, passes: anyUint, memory: anyUint, owner: anyText, sealed: anyBytes() })
    fc.assert(
      fc.property(slot, of => {
        expect(decodePasswordSlot(encodePasswordSlot(of))).toEqual(of)
      }),
    )
  })

  it('[R3] [R4] [R5] a keyring, each grant for its recipient and no other', () => {
    const [ann, ben] = [drawSeeds(), drawSeeds()]
    const keys = fc.array(fc.record({ epoch: any8, facet: anyText, key: any32 as fc.Arbitrary<FacetKey> }), {
      maxLength: 200,
    })
    const grant = fc.record({ grant: any16, manifest: any32, agreement: anyBytes(), keys, isAnn: fc.boolean() })
    const grants = fc.uniqueArray(grant, { maxLength: 3, selector: ({ grant }) => String(grant) })
    fc.assert(
      fc.property(any16, any8, grants, (collection, epoch, grants) => {
        const envelopes = grants.map(({ isAnn, manifest, ...rest }) => ({
          ...rest,
          manifest: manifest as Parameters<typeof openManifest>[1],
          to: publicOf(isAnn ? ann : ben).kem,
        }))
        const ring = sealKeyring(alice.webId, collection, epoch, envelopes)
        for (const { grant, manifest, agreement, keys, isAnn } of grants) {
          const [holder, other] = isAnn ? [ann, ben] : [ben, ann]
          const of = { owner: alice.webId, collection, grant }
          const opened = openKeyring(ring.bytes, of, [holder.kem])!
          expect([opened.manifest, opened.agreementHash]).toEqual([manifest, hash(agreement)])
          expect(opened.newest.every(({ epoch }) => String(epoch) === String(keys[0]!.epoch))).toBe(true)
          expect(keys).toEqual(expect.arrayContaining(opened.newest))
          const page = opened.page.sealed ?? ring.pages.find(({ id }) => String(id) === String(opened.page.id))!.bytes
          expect(openGrantPage(grant, opened, page)).toEqual({ agreement, keys })
          expect(codeOf(() => openKeyring(ring.bytes, of, [other.kem]))).toBe('tampered')
        }
      }),
      SEALINGS,
    )
  })

  it('[N9] [T1] the head of a group, for every leaf', () => {
    const entries = fc.array(anyBytes({ maxLength: 5000 }), { minLength: 1, maxLength: 4 })
    const part = fc.record({ checkpoint: fc.option(anyBytes()), archive: fc.option(anyReference), entries })
    fc.assert(
      fc.property(any32, fc.integer({ min: 1, max: 9 }), part, few(anyBytes()), (group, number, part, previous) => {
        const epoch = drawGroupEpoch(number)
        const members = [drawSeeds(), drawSeeds()]
        const kems = members.map(seeds => publicOf(seeds).kem)
        const { tree, stewards, find } = smallTree(group, epoch.secret, kems)
        const named = { version: 1, type: 'group', owner: alice.webId, group, epoch: number } as const
        const header = { ...named, tree, stewards, previous }
        const sealed = sealGroupHead(header, part, epoch, me)
        const { sealId, ...read } = unsafeGroupHeader(sealed)
        expect(read).toEqual(header)
        expect(sealId).toHaveLength(16)
        for (const { kem } of members) expect(epochIn({ ...read, sealId }, kem, find)).toEqual(epoch)
        expect(epochIn({ ...read, sealId }, drawSeeds().kem, find)).toBeNull()
        expect(openGroupHead(sealed, group, epoch, keyOf)).toEqual(part)
      }),
      SEALINGS,
    )
  })

  it('[X1] [D1] messages and device slots', () => {
    fc.assert(
      fc.property(anyBytes({ maxLength: 1800 }), anyCount, (body, number) => {
        const [seeds, epoch] = [drawSeeds(), drawGroupEpoch(number)]
        expect(openMessage(seeds.kem, sealMessage(publicOf(seeds).kem, body))).toEqual(body)
        const toGroup = sealGroupMessage(epoch, body)
        expect(openGroupMessage([drawGroupEpoch(number - 1), epoch], toGroup)).toEqual(body)
        expect(openGroupMessage([drawGroupEpoch(number - 1)], toGroup)).toBeNull()
        const slot = sealForDevice(seeds, body)
        expect(openForDevice(seeds, slot)).toEqual(body)
        for (const other of [
          { ...seeds, sign: drawSeeds().sign },
          { ...seeds, kem: drawSeeds().kem },
        ])
          expect(codeOf(() => openForDevice(other, slot))).toBe('tampered')
      }),
      SEALINGS,
    )
  })

  it('[B1] [B4] [B5] blob parts and pages, under their names alone', async () => {
    const parts = few(fc.record({ folder: anyText, sealId: any16, hash: any32 }), 40)
    const inputs = [any32, any16, anyUint, anyBytes({ maxLength: 3000 }), parts] as const
    await fc.assert(
      fc.asyncProperty(...inputs, async (key, blob, index, plaintext, list) => {
        const part = await sealPart(key, blob, index, plaintext)
        const name = { blob, sealId: part.sealId, index, hash: part.hash }
        expect(await openPart(key, name, part.bytes)).toEqual(plaintext)
        const [otherId, otherKey] = [concat(blob.subarray(1), Uint8Array.of(blob[0]! ^ 1)), hash(key)]
        const names = [
          { ...name, blob: otherId },
          { ...name, sealId: otherId },
          { ...name, index: index ^ 1 },
        ]
        for (const other of [...names, { ...name, hash: otherKey }])
          expect(await codeLater(() => openPart(key, other, part.bytes))).toBe('tampered')
        expect(await codeLater(() => openPart(otherKey, name, part.bytes))).toBe('tampered')
        const page = sealBlobPage(key, blob, list)
        expect(openBlobPage(key, blob, page.hash, page.bytes)).toEqual(list)
        expect(codeOf(() => openBlobPage(key, otherId, page.hash, page.bytes))).toBe('tampered')
        expect(codeOf(() => openBlobPage(key, blob, otherKey, page.bytes))).toBe('tampered')
      }),
      SEALINGS,
    )
  })
})
