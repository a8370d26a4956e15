import { describe, expect, it } from 'vitest'
import { drawSeeds, openQueuedWrite, sealQueuedWrite, toHex, type QueuedWrite } from '#crypto'
import { codeOf, flipped } from './support.ts'

const seeds = drawSeeds()
const record = (n: number): string => toHex(new Uint8Array(16).fill(n))
const write: QueuedWrite = {
  collection: new Uint8Array(16).fill(8),
  at: 1_700_000_000_000,
  known: [record(1), record(2)],
  sections: [
    {
      facet: 'health/dosage',
      isWritten: true,
      cells: [{ record: record(1), stamp: 5, kind: 'medication', properties: { dose: 3 } }],
    },
    { facet: 'photos', isWritten: false, cells: [{ record: record(3), stamp: 6, kind: 'photo', properties: null }] },
  ],
}
const sealed = sealQueuedWrite(seeds, write)

describe('a write that waits', () => {
  it('[D4] comes back as it was, to the device that keeps it and to no other', () => {
    expect(openQueuedWrite(seeds, sealed)).toEqual(write)
    expect(codeOf(() => openQueuedWrite(drawSeeds(), sealed))).toBe('tampered')
  })

  it('[D4] tells whoever holds the disk nothing of what it says, and is refused with any bit altered', () => {
    for (const word of ['dosage', 'medication', 'photo']) expect(Buffer.from(sealed).includes(word)).toBe(false)
    for (let bit = 0; bit < sealed.length * 8; bit += 7)
      expect(codeOf(() => openQueuedWrite(seeds, flipped(sealed, bit)))).toBe('tampered')
  })

  it('[E3] is sealed anew each time', () => expect(sealQueuedWrite(seeds, write)).not.toEqual(sealed))
})
