import { describe, expect, it } from 'vitest'
import {
  compare,
  concat,
  drawEpochKey,
  drawSeeds,
  facetKey,
  hash,
  manifestKey,
  openGrantPage,
  openKeyring,
  pagesApart,
  publicOf,
  random,
  sealKeyring,
  utf8,
  type GrantEnvelope,
  type GrantKey,
  type OpenedGrant,
} from '#crypto'
import { decodeCbor, encodeCbor, type Item } from '../../crypto/cbor.ts'
import { bytes, decode, list, struct } from '../../crypto/codec.ts'
import { id16 } from '../../crypto/object.ts'
import { codeOf } from './support.ts'

const owner = 'https://alice.example/#me'
const collection = new Uint8Array(16).fill(5)
const epoch = new Uint8Array(8).fill(2)
const [ann, ben, old] = [drawSeeds(), drawSeeds(), drawSeeds()]
const epochKey = drawEpochKey()

const keys = (facets: string[], of = epoch): GrantKey[] =>
  facets.map(facet => ({ epoch: of, facet, key: facetKey(epochKey, facet) }))
const grant = (to: Uint8Array, more: Partial<GrantEnvelope> = {}): GrantEnvelope => ({
  grant: random(16),
  to,
  manifest: manifestKey(epochKey),
  agreement: utf8('a signed agreement'),
  keys: keys(['health']),
  ...more,
})
const [toAnn, toBen] = [grant(publicOf(ann).kem), grant(publicOf(ben).kem, { keys: keys(['photos']) })]
const ring = sealKeyring(owner, collection, epoch, [toAnn, toBen])
const of = (id: Uint8Array, more = {}) => ({ owner, collection, grant: id, ...more })
const sealedSizes = (from: Uint8Array): number[] => {
  const format = struct({
    header: bytes,
    envelopes: list(struct({ id: id16, sealed: bytes })),
    pages: list(struct({ id: id16, sealed: bytes })),
  })
  return decode(format, from).envelopes.map(({ sealed }) => sealed.length)
}

