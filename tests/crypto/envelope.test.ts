import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { label, random, utf8 } from '#crypto'
import { ENVELOPE_BYTES, commit, open, seal } from '../../crypto/envelope.ts'
import { none, padme, steps } from '../../crypto/padding.ts'
import { aeadSeal, frame, kdf } from '../../crypto/primitives.ts'
import { any32, anyBytes, codeOf, flipped } from './support.ts'

const anyLabel = fc.constantFrom(...Object.values(label))

describe('the committing envelope', () => {
  it('[E1] opens what it sealed', () => {
    fc.assert(
      fc.property(any32, anyLabel, anyBytes(), anyBytes({ maxLength: 900 }), (key, use, header, plaintext) => {
        const sealed = seal(key, use, header, plaintext, padme)
        expect(sealed.length).toBe(ENVELOPE_BYTES + padme(plaintext.length + 1))
        expect(open(key, use, header, sealed, padme)).toEqual(plaintext)
      }),
    )
  })

  it('[E1] refuses every flipped bit, every cut, and anything appended', () => {
    const [key, header] = [random(32), utf8('header')]
    const sealed = seal(key, label.table, header, utf8('a secret'), none)
    for (let bit = 0; bit < sealed.length * 8; bit++)
      expect(codeOf(() => open(key, label.table, header, flipped(sealed, bit), none))).toBe('tampered')
    for (let end = 0; end < sealed.length; end++)
      expect(codeOf(() => open(key, label.table, header, sealed.subarray(0, end), none))).toBe('tampered')
    expect(codeOf(() => open(key, label.table, header, Uint8Array.of(...sealed, 0), none))).toBe('tampered')
  })

  it('[E1] binds key, label, header and padding rule', () => {
    const [key, header] = [random(32), utf8('header')]
    const sealed = seal(key, label.table, header, utf8('a secret'), steps(64))
    expect(codeOf(() => open(random(32), label.table, header, sealed, steps(64)))).toBe('tampered')
    expect(codeOf(() => open(key, label.sectionBody, header, sealed, steps(64)))).toBe('tampered')
    expect(codeOf(() => open(key, label.table, utf8('Header'), sealed, steps(64)))).toBe('tampered')
    expect(codeOf(() => open(key, label.table, header, sealed, steps(32)))).toBe('tampered')
  })

  it('[E2] commits to its key: a ciphertext whose tag verifies is refused without the commitment', () => {
    const [key, header] = [random(32), utf8('header')]
    const { aeadKey, commitment } = commit(key, label.table, header)
    const body = aeadSeal(aeadKey, new Uint8Array(24), frame(label.table, header), Uint8Array.of(1, 0x80))
    expect(open(key, label.table, header, Uint8Array.of(...commitment, ...body), none)).toEqual(Uint8Array.of(1))
    expect(codeOf(() => open(key, label.table, header, Uint8Array.of(...random(32), ...body), none))).toBe('tampered')
  })

  it('[E3] gives every (key, label, header) an AEAD key of its own', () => {
    const seen = new Set<string>()
    const keys = [random(32), random(32)]
    for (const key of keys)
      for (const use of Object.values(label))
        for (const header of ['', 'a', 'b']) seen.add(commit(key, use, utf8(header)).aeadKey.toString())
    expect(seen.size).toBe(keys.length * Object.keys(label).length * 3)
  })

  it('[E5] answers a wrong key and an altered byte alike', () => {
    const [key, header] = [random(32), utf8('header')]
    const sealed = seal(key, label.table, header, utf8('a secret'), none)
    const message = (run: () => unknown): string => {
      try {
        run()
        return 'opened'
      } catch (error) {
        return String(error)
      }
    }
    const wrongKey = message(() => open(random(32), label.table, header, sealed, none))
    const altered = message(() => open(key, label.table, header, flipped(sealed, 400), none))
    expect(wrongKey).toBe(altered)
    expect(wrongKey).not.toBe('opened')
  })
})

describe('labels and key derivation', () => {
  it('[S3] names each use once, and no framed label begins another', () => {
    const framed = Object.values(label).map(use => frame(use, new Uint8Array()).toString())
    expect(new Set(framed).size).toBe(framed.length)
    for (const a of framed) expect(framed.filter(b => b !== a && b.startsWith(`${a},`))).toEqual([])
  })

  it('[S3] derives unrelated keys of each label, context and length', () => {
    const key = random(32)
    const outputs = Object.values(label).flatMap(use =>
      [16, 32, 64].flatMap(length =>
        ['', 'x'].map(context => kdf(key, use, utf8(context), length).subarray(0, 16).toString()),
      ),
    )
    expect(new Set(outputs).size).toBe(outputs.length)
  })

  it('derives nothing from a key that is none', () => {
    expect(codeOf(() => kdf(new Uint8Array(), label.section))).toBe('usage')
    expect(codeOf(() => kdf(random(15), label.section))).toBe('usage')
    expect(kdf(random(16), label.section)).toHaveLength(32)
  })
})
