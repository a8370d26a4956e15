/** The platform's cipher against libsodium's: the same bytes, the same refusals, at every size where an off-by-one could hide. */
import sodium from 'libsodium-wrappers'
import { describe, expect, it } from 'vitest'
import { random } from '#crypto'
import { nativeAead } from '../../crypto/native-aead.ts'
import { aeadOpen, aeadSeal } from '../../crypto/primitives.ts'
import { flipped } from './support.ts'

const native = nativeAead!
const sizes = [0, 1, 15, 16, 17, 63, 64, 65, 255, 16_383, 16_384, 65_535, 65_536]

describe('XChaCha20-Poly1305 of the platform', () => {
  it.each(sizes)('seals and opens %i bytes as libsodium does', size => {
    const [key, nonce, ad, plaintext] = [random(32), random(24), random(size % 40), random(size)]
    const expected = sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(plaintext, ad, null, nonce, key)
    expect(native.seal(key, nonce, ad, plaintext)).toEqual(expected)
    expect(native.open(key, nonce, ad, expected)).toEqual(plaintext)
    expect(aeadSeal(key, nonce, ad, plaintext)).toEqual(expected)
    expect(aeadOpen(key, nonce, ad, expected)).toEqual(plaintext)
  })

  it('refuses every altered bit, another key, nonce or ad, and what is too short', () => {
    const [key, nonce, ad] = [random(32), random(24), random(20)]
    const sealed = native.seal(key, nonce, ad, random(40))
    for (let bit = 0; bit < sealed.length * 8; bit++)
      expect(() => native.open(key, nonce, ad, flipped(sealed, bit))).toThrow(Error)
    for (let end = 0; end < sealed.length; end++)
      expect(() => native.open(key, nonce, ad, sealed.subarray(0, end))).toThrow(Error)
    expect(() => native.open(random(32), nonce, ad, sealed)).toThrow(Error)
    expect(() => native.open(key, random(24), ad, sealed)).toThrow(Error)
    expect(() => native.open(key, nonce, random(20), sealed)).toThrow(Error)
  })

  it('large: null from primitives.ts, also for keys and nonces of another length', () => {
    const [key, nonce, ad] = [random(32), random(24), random(20)]
    const sealed = aeadSeal(key, nonce, ad, random(20_000))
    expect(aeadOpen(key, nonce, ad, flipped(sealed, 77))).toBeNull()
    expect(aeadOpen(key.subarray(1), nonce, ad, sealed)).toBeNull()
    expect(aeadOpen(key, nonce.subarray(1), ad, sealed)).toBeNull()
    expect(aeadOpen(Uint8Array.of(...key, 0), nonce, ad, sealed)).toBeNull()
    expect(aeadOpen(key, Uint8Array.of(...nonce, 0), ad, sealed)).toBeNull()
    expect(() => aeadSeal(key.subarray(1), nonce, ad, random(20_000))).toThrow(Error)
  })
})
