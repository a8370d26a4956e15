/**
 * What must hold of every kind of object, over the frozen vectors: no altered byte, no cut, no other kind of object and no
 * noise is ever read as one, and the answer is always a coded error (O5).
 */
import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AlveoleError, fromHex, toHex } from '#crypto'
import { replay } from '../vectors/replay.ts'
import type { Input, VectorFile } from '../vectors/vector.ts'
import { anyBytes } from './support.ts'

/** The field of each format's input that a host serves. */
const served = {
  envelope: 'sealed',
  segment: 'segment',
  head: 'head',
  'index-run': 'run',
  keyring: 'keyring',
  'blob-part': 'part',
  'identity-log': 'log',
  account: 'account',
  'account-page': 'page',
  'group-log': 'head',
  catalogue: 'head',
  message: 'message',
  'access-batch': 'batch',
}
const objects = Object.entries(served).flatMap(([format, field]) => {
  const file = JSON.parse(readFileSync(new URL(`../vectors/${format}.json`, import.meta.url), 'utf8')) as VectorFile
  return file.valid
    .filter(({ output }) => output !== null)
    .map(({ name, input, output }) => ({ format, field, name, input, output }))
})
type Served = (typeof objects)[number]

/** What comes of serving `bytes` in place of the object. */
async function serve({ format, field, input }: Served, bytes: Uint8Array): Promise<unknown> {
  const swapped: Input = { ...input, [field]: toHex(bytes) }
  try {
    return await replay[format]!(swapped)
  } catch (error) {
    if (error instanceof AlveoleError) return error.code
    throw error
  }
}
const refusals = ['tampered', 'too-large', 'wrong-unlock']

describe.each(objects)('$format: $name', object => {
  const bytes = fromHex(object.input[object.field] as string)

  it('[E1] [S2] has no bit that may change', async () => {
    const bits = bytes.length * 8
    for (let bit = 0; bit < bits; bit += bits < 8000 ? 1 : Math.floor(bits / 120)) {
      bytes[bit >> 3]! ^= 1 << (bit & 7)
      const answer = await serve(object, bytes)
      bytes[bit >> 3]! ^= 1 << (bit & 7)
      if (refusals.includes(answer as string) || answer === null) continue // null: not there, as if the host kept it back
      // Of a keyring or segment, whose whole hash the caller has checked (G1, R6), other parts than the changed one open.
      expect(['keyring', 'segment']).toContain(object.format)
      expect(answer).toEqual(object.output)
    }
  })

  it('[O2] may not be cut or lengthened anywhere', async () => {
    const stride = Math.max(1, Math.floor(bytes.length / 50))
    for (let end = 0; end < bytes.length; end += stride)
      expect(refusals).toContain(await serve(object, bytes.subarray(0, end)))
    expect(refusals).toContain(await serve(object, Uint8Array.of(...bytes, 0)))
  })

  it('[S3] is no object of any other kind', async () => {
    for (const other of objects) {
      if (other.format === object.format) continue
      expect(refusals).toContain(await serve(object, fromHex(other.input[other.field] as string)))
    }
  })

  it('[O5] answers noise with a coded error', async () => {
    await fc.assert(
      fc.asyncProperty(anyBytes({ maxLength: 400 }), async noise => {
        expect(refusals).toContain(await serve(object, noise))
      }),
      { numRuns: 100 },
    )
  })
})
