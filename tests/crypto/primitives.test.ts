/** Known answers of the suite's primitives, and what a caller of primitives.ts relies on. */
import { blake2b } from '@noble/hashes/blake2.js'
import { describe, expect, it } from 'vitest'
import { fromHex, hash, random, toHex, utf8 } from '#crypto'
import { aeadOpen, aeadSeal, frame, signDetached, signPublic, signVerify } from '../../crypto/primitives.ts'
import { sign, verify } from '../../crypto/signature.ts'
import { label } from '../../crypto/labels.ts'
import { flipped } from './support.ts'

describe('primitives', () => {
  it('Ed25519: RFC 8032 §7.1, test 1', () => {
    const seed = fromHex('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60')
    expect(toHex(signPublic(seed))).toBe('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a')
    expect(toHex(signDetached(seed, new Uint8Array()))).toBe(
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    )
  })

  it('BLAKE2b-256 of "abc", at once and in pieces', () => {
    const expected = 'bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319'
    expect(toHex(hash(utf8('abc')))).toBe(expected)
    for (const length of [65_535, 65_536, 65_537, 131_072, 200_001]) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8)) & 255)
      expect(toHex(hash(bytes))).toBe(toHex(blake2b(bytes, { dkLen: 32 })))
    }
  })

  it('XChaCha20-Poly1305 answers null to every flipped bit, cut, and wrong length of key or nonce', () => {
    const [key, nonce, ad] = [random(32), random(24), utf8('ad')]
    const sealed = aeadSeal(key, nonce, ad, utf8('text'))
    expect(aeadOpen(key, nonce, ad, sealed)).toEqual(utf8('text'))
    for (let bit = 0; bit < sealed.length * 8; bit++) expect(aeadOpen(key, nonce, ad, flipped(sealed, bit))).toBeNull()
    for (let end = 0; end < sealed.length; end++) expect(aeadOpen(key, nonce, ad, sealed.subarray(0, end))).toBeNull()
    expect(aeadOpen(key.subarray(1), nonce, ad, sealed)).toBeNull()
    expect(aeadOpen(key, nonce.subarray(1), ad, sealed)).toBeNull()
    expect(aeadOpen(key, nonce, utf8('AD'), sealed)).toBeNull()
  })

  it('[S2] signs label and bytes together, and verifies nothing of the wrong length', () => {
    const seed = random(32)
    const signature = sign(seed, label.head, utf8('bytes'))
    expect(verify(signPublic(seed), label.head, utf8('bytes'), signature)).toBe(true)
    expect(verify(signPublic(seed), label.account, utf8('bytes'), signature)).toBe(false)
    expect(verify(signPublic(random(32)), label.head, utf8('bytes'), signature)).toBe(false)
    for (let bit = 0; bit < 512; bit++)
      expect(verify(signPublic(seed), label.head, utf8('bytes'), flipped(signature, bit))).toBe(false)
    expect(signVerify(new Uint8Array(31), utf8('bytes'), signature)).toBe(false)
    expect(signVerify(signPublic(seed), utf8('bytes'), signature.subarray(1))).toBe(false)
    expect(signVerify(new Uint8Array(32), utf8('bytes'), new Uint8Array(64))).toBe(false) // a key of small order
  })

  it('[S3] frames a label unambiguously', () => {
    expect(frame('ab', utf8('c'))).not.toEqual(frame('a', utf8('bc')))
    expect([...frame('ab', utf8('c'))]).toEqual([2, 97, 98, 99])
  })

  it('draws randomness that does not repeat', () => {
    const drawn = new Set(Array.from({ length: 20_000 }, () => toHex(random(16))))
    expect(drawn.size).toBe(20_000)
    expect(random(65_536)).toHaveLength(65_536)
  })
})
