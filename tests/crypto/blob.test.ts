import { describe, expect, it } from 'vitest'
import {
  CHUNK_BYTES,
  concat,
  hash,
  label,
  openBlobPage,
  openPart,
  PART_BYTES,
  random,
  sealBlobPage,
  sealPart,
  utf8,
  type PartName,
} from '#crypto'
import { encodeCbor } from '../../crypto/cbor.ts'
import { commit } from '../../crypto/envelope.ts'
import { aeadOpen, aeadSeal, frame } from '../../crypto/primitives.ts'
import { codeLater, codeOf, flipped } from './support.ts'

const [key, blob] = [random(32), random(16)]
const filled = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i * 31 + (i >> 9))
const seal = async (plaintext: Uint8Array, index = 0) => {
  const part = await sealPart(key, blob, index, plaintext)
  return { bytes: part.bytes, name: { blob, sealId: part.sealId, index, hash: part.hash } }
}
/** The name that somebody would hold who was told the altered bytes: what stands behind the hash is then on its own. */
const renamed = (name: PartName, bytes: Uint8Array): PartName => ({ ...name, hash: hash(bytes) })
const chunkOffset = (bytes: Uint8Array): number => 2 + bytes[1]! + (bytes[0]! << 8) + 32

describe('blob parts', async () => {
  const small = await seal(utf8('a small photo'))

  it.each([0, 1, 255, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES, PART_BYTES - 1, PART_BYTES])(
    '[B4] gives back %i bytes',
    async length => {
      const { bytes, name } = await seal(filled(length))
      expect(Buffer.compare(await openPart(key, name, bytes), filled(length))).toBe(0)
    },
  )

  it('[B4] holds 4 MiB at most', async () =>
    expect(await codeLater(() => sealPart(key, blob, 0, new Uint8Array(PART_BYTES + 1)))).toBe('usage'))

  it('[B4] is of 4 MiB at most, in chunks of 256 KiB', () => {
    expect([PART_BYTES, CHUNK_BYTES]).toEqual([4_194_304, 262_144])
  })

  it('[B2] numbers its chunks, and marks the last of them alone', async () => {
    const { bytes } = await seal(filled(2 * CHUNK_BYTES + 1))
    const start = chunkOffset(bytes)
    const header = bytes.subarray(2, start - 32)
    const { aeadKey, commitment } = commit(key, label.blobPart, header)
    expect(bytes.subarray(start - 32, start)).toEqual(commitment)
    const chunk = (i: number) => bytes.subarray(start + i * (CHUNK_BYTES + 16), start + (i + 1) * (CHUNK_BYTES + 16))
    for (const i of [0, 1, 2]) {
      for (const [counter, last] of [
        [0, 0],
        [0, 1],
        [1, 0],
        [1, 1],
        [2, 0],
        [2, 1],
      ] as const) {
        const nonce = Uint8Array.from({ length: 24 }, (_, at) => (at === 7 ? counter : at === 8 ? last : 0))
        const opened = aeadOpen(aeadKey, nonce, frame(label.blobPart, header), chunk(i))
        expect(opened !== null).toBe(counter === i && (last === 1) === (i === 2))
      }
    }
  })

  it('[B4] hides lengths: near ones have one size', async () => {
    const parts = await Promise.all([100_000, 100_100, 100_200].map(length => seal(filled(length))))
    const sizes = parts.map(({ bytes }) => bytes.length)
    expect(new Set(sizes).size).toBe(1)
  })

  it('[B5] refuses every flipped bit by the hash, before any output', async () => {
    for (let bit = 0; bit < small.bytes.length * 8; bit++)
      expect(await codeLater(() => openPart(key, small.name, flipped(small.bytes, bit)))).toBe('tampered')
  })

  it('[B3] refuses every flipped bit and every cut even from somebody who altered the hash as well', async () => {
    for (let bit = 0; bit < small.bytes.length * 8; bit++) {
      const altered = flipped(small.bytes, bit)
      expect(await codeLater(() => openPart(key, renamed(small.name, altered), altered))).toBe('tampered')
    }
    for (let end = 0; end < small.bytes.length; end++) {
      const cut = small.bytes.subarray(0, end)
      expect(await codeLater(() => openPart(key, renamed(small.name, cut), cut))).toBe('tampered')
    }
    const longer = Uint8Array.of(...small.bytes, 0)
    expect(await codeLater(() => openPart(key, renamed(small.name, longer), longer))).toBe('tampered')
  })

  it('[B1] refuses another index, blob, seal id and key', async () => {
    expect(await codeLater(() => openPart(key, { ...small.name, index: 1 }, small.bytes))).toBe('tampered')
    expect(await codeLater(() => openPart(key, { ...small.name, blob: random(16) }, small.bytes))).toBe('tampered')
    expect(await codeLater(() => openPart(key, { ...small.name, sealId: random(16) }, small.bytes))).toBe('tampered')
    expect(await codeLater(() => openPart(random(32), small.name, small.bytes))).toBe('tampered')
  })

  it('[B2] refuses chunks reordered, repeated, dropped or spliced from another sealing of the same bytes', async () => {
    const plaintext = filled(4 * CHUNK_BYTES)
    const [one, two] = [await seal(plaintext), await seal(plaintext)]
    const [start, size] = [chunkOffset(one.bytes), CHUNK_BYTES + 16]
    const chunks = (from: Uint8Array) => [0, 1, 2, 3].map(i => from.subarray(start + i * size, start + (i + 1) * size))
    const built = (parts: Uint8Array[]) => Uint8Array.from(Buffer.concat([one.bytes.subarray(0, start), ...parts]))
    const [a, b, c, d] = chunks(one.bytes) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array]
    const foreign = chunks(two.bytes)[1]!
    expect((await openPart(key, one.name, built([a, b, c, d]))).length).toBe(plaintext.length)
    for (const parts of [
      [b, a, c, d],
      [a, a, c, d],
      [a, b, d, c],
      [a, b, c, c],
      [a, b, c],
      [a, b, d],
      [a, foreign, c, d],
      [a, b, c, d, d],
    ]) {
      const bytes = built(parts)
      expect(await codeLater(() => openPart(key, renamed(one.name, bytes), bytes))).toBe('tampered')
    }
  })

  it('[B4] refuses a size beyond its bytes, from whoever holds the key', async () => {
    const sealId = random(16)
    const header = encodeCbor([1, 'blob-part', blob, sealId, 0, PART_BYTES + 5, PART_BYTES])
    const { aeadKey, commitment } = commit(key, label.blobPart, header)
    const nonce = (i: number) =>
      Uint8Array.from({ length: 24 }, (_, at) => (at === 7 ? i : at === 8 && i === 15 ? 1 : 0))
    const chunks = Array.from({ length: 16 }, (_, i) =>
      aeadSeal(aeadKey, nonce(i), frame(label.blobPart, header), new Uint8Array(CHUNK_BYTES)),
    )
    const bytes = concat(Uint8Array.of(0, header.length), header, commitment, ...chunks)
    const name = { blob, sealId, index: 0, hash: hash(bytes) }
    expect(await codeLater(() => openPart(key, name, bytes))).toBe('tampered')
  })

  it('[E3] seals the same bytes twice into unrelated ones', async () => {
    const [one, two] = [await seal(utf8('same')), await seal(utf8('same'))]
    expect(one.name.sealId).not.toEqual(two.name.sealId)
    expect(one.bytes.subarray(-20)).not.toEqual(two.bytes.subarray(-20))
    expect(await codeLater(() => openPart(key, { ...one.name, hash: two.name.hash }, two.bytes))).toBe('tampered')
  })

  it('[B7] names neither owner nor collection', () => {
    expect(Buffer.from(small.bytes).includes('http')).toBe(false)
  })
})

describe('blob pages', () => {
  const parts = Array.from({ length: 40 }, (_, i) => ({ folder: `f${i}`, sealId: random(16), hash: random(32) }))
  const page = sealBlobPage(key, blob, parts)

  it('[B6] gives back the list of parts to who knows its hash, blob and key', () => {
    expect(openBlobPage(key, blob, page.hash, page.bytes)).toEqual(parts)
    expect(codeOf(() => openBlobPage(key, random(16), page.hash, page.bytes))).toBe('tampered')
    expect(codeOf(() => openBlobPage(random(32), blob, page.hash, page.bytes))).toBe('tampered')
    expect(codeOf(() => openBlobPage(key, blob, random(32), page.bytes))).toBe('tampered')
    expect(codeOf(() => openBlobPage(key, blob, page.hash, flipped(page.bytes, 900)))).toBe('tampered')
  })
})
