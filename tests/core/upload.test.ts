/** Files sent over a bad line to a server that has bad days: whole in the end, or a coded error; never a part under a name twice. */
import { describe, expect, test } from 'vitest'
import { AlveoleError, PART_BYTES } from '#crypto'
import type { BlobRef, Pod } from '#core'
import { folders } from './part-folders.ts'
import { openBlob } from '../../client/core/blobs/open-blob.ts'
import { Pages } from '../../client/core/blobs/parts.ts'
import { blobSource } from '../../client/core/blobs/source.ts'
import { storeBlob } from '../../client/core/blobs/store-blob.ts'
import { Uplink } from '../../client/core/blobs/uplink.ts'
import { memoryServer } from '../../client/core/memory-pod.ts'
import { codeOf } from '../../client/core/answer.ts'
import { answering } from '../hostile-pod.ts'
import { faultyPod } from './faulty-pod.ts'

const server = memoryServer()
const honest = server.pod('alice')
const container = `${honest.storage}alveole/c/x/`
const bytesOf = (size: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length: size }, (_, i) => (i * 31 + (i >> 12)) & 255)
const meta = { name: 'a', mediaType: 'text/plain' }

const send = (pod: Pod, bytes: Uint8Array<ArrayBuffer>, uplink = new Uplink(() => 0), patience?: number) =>
  storeBlob({ pod, container, folder: folders(), uplink }, blobSource(new Blob([bytes])), meta, { patience })
const read = async (pod: Pod, ref: BlobRef): Promise<Uint8Array> =>
  new Uint8Array(await new Response(openBlob({ pod, container }, ref)).arrayBuffer())
const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0
const failing = (status: number): never => {
  throw new AlveoleError(status ? codeOf(status) : 'offline', `HTTP ${status}`)
}

describe('a request that fails once', () => {
  const bytes = bytesOf(2 * PART_BYTES + 5)
  test.each([0, 429, 500, 502, 503])('with %i is made again, whether the server had done it or not', async status => {
    for (const at of [1, 3, 4])
      // the trial of the line, its deletion being 2; a part; another
      for (const applied of [true, false]) {
        const before = new Set(server.files.keys())
        const ref = await send(faultyPod(honest, { at, status, applied }), bytes)
        expect(same(await read(honest, ref), bytes)).toBe(true)
        const stored = [...server.files.keys()].filter(url => !before.has(url))
        expect(stored).toHaveLength(3) // and nothing is stored twice
      }
  })

  test.each([0, 429, 500, 503])('with %i while reading is made again', async status => {
    const ref = await send(honest, bytes)
    for (const at of [1, 2, 3])
      expect(same(await read(faultyPod(honest, { at, status, applied: true }), ref), bytes)).toBe(true)
  })

  test.each([401, 403, 413, 507])('with %i is told at once', async status => {
    const sent = send(faultyPod(honest, { at: 3, status, applied: false }), bytes)
    await expect(sent).rejects.toMatchObject({ code: codeOf(status) })
  })
})

test('a part that a server kept half of is sealed anew, under another name', async () => {
  const bytes = bytesOf(PART_BYTES + 5)
  let broken = ''
  const halving = answering(honest, {
    put: async (url, body, options) => {
      if (broken || body.length < 1_000_000) return honest.put(url, body, options)
      broken = url
      await honest.put(url, body.slice(0, 1000), options)
      return failing(500)
    },
  })
  const ref = await send(halving, bytes)
  expect(broken).not.toBe('')
  expect(ref.parts!.map(({ name }) => name)).not.toContain(broken.slice(-26, -4))
  expect(same(await read(honest, ref), bytes)).toBe(true)
})

test('a server that never recovers is left in the end, with its own error', async () => {
  const dead = answering(honest, { put: async () => failing(503) })
  await expect(send(dead, bytesOf(10), undefined, 1000)).rejects.toMatchObject({ code: 'busy' })
  const ref = await send(honest, bytesOf(10))
  const stream = openBlob({ pod: answering(honest, { get: async () => failing(0) }), container }, ref, undefined, {
    patience: 1000,
  })
  await expect(stream.getReader().read()).rejects.toMatchObject({ code: 'offline' })
})

test('a pause ends at once when the work is called off, for the reason given', async () => {
  const stop = new AbortController()
  const dead = answering(honest, {
    put: async () => {
      queueMicrotask(() => stop.abort(new AlveoleError('locked')))
      return failing(0)
    },
  })
  const to = { pod: dead, container, folder: folders(), uplink: new Uplink(() => 0) }
  const sent = storeBlob(to, blobSource(new Blob(['x'])), meta, { signal: stop.signal })
  await expect(sent).rejects.toMatchObject({ code: 'locked' })
})