describe('the keyring', () => {
  it('[R3] gives each recipient its own grant', () => {
    const opened = openKeyring(ring.bytes, of(toAnn.grant), [ann.kem])!
    expect(opened).toMatchObject({ manifest: toAnn.manifest, agreementHash: hash(toAnn.agreement), newest: toAnn.keys })
    expect(openGrantPage(toAnn.grant, opened, opened.page.sealed!)).toEqual({
      agreement: toAnn.agreement,
      keys: toAnn.keys,
    })
    expect(openKeyring(ring.bytes, of(toBen.grant), [ben.kem])!.newest).toEqual(toBen.keys)
    expect(ring.hash).toEqual(hash(ring.bytes))
  })

  it('[R3] answers null for a grant that it does not hold', () => {
    expect(openKeyring(ring.bytes, of(random(16)), [ann.kem])).toBeNull()
  })

  it('[R3] opens for no other recipient, owner or collection, and without keys for nobody', () => {
    expect(codeOf(() => openKeyring(ring.bytes, of(toAnn.grant), [ben.kem]))).toBe('tampered')
    expect(codeOf(() => openKeyring(ring.bytes, of(toAnn.grant), []))).toBe('tampered')
    expect(
      codeOf(() => openKeyring(ring.bytes, of(toAnn.grant, { owner: 'https://eve.example/#me' }), [ann.kem])),
    ).toBe('tampered')
    expect(codeOf(() => openKeyring(ring.bytes, of(toAnn.grant, { collection: random(16) }), [ann.kem]))).toBe(
      'tampered',
    )
  })

  it('[R3] tries every key that a group has had', () => {
    for (const seeds of [
      [old.kem, ann.kem],
      [ann.kem, old.kem],
      [old.kem, ben.kem, ann.kem],
    ]) {
      expect(openKeyring(ring.bytes, of(toAnn.grant), seeds)!.newest).toEqual(toAnn.keys)
    }
    expect(codeOf(() => openKeyring(ring.bytes, of(toAnn.grant), [old.kem, ben.kem]))).toBe('tampered')
  })

  it('[R3] says nowhere to whom it is sealed', () => {
    for (const secret of [publicOf(ann).kem, hash(publicOf(ann).kem)]) {
      expect(Buffer.from(ring.bytes).includes(Buffer.from(secret.subarray(0, 16)))).toBe(false)
    }
  })

  it('[R2] stands in the order of its random ids, and holds no grant twice', () => {
    const many = Array.from({ length: 12 }, () => grant(publicOf(ann).kem))
    const ids = many.map(one => one.grant).toSorted(compare)
    const { bytes } = sealKeyring(owner, collection, epoch, many)
    const at = ids.map(id => Buffer.from(bytes).indexOf(Buffer.from(id)))
    expect(at).toEqual(at.toSorted((a, b) => a - b))
    expect(codeOf(() => sealKeyring(owner, collection, epoch, [toAnn, toAnn]))).toBe('usage')
  })

  it('[R4] has envelopes of one size, whatever they give', () => {
    const paths = Array.from({ length: 40 }, (_, i) => `health/facet-${i}`)
    const shapes = [[], ['health'], ['x'.repeat(150)], ['x'.repeat(4000)], paths.slice(0, 3), paths]
    const { bytes } = sealKeyring(
      owner,
      collection,
      epoch,
      shapes.map(facets => grant(publicOf(ann).kem, { keys: keys(facets) })),
    )
    expect(new Set(sealedSizes(bytes)).size).toBe(1)
  })

  it('[R4] holds of the newest epoch what fits, and all on the page', () => {
    const older = keys(['health', 'photos'], new Uint8Array(8).fill(1))
    const all = [...keys(['a', 'b', 'c', 'd', 'e', 'f']), ...older]
    const wide = grant(publicOf(ann).kem, { keys: all })
    const { bytes } = sealKeyring(owner, collection, epoch, [wide])
    const opened = openKeyring(bytes, of(wide.grant), [ann.kem])!
    expect(opened.newest).toEqual(all.slice(0, opened.newest.length))
    expect(opened.newest.length).toBeGreaterThan(2)
    expect(opened.newest.length).toBeLessThan(6)
    expect(openGrantPage(wide.grant, opened, opened.page.sealed!).keys).toEqual(all)
  })

  it.each([
    ['192 bytes', ['aaa', 'bbb', 'ccc', 'ddd'], 4],
    ['193 bytes', ['aaa', 'bbb', 'ccc', 'dddd'], 3],
  ])('[R4] holds keys of %s as far as they fit', (_, facets, fitting) => {
    const full = grant(publicOf(ann).kem, { keys: keys(facets) })
    const { bytes } = sealKeyring(owner, collection, epoch, [full])
    expect(openKeyring(bytes, of(full.grant), [ann.kem])!.newest).toHaveLength(fitting)
  })

  it('[R5] keeps a large page apart, named by its hash', () => {
    const large = grant(publicOf(ann).kem, { agreement: new Uint8Array(20_000).fill(1) })
    const { bytes, pages } = sealKeyring(owner, collection, epoch, [large, toBen])
    const opened = openKeyring(bytes, of(large.grant), [ann.kem])!
    expect(pages).toHaveLength(1)
    expect([pagesApart(bytes), pagesApart(ring.bytes)]).toEqual([1, 0])
    expect(opened.page).toMatchObject({ id: pages[0]!.id, hash: hash(pages[0]!.bytes), sealed: null })
    expect(openGrantPage(large.grant, opened, pages[0]!.bytes).agreement).toEqual(large.agreement)
    expect(codeOf(() => openGrantPage(large.grant, opened, concat(pages[0]!.bytes, Uint8Array.of(0))))).toBe('tampered')
  })

  it('[R5] refuses a keyring whose page was left out', () => {
    const [header, envelopes] = decodeCbor(ring.bytes) as [Item, Item, Item]
    const without = encodeCbor([header, envelopes, []])
    expect(codeOf(() => openKeyring(without, of(toAnn.grant), [ann.kem]))).toBe('tampered')
  })

  it('[R5] refuses a page of another grant, and another agreement than the envelope names', () => {
    const opened = openKeyring(ring.bytes, of(toAnn.grant), [ann.kem])!
    const theirs = openKeyring(ring.bytes, of(toBen.grant), [ben.kem])!
    expect(codeOf(() => openGrantPage(toAnn.grant, opened, theirs.page.sealed!))).toBe('tampered')
    expect(codeOf(() => openGrantPage(toBen.grant, opened, opened.page.sealed!))).toBe('tampered')
    const another: OpenedGrant = { ...opened, agreementHash: hash(utf8('another')) }
    expect(codeOf(() => openGrantPage(toAnn.grant, another, opened.page.sealed!))).toBe('tampered')
  })
})
