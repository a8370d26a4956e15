/** Files, whose parts and chunks a host reorders, drops, repeats, cuts or joins otherwise; and an upload begun again on other bytes. */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { BlobRef } from '#core'
import {
  CHUNK_BYTES,
  fromBase64Url,
  hash,
  label,
  openPart,
  PART_BYTES,
  random,
  sealPart,
  toHex,
  type PartName,
} from '#crypto'
import { commit } from '../../crypto/envelope.ts'
import { aeadSeal, frame } from '../../crypto/primitives.ts'
import { folders } from '../core/part-folders.ts'
import { openBlob } from '../../client/core/blobs/open-blob.ts'
import { storeBlob } from '../../client/core/blobs/store-blob.ts'
import { blobSource } from '../../client/core/blobs/source.ts'
import { Uplink } from '../../client/core/blobs/uplink.ts'
import { faultyPod } from '../core/faulty-pod.ts'
import { memoryServer } from '../../client/core/memory-pod.ts'
import { takeOver, watching, type Moment } from '../hostile-pod.ts'
import { orCode } from './shown.ts'

const tampered = { code: 'tampered' }
const server = memoryServer()
const host = takeOver(server, Date.now)
const pod = server.pod('alice')
const container = `${pod.storage}c/`
const bytesOf = (size: number, of = 31): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length: size }, (_, i) => (i * of + (i >> 12)) & 255)
const store = (bytes: Uint8Array<ArrayBuffer>, to = pod) =>
  storeBlob(
    { pod: to, container, folder: folders(), uplink: new Uplink(() => 0) },
    blobSource(new Blob([bytes])),
    { name: 'a', mediaType: 'b' },
    { patience: 0 },
  )
const read = (ref: BlobRef, range?: { start: number; end: number }) =>
  orCode(async () =>
    toHex(hash(new Uint8Array(await new Response(openBlob({ pod, container }, ref, range)).arrayBuffer()))),
  )

describe('[A7] the parts of a file', () => {
  const bytes = bytesOf(2 * PART_BYTES + 1000)
  const whole = toHex(hash(bytes))
  let ref: BlobRef
  let urls: string[]
  let honest: Moment
  beforeAll(async () => {
    ref = await store(bytes)
    urls = ref.parts!.map(({ folder, name }) => `${container}${folder}/${name}.alv`)
    honest = new Map(host.files)
  })
  beforeEach(() => host.putBack(honest))

  test('come out whole only in their order, each once, none missing', async () => {
    const orders = [0, 1, 2].flatMap(a => [0, 1, 2].flatMap(b => [0, 1, 2].map(c => [a, b, c])))
    for (const order of orders) {
      for (const [i, from] of order.entries()) host.replace(urls[i]!, honest.get(urls[from]!)!.body)
      expect([order, await read(ref)]).toEqual([order, order.join() === '0,1,2' ? whole : tampered])
    }
    for (const url of urls) {
      host.putBack(honest)
      host.files.delete(url)
      expect(await read(ref)).toEqual(tampered)
    }
  })

  test('are refused cut at any boundary of theirs, or longer', async () => {
    const [url] = urls as [string]
    const { body } = honest.get(url)!
    const start = 2 + body[1]! + (body[0]! << 8)
    const cuts = Array.from({ length: 17 }, (_, i) => start + 32 + i * (CHUNK_BYTES + 16))
    for (const cut of [0, 1, 2, start, start + 16, ...cuts.flatMap(at => [at - 1, at, at + 1])]) {
      host.replace(url, cut > body.length ? Buffer.concat([body, Uint8Array.of(0)]) : body.subarray(0, cut))
      expect([cut, await read(ref)]).toEqual([cut, cut === body.length ? whole : tampered])
    }
  })

  test('read by range give what is asked for from good ones, and nothing from bad ones', async () => {
    host.replace(urls[1]!, honest.get(urls[1]!)!.body.subarray(0, -1))
    for (const [start, end] of [
      [0, 10],
      [PART_BYTES - 10, PART_BYTES],
      [2 * PART_BYTES, 2 * PART_BYTES + 5],
    ] as const)
      expect(await read(ref, { start, end })).toBe(toHex(hash(bytes.subarray(start, end))))
    for (const [start, end] of [
      [PART_BYTES - 1, PART_BYTES + 1],
      [PART_BYTES, PART_BYTES + 1],
      [5, 2 * PART_BYTES + 5],
    ] as const)
      expect(await read(ref, { start, end })).toEqual(tampered)
  })

  test('are refused where the record says another number or length of them', async () => {
    const parts = ref.parts!
    const others: Partial<BlobRef>[] = [
      { parts: parts.slice(0, 2) },
      { parts: [...parts, parts[2]!] },
      { parts: parts.toReversed() },
      { parts: [] },
      { size: ref.size - 1 },
      { size: ref.size + 1 },
      { size: PART_BYTES },
    ]
    for (const other of others) expect([other.size, await read({ ...ref, ...other })]).toEqual([other.size, tampered])
  })
})

