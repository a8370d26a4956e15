import { describe, expect, it } from 'vitest'
import {
  ACCESS_START,
  accessBatches,
  concat,
  drawSeeds,
  frameAccessBatch,
  hash,
  openAccessBatch,
  publicOf,
  random,
  sealAccessBatch,
  unsafeAccessLink,
  type AccessRead,
} from '#crypto'
import { codeOf, flipped } from './support.ts'

const owner = drawSeeds()
const to = { kem: publicOf(owner).kem, generation: 3 }
const at = 1_700_000_000_000
const reads: AccessRead[] = [
  { at: at + 5, who: 'https://bob.example/#me', application: 'https://app.example', path: 'alveole/c/x/head.alv' },
  { at, who: '', application: '', path: 'alveole/c/x/y.alv' },
  { at: at + 9, who: 'https://bob.example/#me', application: '', path: 'alveole/c/x/head.alv' },
]
const first = sealAccessBatch(to, ACCESS_START, reads, 7)

describe('a batch of the access history', () => {
  it('[Y1] comes back as it was, in its order, to the owner and to nobody else', () => {
    expect(openAccessBatch(owner.kem, first)).toEqual({ reads, lost: 7 })
    expect(codeOf(() => openAccessBatch(drawSeeds().kem, first))).toBe('tampered')
    expect(Buffer.from(first).includes('bob.example')).toBe(false)
  })

  it('[Y1] may tell of lost reads alone', () => {
    expect(openAccessBatch(owner.kem, sealAccessBatch(to, ACCESS_START, [], 2))).toEqual({ reads: [], lost: 2 })
  })

  it('[Y1] is refused with any bit altered', () => {
    for (let bit = 0; bit < first.length * 8; bit += 13)
      expect(codeOf(() => openAccessBatch(owner.kem, flipped(first, bit)))).toBe('tampered')
  })

  it('[Y3] says where in the chain it stands, from nothing on', () => {
    expect(ACCESS_START).toEqual({ length: 0, last: new Uint8Array(32) })
    const link = unsafeAccessLink(first)
    expect(link).toEqual({ generation: 3, before: ACCESS_START, after: { length: 1, last: hash(first) } })
    const second = sealAccessBatch(to, link.after, reads, 0)
    expect(unsafeAccessLink(second)).toEqual({
      generation: 3,
      before: link.after,
      after: { length: 2, last: hash(second) },
    })
  })
})

describe('a file of batches', () => {
  const second = sealAccessBatch(to, unsafeAccessLink(first).after, [], 1)
  const file = concat(frameAccessBatch(first), frameAccessBatch(second))

  it('[Y3] is each batch behind its length, most significant byte first', () => {
    expect([...frameAccessBatch(first).subarray(0, 4)]).toEqual([0, 0, first.length >> 8, first.length & 255])
    expect(frameAccessBatch(first).subarray(4)).toEqual(first)
    expect(accessBatches(file)).toEqual({ batches: [first, second], whole: file.length })
    expect(accessBatches(new Uint8Array(0))).toEqual({ batches: [], whole: 0 })
  })

  it('[Y3] ends, wherever a write was cut, with the last whole batch', () => {
    const end = 4 + first.length
    for (let cut = 0; cut < file.length; cut += cut > end - 8 && cut < end + 8 ? 1 : 97) {
      const whole = cut < end ? 0 : end
      expect(accessBatches(file.subarray(0, cut))).toEqual({ batches: whole ? [first] : [], whole })
    }
  })

  it('[Y3] ends before what is no batch, and reads a part of a larger buffer as what it is', () => {
    const junk = frameAccessBatch(random(40))
    const whole = 4 + first.length
    expect(accessBatches(concat(frameAccessBatch(first), junk, frameAccessBatch(second)))).toEqual({
      batches: [first],
      whole,
    })
    expect(accessBatches(concat(random(7), file).subarray(7))).toEqual({
      batches: [first, second],
      whole: file.length,
    })
  })
})
