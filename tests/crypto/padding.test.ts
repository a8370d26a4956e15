import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { none, pad, padme, section, steps, unpad } from '../../crypto/padding.ts'
import { anyBytes, codeOf } from './support.ts'

const rules = { padme, section, none, 'steps of 512': steps(512) }

describe('padding', () => {
  it.each(Object.entries(rules))('[E4] %s gives back any plaintext, those that look like padding too', (_, rule) => {
    const tail = fc.array(fc.constantFrom(0, 0x80), { maxLength: 8 }).map(bytes => Uint8Array.from(bytes))
    fc.assert(
      fc.property(anyBytes({ maxLength: 700 }), tail, (start, end) => {
        const plaintext = Uint8Array.of(...start, ...end)
        const padded = pad(plaintext, rule)
        expect(padded.length).toBe(rule(plaintext.length + 1))
        expect(unpad(padded, rule)).toEqual(plaintext)
      }),
    )
  })

  it.each(Object.entries(rules))('[E4] %s has one padded form: whatever unpads pads to the same bytes', (_, rule) => {
    const candidate = fc
      .array(fc.constantFrom(0, 0, 0, 0x80, 1), { maxLength: 600 })
      .map(bytes => Uint8Array.from(bytes))
    fc.assert(
      fc.property(candidate, padded => {
        let plaintext: Uint8Array | null = null
        const reads = codeOf(() => (plaintext = unpad(padded, rule))) === 'no error'
        expect(reads ? pad(plaintext!, rule) : padded).toEqual(padded)
      }),
      { numRuns: 500 },
    )
  })

  it('[E4] pads sections to 256 bytes at least, then by Padmé', () => {
    expect([0, 1, 255, 256, 257, 1000].map(section)).toEqual([256, 256, 256, 256, 272, 1024])
  })

  it('[E4] refuses no marker, and a marker too early', () => {
    expect(codeOf(() => unpad(new Uint8Array(0), padme))).toBe('tampered')
    expect(codeOf(() => unpad(new Uint8Array(256), section))).toBe('tampered')
    expect(codeOf(() => unpad(Uint8Array.of(1, 2, 3), none))).toBe('tampered')
    const tooLong = new Uint8Array(1024)
    tooLong[10] = 0x80
    expect(codeOf(() => unpad(tooLong, steps(512)))).toBe('tampered')
  })

  it('[E4] Padmé never decreases, adds 12 % at most, and leaves few lengths', () => {
    const lengths = Array.from({ length: 100_000 }, (_, length) => padme(length))
    const wrong = lengths.filter((padded, length) => {
      const decreases = length > 0 && padded < lengths[length - 1]!
      return padded < length || padded > length * 1.12 || decreases || padme(padded) !== padded
    })
    expect(wrong).toEqual([])
    expect(new Set(lengths).size).toBeLessThan(400)
    expect([9, 100, 1000, 4 * 1024 * 1024 + 1].map(padme)).toEqual([10, 104, 1024, 4_325_376])
  })
})