describe('[A7] the chunks of a part, even where its hash were the one named,', async () => {
  const [key, blob] = [random(32), random(16)]
  const plain = bytesOf(3 * CHUNK_BYTES + 5000)
  const part = await sealPart(key, blob, 0, plain)
  const start = 2 + part.bytes[1]! + 32
  const chunksOf = (bytes: Uint8Array): Uint8Array[] =>
    [0, 1, 2, 3].map(i => bytes.subarray(start + i * (CHUNK_BYTES + 16), start + (i + 1) * (CHUNK_BYTES + 16)))
  const opened = (bytes: Uint8Array, name: Partial<PartName> = {}) =>
    orCode(
      async () =>
        (await openPart(key, { blob, sealId: part.sealId, index: 0, hash: hash(bytes), ...name }, bytes)).length,
    )
  const withChunks = (chunks: Uint8Array[]) => Buffer.concat([part.bytes.subarray(0, start), ...chunks])

  test('open in their own order alone: none reordered, repeated, dropped or added', async () => {
    const chunks = chunksOf(part.bytes)
    expect(await opened(withChunks(chunks))).toBe(plain.length)
    const orders = [0, 1, 2, 3].flatMap(a =>
      [0, 1, 2, 3].flatMap(b => [0, 1, 2, 3].flatMap(c => [0, 1, 2, 3].map(d => [a, b, c, d]))),
    )
    for (const order of orders.filter(order => order.join() !== '0,1,2,3'))
      expect([order, await opened(withChunks(order.map(i => chunks[i]!)))]).toEqual([order, tampered])
    for (let count = 0; count < 4; count++) expect(await opened(withChunks(chunks.slice(0, count)))).toEqual(tampered)
    expect(await opened(withChunks([...chunks, chunks[3]!]))).toEqual(tampered)
  })

  test('are no other part’s: of the same file, of the same bytes sealed again', async () => {
    const again = await sealPart(key, blob, 0, plain)
    for (const other of [again, await sealPart(key, blob, 1, plain)])
      for (const i of [0, 1, 2, 3]) {
        const chunks = chunksOf(part.bytes)
        chunks[i] = chunksOf(other.bytes)[i]!
        expect(await opened(withChunks(chunks))).toEqual(tampered)
      }
    expect(await opened(again.bytes)).toEqual(tampered)
    expect(await opened(part.bytes, { index: 1 })).toEqual(tampered)
  })
})

test('[A7] a part that a reader of the file made anew, with its key, name and sizes, is refused by its hash', async () => {
  const ref = await store(bytesOf(5000))
  const [{ folder, name } = { folder: '', name: '' }] = ref.parts!
  const url = `${container}${folder}/${name}.alv`
  const honest = host.files.get(url)!.body
  const head = honest.subarray(2, 2 + honest[1]!)
  const { aeadKey, commitment } = commit(fromBase64Url(ref.key), label.blobPart, head)
  const padded = honest.length - 2 - head.length - 32 - 16
  const nonce = Uint8Array.from({ length: 24 }, (_, i) => (i === 8 ? 1 : 0)) // the first chunk, and the last
  const sealed = aeadSeal(aeadKey, nonce, frame(label.blobPart, head), new Uint8Array(padded))
  const forged = Buffer.concat([honest.subarray(0, 2 + head.length), commitment, sealed])
  const sealId = fromBase64Url(name)
  expect(
    await openPart(
      fromBase64Url(ref.key),
      { blob: fromBase64Url(ref.blob), sealId, index: 0, hash: hash(forged) },
      forged,
    ),
  ).toHaveLength(5000)
  host.replace(url, forged)
  expect(await read(ref)).toEqual(tampered)
})

describe('[A32] an upload stopped at any part, then done with other bytes,', () => {
  test('is whole, and seals nothing under a key that sealed before', async () => {
    const [first, second] = [bytesOf(PART_BYTES + 9, 7), bytesOf(PART_BYTES + 9, 11)]
    const sealed = new Map<string, string>()
    const stop = host.attack(
      watching((method, [, body]) => {
        if (method !== 'put' || !(body instanceof Uint8Array)) return
        const at = 2 + body[1]!
        const [commitment, rest] = [toHex(body.subarray(at, at + 32)), toHex(hash(body))]
        expect(sealed.get(commitment) ?? rest).toBe(rest)
        sealed.set(commitment, rest)
      }),
    )
    for (const at of [1, 2])
      for (const applied of [true, false]) {
        await expect(store(first, faultyPod(pod, { at, status: 0, applied }))).rejects.toMatchObject({
          code: 'offline',
        })
        expect(await read(await store(second))).toBe(toHex(hash(second)))
      }
    stop()
    expect(sealed.size).toBeGreaterThan(10)
  })
})
