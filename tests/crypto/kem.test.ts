import sodium from 'libsodium-wrappers'
import { describe, expect, it } from 'vitest'
import { concat, label, random, toHex, utf8 } from '#crypto'
import { openWith, sealTo } from '../../crypto/kem.ts'
import { none } from '../../crypto/padding.ts'
import { kemDecapsulate, kemEncapsulate, kemPublic } from '../../crypto/primitives.ts'
import { codeOf, flipped } from './support.ts'

const header = utf8('header')
const X25519_AT = { publicKey: 1184, ciphertext: 1088 }

/** X-Wing written out from its two halves (draft-connolly-cfrg-xwing-kem §5): what libsodium's must equal. */
function referenceEncapsulate(publicKey: Uint8Array, seed: Uint8Array): { ciphertext: Uint8Array; shared: Uint8Array } {
  const [mlkemPublic, xPublic] = [publicKey.subarray(0, X25519_AT.publicKey), publicKey.subarray(X25519_AT.publicKey)]
  const mlkem = sodium.crypto_kem_mlkem768_enc_deterministic(mlkemPublic, seed.subarray(0, 32))
  const xCiphertext = sodium.crypto_scalarmult_base(seed.subarray(32))
  const xShared = sodium.crypto_scalarmult(seed.subarray(32), xPublic)
  const inputs = concat(mlkem.sharedSecret, xShared, xCiphertext, xPublic, utf8('\\.//^\\'))
  return { ciphertext: concat(mlkem.ciphertext, xCiphertext), shared: sodium.crypto_hash_sha3256(inputs) }
}

describe('X-Wing', () => {
  // draft-connolly-cfrg-xwing-kem, appendix C: seeds are the output of SHAKE128("") cut in pieces of 32 and 64 bytes.
  it.each([
    [0, 'd2df0522128f09dd8e2c92b1e905c793d8f57a54c3da25861f10bf4ca613e384'],
    [1, 'f2e86241c64d60f6649fbc6c5b7d17180b780a3f34355e64a85749949c45f150'],
    [2, '953f7f4e8c5b5049bdc771d1dffada0dd961477d1a2ae0988baa7ea6898d893f'],
  ])('gives the shared secret of vector %i of its draft', (i, expected) => {
    const stream = sodium.crypto_xof_shake128(96 * 3, '')
    const [seed, randomness] = [stream.slice(96 * i, 96 * i + 32), stream.slice(96 * i + 32, 96 * i + 96)]
    const { ciphertext, sharedSecret } = sodium.crypto_kem_xwing_enc_deterministic(kemPublic(seed), randomness)
    expect(toHex(sharedSecret)).toBe(expected)
    expect(toHex(kemDecapsulate(seed, ciphertext)!)).toBe(expected)
  })

  it('is ML-KEM-768 and X25519 under SHA3-256, as its draft combines them', () => {
    for (let i = 0; i < 5; i++) {
      const [publicKey, randomness] = [kemPublic(random(32)), random(64)]
      const { ciphertext, sharedSecret } = sodium.crypto_kem_xwing_enc_deterministic(publicKey, randomness)
      expect(referenceEncapsulate(publicKey, randomness)).toEqual({ ciphertext, shared: sharedSecret })
    }
  })

  it('makes the same key pair of the same seed, and agrees on both sides', () => {
    const seed = random(32)
    expect(kemPublic(seed)).toEqual(kemPublic(seed.slice()))
    const { ciphertext, shared } = kemEncapsulate(kemPublic(seed))
    expect(kemDecapsulate(seed, ciphertext)).toEqual(shared)
    expect(kemEncapsulate(kemPublic(seed)).shared).not.toEqual(shared)
  })

  it('rejects implicitly: another ciphertext gives another secret, always the same', () => {
    const seed = random(32)
    const { ciphertext, shared } = kemEncapsulate(kemPublic(seed))
    const other = flipped(ciphertext, 77)
    expect(kemDecapsulate(seed, other)).not.toEqual(shared)
    expect(kemDecapsulate(seed, other)).toEqual(kemDecapsulate(seed, other))
  })
})

describe('sealing to a public key', () => {
  const seed = random(32)
  const publicKey = kemPublic(seed)
  const sealed = sealTo(publicKey, label.message, header, utf8('hello'), none)

  it('[W1] opens with the seed, never twice the same bytes', () => {
    expect(openWith(seed, label.message, header, sealed, none)).toEqual(utf8('hello'))
    expect(sealTo(publicKey, label.message, header, utf8('hello'), none)).not.toEqual(sealed)
  })

  it('[W2] binds recipient, ciphertext, label and header', () => {
    expect(codeOf(() => openWith(random(32), label.message, header, sealed, none))).toBe('tampered')
    expect(codeOf(() => openWith(seed, label.groupWrap, header, sealed, none))).toBe('tampered')
    expect(codeOf(() => openWith(seed, label.message, utf8('Header'), sealed, none))).toBe('tampered')
    const another = sealTo(publicKey, label.message, header, utf8('hello'), none)
    expect(
      codeOf(() =>
        openWith(seed, label.message, header, concat(another.subarray(0, 1120), sealed.subarray(1120)), none),
      ),
    ).toBe('tampered')
  })

  it('[W3] refuses every cut alike', () => {
    for (const end of [0, 1, 32, 1087, 1119, 1120, 1121, 1152, 1160, sealed.length - 1]) {
      expect(codeOf(() => openWith(seed, label.message, header, sealed.subarray(0, end), none))).toBe('tampered')
    }
  })

  it.each([0, 1])('[W3] refuses a ciphertext with the point of low order %i alike', first => {
    const lowOrder = sealed.slice()
    lowOrder.fill(0, X25519_AT.ciphertext, 1120)
    lowOrder[X25519_AT.ciphertext] = first
    expect(codeOf(() => openWith(seed, label.message, header, lowOrder, none))).toBe('tampered')
  })

  it('[W4] seals to no key over the modulus, of low order, or of another length', () => {
    const overModulus = publicKey.slice().fill(0xff, 0, X25519_AT.publicKey)
    const lowOrder = publicKey.slice().fill(0, X25519_AT.publicKey)
    for (const bad of [overModulus, lowOrder, publicKey.subarray(1), new Uint8Array()]) {
      expect(codeOf(() => sealTo(bad, label.message, header, utf8('hello'), none))).toBe('tampered')
    }
  })
})