describe('over a slow line', () => {
  /** 100 kB a second, by a clock of its own. */
  function slow(pod: Pod) {
    const at = { now: 0 }
    const put: Pod['put'] = (url, body, options) => {
      at.now += body.length / 100
      return pod.put(url, body, options)
    }
    return { pod: answering(pod, { put }), uplink: new Uplink(() => at.now) }
  }

  test('parts are smaller, of one size, which the reference names; nothing of the trial stays', async () => {
    const bytes = bytesOf(PART_BYTES + 100_000)
    const before = server.files.size
    const { pod, uplink } = slow(honest)
    const ref = await send(pod, bytes, uplink)
    expect(ref.partBytes).toBe(256 * 1024)
    expect(ref.parts).toHaveLength(17)
    expect(server.files.size - before).toBe(17)
    expect(same(await read(honest, ref), bytes)).toBe(true)
    for (const [start, end] of [
      [0, 1],
      [262_143, 262_145],
      [262_144, 262_145],
      [4_000_000, 4_294_304],
    ] as const) {
      const counted = faultyPod(honest)
      const range = await new Response(openBlob({ pod: counted, container }, ref, { start, end })).bytes()
      expect(same(range, bytes.slice(start, end))).toBe(true)
      expect(counted.requests.length).toBe(Math.ceil(end / 262_144) - Math.floor(start / 262_144))
    }
  })

  test.each([0, -262_144, 1, 262_145, 4096, 3 * 262_144, PART_BYTES, 2 * PART_BYTES, 0.5, NaN, '262144', null, {}])(
    '[B6] a part size of %j is none',
    async partBytes => {
      const bytes = bytesOf(300_000)
      const { pod, uplink } = slow(honest)
      await send(pod, bytesOf(10), uplink)
      const ref = await send(pod, bytes, uplink)
      expect(ref).toMatchObject({ partBytes: 262_144, size: 300_000 })
      const other = { ...ref, partBytes } as BlobRef
      await expect(read(honest, other)).rejects.toMatchObject({ code: 'tampered' })
    },
  )

  test('[B6] parts and a page of them at once are none, nor more parts than stand in a cell', async () => {
    const { page: _, ...ref } = await send(honest, bytesOf(10))
    const [part] = ref.parts!
    const one = { ...ref, parts: Array.from({ length: 32 }, () => part!) }
    for (const other of [
      { ...ref, page: part! },
      { ...one, parts: [...one.parts, part!] },
    ])
      await expect(read(honest, other)).rejects.toMatchObject({ code: 'tampered' })
  })

  test('[B6] another part size than the parts have is refused', async () => {
    const { pod, uplink } = slow(honest)
    await send(pod, bytesOf(10), uplink)
    const ref = await send(pod, bytesOf(700_000), uplink)
    const { partBytes: _, ...without } = ref
    for (const other of [without, { ...ref, partBytes: 524_288 }])
      await expect(read(honest, other as BlobRef)).rejects.toMatchObject({ code: 'tampered' })
    const whole = await send(honest, bytesOf(700_000))
    await expect(read(honest, { ...whole, partBytes: 262_144 })).rejects.toMatchObject({ code: 'tampered' })
  })
})

test('any place in a large file takes two requests at first, and one from then on', async () => {
  const size = 40 * PART_BYTES
  const at = { now: 0 }
  const uplink = new Uplink(() => at.now)
  await uplink.sending(1000, async () => void (at.now += 1000)) // so slow that parts are small
  const source = {
    size: size / 16,
    read: async (start: number, end: number) => new Uint8Array(end - start).fill(start >> 18),
  }
  const ref = await storeBlob({ pod: honest, container, folder: folders(), uplink }, source, meta)
  expect(ref.page).toBeDefined()
  const counted = faultyPod(honest)
  const pages = new Pages()
  const asked: number[] = []
  for (const start of [9_000_000, 5, 10_485_759]) {
    const before = counted.requests.length
    const bytes = await new Response(
      openBlob({ pod: counted, container, pages }, ref, { start, end: start + 1 }),
    ).bytes()
    expect([...bytes]).toEqual([(Math.floor(start / 262_144) * 262_144) >> 18])
    asked.push(counted.requests.length - before)
  }
  expect(asked).toEqual([2, 1, 1])
  pages.lock()
  await new Response(openBlob({ pod: counted, container, pages }, ref, { start: 0, end: 1 })).bytes()
  expect(counted.requests).toHaveLength(4 + 2)
})

test('a reader that leaves calls off what it asked for', async () => {
  const ref = await send(honest, bytesOf(PART_BYTES + 1))
  const signals: (AbortSignal | undefined)[] = []
  const watched = answering(honest, {
    get: (url, options) => {
      signals.push(options?.signal)
      return honest.get(url, options)
    },
  })
  const reader = openBlob({ pod: watched, container }, ref).getReader()
  await reader.read()
  await reader.cancel()
  expect(signals.map(signal => signal?.aborted)).toContain(true)
})
