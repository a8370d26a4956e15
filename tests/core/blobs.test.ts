/** Files of any size in and out, any range of them, and the list of parts when there are many (SPEC B1–B7). */
import { beforeAll, describe, expect, test } from 'vitest'
import { PART_BYTES } from '#crypto'
import type { BlobRef } from '#core'
import { folders } from './part-folders.ts'
import { openBlob } from '../../client/core/blobs/open-blob.ts'
import { storeBlob } from '../../client/core/blobs/store-blob.ts'
import { blobSource } from '../../client/core/blobs/source.ts'
import { Uplink } from '../../client/core/blobs/uplink.ts'
import { memoryServer } from '../../client/core/memory-pod.ts'
import { faultyPod } from './faulty-pod.ts'

const MIB = 1024 * 1024
const server = memoryServer()
const pod = server.pod('alice')
const container = `${pod.storage}alveole/c/x/`
const bytesOf = (size: number): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(size)
  for (let i = 0; i < size; i++) bytes[i] = (i * 31 + (i >> 12)) & 255
  return bytes
}
/** A line so fast that no time passes. */
const destination = (to = pod) => ({ pod: to, container, folder: folders(), uplink: new Uplink(() => 0) })
const store = (bytes: Uint8Array<ArrayBuffer>) =>
  storeBlob(destination(), blobSource(new Blob([bytes])), { name: 'a', mediaType: 'text/plain' })
const read = async (ref: BlobRef, range?: { start: number; end: number }): Promise<Uint8Array> =>
  new Uint8Array(await new Response(openBlob({ pod, container }, ref, range)).arrayBuffer())
const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0

describe.each([0, 1, 255, 256 * 1024, PART_BYTES - 1, PART_BYTES, PART_BYTES + 1, 9 * MIB])('%i bytes', size => {
  test('come out as they went in', async () => {
    const bytes = bytesOf(size)
    const ref = await store(bytes)
    expect(ref.size).toBe(size)
    expect(ref.parts).toHaveLength(Math.max(1, Math.ceil(size / PART_BYTES)))
    expect(same(await read(ref), bytes)).toBe(true)
  })
})

describe('a range', () => {
  const size = 9 * MIB
  let ref: BlobRef
  const bytes = bytesOf(size)
  beforeAll(async () => void (ref = await store(bytes)))

  test.each([
    [0, 1],
    [0, PART_BYTES],
    [PART_BYTES - 1, PART_BYTES],
    [PART_BYTES - 1, PART_BYTES + 1],
    [PART_BYTES, PART_BYTES + 1],
    [PART_BYTES, 2 * PART_BYTES],
    [2 * PART_BYTES, size],
    [size - 1, size],
    [size - 1, size + 100],
    [0, size],
    [5, 5],
    [0, 0],
    [size, size],
    [size, size + 5],
    [7, 3],
    [-5, 3],
  ])('from %i to %i', async (start, end) => {
    expect(same(await read(ref, { start, end }), bytes.slice(Math.max(0, start), Math.max(0, end)))).toBe(true)
  })

  test('fetches only the parts that it lies in', async () => {
    const counted = faultyPod(pod)
    await new Response(
      openBlob({ pod: counted, container }, ref, { start: PART_BYTES + 5, end: PART_BYTES + 6 }),
    ).arrayBuffer()
    expect(counted.requests).toHaveLength(1)
  })

  test('cut short by the reader fetches no more than what was on its way', async () => {
    const counted = faultyPod(pod)
    const reader = openBlob({ pod: counted, container }, ref).getReader()
    await reader.read()
    await reader.cancel()
    expect(counted.requests.length).toBeLessThanOrEqual(4)
  })
})

test('many parts are listed in a page of their own', async () => {
  const size = 32 * PART_BYTES + 1
  const bytes = bytesOf(size)
  const ref = await store(bytes)
  expect(ref.parts).toBe(undefined)
  expect(ref.page).toBeDefined()
  expect(same(await read(ref, { start: size - 3, end: size }), bytes.slice(-3))).toBe(true)
  expect(
    same(
      await read(ref, { start: 31 * PART_BYTES - 2, end: 31 * PART_BYTES + 2 }),
      bytes.slice(31 * PART_BYTES - 2, 31 * PART_BYTES + 2),
    ),
  ).toBe(true)
})

test('a part that is gone, another or short is told, and nothing of it comes out', async () => {
  const ref = await store(bytesOf(PART_BYTES + 10))
  const [first, second] = ref.parts!.map(({ folder, name }) => `${container}${folder}/${name}.alv`)
  const kept = new Map(server.files)
  const tampers: (() => void)[] = [
    () => server.files.delete(second!),
    () => server.files.set(second!, kept.get(first!)!),
    () => server.files.set(first!, { ...kept.get(first!)!, body: kept.get(first!)!.body.slice(0, -1) }),
  ]
  for (const tamper of tampers) {
    tamper()
    await expect(read(ref)).rejects.toMatchObject({ code: 'tampered' })
    for (const [url, file] of kept) server.files.set(url, file)
  }
  const parts = ref.parts!
  await expect(read({ ...ref, parts: [parts[1]!, parts[0]!] })).rejects.toMatchObject({ code: 'tampered' })
  await expect(read({ ...ref, parts: [parts[0]!] })).rejects.toMatchObject({ code: 'tampered' })
  await expect(read({ ...ref, size: ref.size - 1 })).rejects.toMatchObject({ code: 'tampered' })
  expect((await read(ref)).length).toBe(PART_BYTES + 10)
})

test('a file that changes while it is read is told', async () => {
  const changing = { size: 10, slice: () => new Blob(['short']) } as unknown as Blob
  const stored = storeBlob(destination(), blobSource(changing), { name: 'a', mediaType: 'text/plain' })
  await expect(stored).rejects.toMatchObject({ code: 'source-changed' })
})

test('stopping stops', async () => {
  const stop = new AbortController()
  const onProgress = () => stop.abort()
  const stored = storeBlob(
    destination(),
    blobSource(new Blob([bytesOf(40 * MIB)])),
    { name: 'a', mediaType: 'text/plain' },
    { onProgress, signal: stop.signal },
  )
  await expect(stored).rejects.toMatchObject({ code: 'cancelled' })
})
