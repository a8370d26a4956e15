import { describe, expect, it } from 'vitest'
import {
  deviceKey,
  drawEpochKey,
  hash,
  manifestKey,
  openManifest,
  openManifestPage,
  openOwnerPart,
  random,
  sealHead,
  sealManifestPage,
  signerOf,
  unsafeHeadHeader,
  verifyHead,
  type HeadHeader,
  type Manifest,
  type OwnerPart,
  type Unsealed,
} from '#crypto'
import { codeOf, person } from './support.ts'

const alice = person('alice')
const bob = person('bob')
const collection = new Uint8Array(16).fill(4)
const [epoch, epochKey] = [new Uint8Array(8).fill(9), drawEpochKey()]
const keyOf = (signer: Uint8Array) => deviceKey(alice.identity, signer)

const header: Unsealed<HeadHeader> = {
  version: 1,
  type: 'head',
  owner: alice.webId,
  collection,
  epoch,
  generation: 1,
  vector: [],
  identityHead: alice.identity.entries.at(-1)!,
  keyring: null,
}
const owner: OwnerPart = {
  epochs: [{ id: epoch, key: epochKey, opened: 5, of: [] }],
  holders: [],
  withheld: [],
  accountVector: [],
  index: { runs: [], loose: [] },
}
const entry = { sealId: random(16), hash: random(32), size: 7, key: random(32), epochs: [epoch] }
const manifest: Manifest = { tail: random(32), segments: [entry], pages: [], condemned: [] }
const sealed = (tail = new Uint8Array(), more: Partial<Manifest> = {}) =>
  sealHead({ header, owner, manifest: { ...manifest, ...more }, tail }, alice.generation.key, signerOf(alice.device))
const verify = (bytes: Uint8Array) => verifyHead(bytes, alice.webId, collection, keyOf)

describe('the head of a collection', () => {
  it('opens its two parts with their two keys', () => {
    const bytes = sealed()
    const head = verify(bytes)
    expect(head.hash).toEqual(hash(bytes))
    expect(head.header).toMatchObject(header)
    expect(openOwnerPart(head, alice.generation.key)).toEqual(owner)
    expect(openManifest(head, manifestKey(epochKey))).toEqual(manifest)
    expect(unsafeHeadHeader(bytes)).toEqual(head.header)
  })

  it('[K3] keeps each part from the keys of the other', () => {
    const head = verify(sealed())
    expect(codeOf(() => openManifest(head, manifestKey(drawEpochKey())))).toBe('tampered')
    expect(codeOf(() => openOwnerPart(head, manifestKey(epochKey)))).toBe('tampered')
    expect(codeOf(() => openOwnerPart(head, epochKey))).toBe('tampered')
  })

  it('[E3] draws its seal id at every sealing, whatever the caller says', () => {
    const fixed = { ...header, sealId: new Uint8Array(16) }
    const seal = () =>
      sealHead({ header: fixed, owner, manifest, tail: new Uint8Array() }, alice.generation.key, signerOf(alice.device))
    const [a, b] = [verify(seal()), verify(seal())]
    expect(a.header.sealId).not.toEqual(b.header.sealId)
    expect(a.parts.owner).not.toEqual(b.parts.owner)
  })

  it('[H2] is of one owner and one collection', () => {
    const bytes = sealed()
    expect(codeOf(() => verifyHead(bytes, bob.webId, collection, keyOf))).toBe('tampered')
    expect(codeOf(() => verifyHead(bytes, alice.webId, new Uint8Array(16), keyOf))).toBe('tampered')
  })

  it('[I5] is signed by an active device: not by the root, nor by anybody else', () => {
    for (const signer of [alice.root, bob.device, bob.root]) {
      const bytes = sealHead(
        { header, owner, manifest, tail: new Uint8Array() },
        alice.generation.key,
        signerOf(signer),
      )
      expect(codeOf(() => verify(bytes))).toBe('tampered')
    }
  })

  it('[H8] fills multiples of 8 KiB, so that its size tells little', () => {
    const many = Array.from({ length: 32 }, () => entry)
    const size = (bytes: Uint8Array) => Object.values(verify(bytes).parts).reduce((sum, part) => sum + part.length, 0)
    for (const bytes of [sealed(), sealed(new Uint8Array(5000)), sealed(new Uint8Array(), { segments: many })]) {
      expect(size(bytes) % 8192).toBe(0)
    }
    expect(size(sealed())).toBe(8192)
    for (let tail = 0; tail < 8192; tail += 60) expect(size(sealed(new Uint8Array(tail))) % 8192).toBe(0) // on either side of a step
  })

  it('[H1] binds owner part and tail to the manifest and the signature', () => {
    const [a, b] = [verify(sealed()), verify(sealed(new Uint8Array(3)))]
    expect(
      codeOf(() => openManifest({ ...a, parts: { ...a.parts, owner: b.parts.owner } }, manifestKey(epochKey))),
    ).toBe('tampered')
    expect(
      codeOf(() => openManifest({ ...a, parts: { ...a.parts, header: b.parts.header } }, manifestKey(epochKey))),
    ).toBe('tampered')
  })

  it('is sealed under one of its own epochs', () => {
    const none = { ...owner, epochs: [] }
    const seal = () =>
      sealHead({ header, owner: none, manifest, tail: new Uint8Array() }, alice.generation.key, signerOf(alice.device))
    expect(codeOf(seal)).toBe('usage')
  })
})

describe('manifest pages', () => {
  const key = random(32)
  const page = sealManifestPage(alice.webId, collection, random(16), key, [entry, entry])

  it('[H9] gives back the entries, to the owner, collection and key it is of', () => {
    expect(openManifestPage(page, alice.webId, collection, key)).toEqual([entry, entry])
    expect(codeOf(() => openManifestPage(page, bob.webId, collection, key))).toBe('tampered')
    expect(codeOf(() => openManifestPage(page, alice.webId, new Uint8Array(16), key))).toBe('tampered')
    expect(codeOf(() => openManifestPage(page, alice.webId, collection, random(32)))).toBe('tampered')
  })
})
