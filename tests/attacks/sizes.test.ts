/** [A24] What sizes, names and types tell: over a corpus of files and records, little more than how many octets there are in all. */
import { beforeAll, describe, expect, test } from 'vitest'
import { PART_BYTES } from '#crypto'
import { folders } from '../core/part-folders.ts'
import { storeBlob } from '../../client/core/blobs/store-blob.ts'
import { blobSource } from '../../client/core/blobs/source.ts'
import { Uplink } from '../../client/core/blobs/uplink.ts'
import { memoryServer } from '../../client/core/memory-pod.ts'
import { folder, world } from '../core/world.ts'
import { scene, type Scene } from './scene.ts'

describe('[A24] files', () => {
  const server = memoryServer()
  const pod = server.pod('alice')
  /** Sizes as files have them: many small, few large. Fixed, so that a failure comes again. */
  const sizes = Array.from({ length: 60 }, (_, i) => Math.floor(2 ** (4 + (i * 18.5) / 60)) + ((i * 7919) % 13))
  const stored = async (size: number, filler: number, mediaType: string): Promise<number[]> => {
    const before = new Set(server.files.keys())
    const file = new Blob([new Uint8Array(size).fill(filler)])
    const to = { pod, container: `${pod.storage}c/`, folder: folders(), uplink: new Uplink(() => 0) }
    await storeBlob(to, blobSource(file), { name: `a ${filler}`, mediaType })
    return [...server.files].filter(([url]) => !before.has(url)).map(([, { body }]) => body.length)
  }

  test('of one size are stored in one size, whatever they are, and cost 12 % at most', async () => {
    for (const size of sizes) {
      const parts = await stored(size, 0, 'image/jpeg')
      expect(await stored(size, 255, 'text/plain')).toEqual(parts)
      expect(parts.reduce((a, b) => a + b, 0)).toBeLessThan(
        size * 1.12 + 200 * parts.length + 16 * Math.ceil(size / 2 ** 18),
      )
      expect(parts).toHaveLength(Math.max(1, Math.ceil(size / PART_BYTES)))
    }
  })

  test('of four hundred sizes, none twice as large as another, are stored in seventeen', async () => {
    const seen = new Set<number>()
    for (let size = 16_384; size <= 32_768; size += 41) seen.add((await stored(size, 1, 'a'))[0]!)
    expect(seen.size).toBe(17)
  })

  test('leave nothing but random names and one type', () => {
    for (const [url, { type }] of server.files)
      expect([url.replace(`${pod.storage}c/`, ''), type]).toEqual([
        expect.stringMatching(/^[\w-]{22}\/[\w-]{22}\.alv$/),
        'application/vnd.alveole',
      ])
  })
})

describe('[A24] a vault', () => {
  let at: Scene
  beforeAll(async () => void (at = await scene()))

  test('has heads in steps of 8 KiB, messages in steps of 512, and one type, whatever is in them', () => {
    const frames = (name: RegExp, step: number): Set<number> =>
      new Set([...at.honest].filter(([url]) => name.test(url)).map(([, { body }]) => body.length % step))
    expect(frames(/\/c\/[^/]+\/head\.alv$/, 8192).size).toBe(1)
    expect(frames(/\/feed\/[^/.]+$/, 512).size).toBe(1)
    expect(frames(/\/inbox\/[^/.]+$/, 512).size).toBe(1)
    const types = [...at.honest]
      .filter(([url]) => /\.alv$|\/(inbox|feed)\/[^/.]+$/.test(url))
      .map(([, { type }]) => type)
    expect([...new Set(types)]).toEqual(['application/vnd.alveole'])
  })

  test('names nothing by what it is: only a fixed plan, and 16 random bytes', () => {
    const plan =
      /^(alice|bob|carol)\/alveole\/((account|identity)\.alv|(inbox|groups\/#\/(inbox|feed))\/[\da-f-]{36}|(c|groups)\/#\/head\.alv|(c\/#\/(#\/)?|groups\/#\/)#\.alv|groups\/#\/members-#)$/
    for (const url of at.honest.keys()) {
      const path = url
        .replace('https://memory.example/', '')
        .replaceAll(/(?<=\/|members-)[\w-]{22}(?=\/|\.alv|\.acl|$)/g, '#')
      if (!path.endsWith('.acl')) expect(path).toMatch(plan)
    }
  })
})

test('[A24] one record or another, short or long within a step: the same head', async () => {
  const around = world()
  const { vault } = await around.member('alice')
  const sizes = new Set<number>()
  for (const [kind, value] of [
    ['Immunization', { note: 'x' }],
    ['Condition', { note: 'a much longer text, of some illness that has a long name and a longer story' }],
    ['Medication', { form: 'tablet', dosage: ['1 g'] }],
  ] as const) {
    const collection = await folder(vault, kind)
    await vault.records.put(kind, { ...value } as never, { collection })
    sizes.add(around.server.files.get(`${vault.pod.storage}alveole/c/${collection}/head.alv`)!.body.length)
  }
  expect(sizes.size).toBe(1)
})
