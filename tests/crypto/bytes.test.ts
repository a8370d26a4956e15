import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compare, concat, equal, fromBase64Url, fromHex, fromUtf8, release, toBase64Url, toHex, utf8 } from '#crypto'
import { join } from '../../crypto/bytes.ts'
import { anyBytes, codeOf } from './support.ts'

describe('bytes', () => {
  it('reads back hexadecimal, base64url and UTF-8', () => {
    fc.assert(
      fc.property(anyBytes(), fc.string({ unit: 'binary' }), (bytes, text) => {
        expect(fromHex(toHex(bytes))).toEqual(bytes)
        expect(fromBase64Url(toBase64Url(bytes))).toEqual(bytes)
        expect(fromUtf8(utf8(text))).toBe(text.toWellFormed())
      }),
    )
  })

  it.each(['a', '0G', 'AB', '0x', ' 00', '00\n', '0/', '0:', '0`', '0g', '/0', 'g0'])(
    '[O5] refuses %j as hexadecimal',
    text => expect(codeOf(() => fromHex(text))).toBe('tampered'),
  )

  it.each(['A', 'AA==', 'A+/A', 'AB', 'AAB', 'A A', 'é', 'éé', '!!!!', 'AA\n'])('[O5] refuses %j as base64url', text =>
    expect(codeOf(() => fromBase64Url(text))).toBe('tampered'),
  )

  it('[O5] refuses invalid UTF-8', () => {
    for (const bytes of [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xe2, 0x82]]) {
      expect(codeOf(() => fromUtf8(Uint8Array.from(bytes)))).toBe('tampered')
    }
  })

  it('[O2] keeps a byte order mark: text without it has other bytes', () => {
    const marked = Uint8Array.of(0xef, 0xbb, 0xbf, 0x61)
    expect(fromUtf8(marked)).toBe('\ufeffa')
    expect(utf8(fromUtf8(marked))).toEqual(marked)
  })

  it('releases the whole buffer that bytes stand in', () => {
    const whole = new Uint8Array(1000)
    release(whole.subarray(10, 20))
    expect(whole.length).toBe(0)
    expect(whole.buffer.detached).toBe(true)
    release(whole) // as where a failure was between
  })

  it('leaves memory alone that others share', () => {
    const shared = new Uint8Array(new SharedArrayBuffer(8))
    release(shared)
    expect(shared.length).toBe(8)
  })

  it('writes base64url of any length', () => {
    for (const length of [8191, 8192, 8193, 30_000]) {
      const long = Uint8Array.from({ length }, (_, i) => i * 31 + (i >> 8))
      expect(toBase64Url(long)).toBe(Buffer.from(long).toString('base64url'))
    }
  })

  it('orders bytes as strings of bytes, and equals only the same', () => {
    fc.assert(
      fc.property(anyBytes({ maxLength: 6 }), anyBytes({ maxLength: 6 }), (a, b) => {
        expect(Math.sign(compare(a, b))).toBe(Math.sign(Buffer.compare(a, b)))
        expect(equal(a, b)).toBe(Buffer.compare(a, b) === 0)
      }),
    )
  })

  it('joins more parts than a call takes arguments', () => {
    const parts = Array.from({ length: 300_000 }, () => Uint8Array.of(7))
    expect(join(parts).length).toBe(300_000)
    expect(concat(utf8('a'), utf8('b'))).toEqual(utf8('ab'))
  })
})
