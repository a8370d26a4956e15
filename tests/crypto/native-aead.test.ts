/** The platform's ciphers against libsodium's: the same bytes, the same refusals, at every size where an off-by-one could hide. */
import sodium from 'libsodium-wrappers'
import { describe, expect, it } from 'vitest'
import { fromHex, random } from '#crypto'
import { nativeAead, ofNode, ofWebCrypto } from '../../crypto/native-aead.ts'
import { aeadOpen, aeadOpenBulk, aeadSeal, aeadSealBulk } from '../../crypto/primitives.ts'
import { innerOf } from '../../crypto/xchacha.ts'
import { codeOf, flipped } from './support.ts'

const sizes = [0, 1, 15, 16, 17, 63, 64, 65, 255, 16_383, 16_384, 65_535, 65_536]
const platforms = { Node: ofNode()!, WebCrypto: (await ofWebCrypto())! }

describe.each(Object.entries(platforms))('XChaCha20-Poly1305 of %s', (_, native) => {
  const seal = async (...[key, nonce, ad, plaintext]: Parameters<typeof aeadSeal>): Promise<Uint8Array> => {
    const into = new Uint8Array(plaintext.length + 16)
    await native.seal(key, nonce, ad, plaintext, into)
    return into
  }

  it.each(sizes)('seals and opens %i bytes as libsodium does', async size => {
    const [key, nonce, ad, plaintext] = [random(32), random(24), random(size % 40), random(size)]
    const expected = sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(plaintext, ad, null, nonce, key)
    expect(await seal(key, nonce, ad, plaintext)).toEqual(expected)
    expect(await native.open(key, nonce, ad, expected)).toEqual(plaintext)
  })

  it('takes views into larger arrays for what they show, and writes nothing beside its place', async () => {
    const [key, nonce, ad, plaintext] = [random(40), random(30), random(50), random(3000)].map(bytes =>
      bytes.subarray(5),
    ) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array]
    const of = [key.subarray(0, 32), nonce.subarray(0, 24), ad.subarray(0, 9)] as const
    const around = new Uint8Array(plaintext.length + 36)
    await native.seal(...of, plaintext, around.subarray(10, -10))
    expect(around.subarray(10, -10)).toEqual(aeadSeal(...of, plaintext))
    expect([...around.subarray(0, 10), ...around.subarray(-10)]).toEqual(Array.from({ length: 20 }, () => 0))
    expect(await native.open(...of, around.subarray(10, -10))).toEqual(plaintext)
  })

  it('refuses every altered bit, another key, nonce or ad, and what is too short', async () => {
    const [key, nonce, ad] = [random(32), random(24), random(20)]
    const sealed = await seal(key, nonce, ad, random(40))
    const refused = (...of: Parameters<typeof native.open>) => expect(native.open(...of)).rejects.toThrow(Error)
    for (let bit = 0; bit < sealed.length * 8; bit++) await refused(key, nonce, ad, flipped(sealed, bit))
    for (let end = 0; end < sealed.length; end++) await refused(key, nonce, ad, sealed.subarray(0, end))
    await refused(random(32), nonce, ad, sealed)
    await refused(key, random(24), ad, sealed)
    await refused(key, nonce, random(20), sealed)
  })
})

describe('a platform without this cipher', () => {
  it('is one without Node', () => {
    const node = Object.getOwnPropertyDescriptor(globalThis, 'process')!
    const found: unknown[] = []
    for (const process of [undefined, {}, { getBuiltinModule: () => ({ getCiphers: () => ['aes-256-gcm'] }) }]) {
      Object.defineProperty(globalThis, 'process', { value: process, configurable: true })
      try {
        found.push(ofNode())
      } finally {
        Object.defineProperty(globalThis, 'process', node)
      }
    }
    expect(found).toEqual([null, null, null])
  })

  it('is one whose WebCrypto refuses its keys', async () => {
    const importKey = () => Promise.reject(new DOMException('no such cipher', 'NotSupportedError'))
    Object.defineProperty(crypto.subtle, 'importKey', { value: importKey, configurable: true })
    try {
      expect(await ofWebCrypto()).toBeNull()
    } finally {
      Reflect.deleteProperty(crypto.subtle, 'importKey')
    }
  })
})

describe('in bulk', () => {
  it('is Node’s here, which says nothing to whoever runs the program', () => expect(nativeAead).not.toBeNull())

  it.each(sizes)('seals and opens %i bytes as one by one', async size => {
    const [key, nonce, ad, plaintext] = [random(32), random(24), random(size % 40), random(size)]
    const into = new Uint8Array(size + 16)
    await aeadSealBulk(key, nonce, ad, plaintext, into)
    expect(into).toEqual(aeadSeal(key, nonce, ad, plaintext))
    expect(await aeadOpenBulk(key, nonce, ad, into)).toEqual(plaintext)
    expect(aeadOpen(key, nonce, ad, into)).toEqual(plaintext)
  })

  it.each([100, 20_000])('gives null for %i altered bytes, also for keys and nonces of another length', async size => {
    const [key, nonce, ad] = [random(32), random(24), random(20)]
    const sealed = aeadSeal(key, nonce, ad, random(size))
    expect(await aeadOpenBulk(key, nonce, ad, flipped(sealed, 77))).toBeNull()
    expect(await aeadOpenBulk(key.subarray(1), nonce, ad, sealed)).toBeNull()
    expect(await aeadOpenBulk(key, nonce.subarray(1), ad, sealed)).toBeNull()
    expect(await aeadOpenBulk(Uint8Array.of(...key, 0), nonce, ad, sealed)).toBeNull()
    expect(await aeadOpenBulk(key, Uint8Array.of(...nonce, 0), ad, sealed)).toBeNull()
    const into = new Uint8Array(size + 16)
    await expect(aeadSealBulk(key.subarray(1), nonce, ad, random(size), into)).rejects.toThrow(Error)
  })
})

describe('HChaCha20', () => {
  it('gives what draft-irtf-cfrg-xchacha-03 §2.2.1 lists', () => {
    const key = Uint8Array.from({ length: 32 }, (_, i) => i)
    const nonce = fromHex('000000090000004a00000000314159270102030405060708')
    expect(innerOf(key, nonce)).toEqual({
      key: fromHex('82413b4227b27bfed30e42508a877d73a0f9e4d58a74a853c12ec41326d3ecdc'),
      nonce: fromHex('000000000102030405060708'),
    })
  })

  it.each([
    [31, 24],
    [33, 24],
    [32, 23],
    [32, 25],
  ])('takes no key of %i bytes with a nonce of %i', (key, nonce) =>
    expect(codeOf(() => innerOf(random(key), random(nonce)))).toBe('usage'),
  )
})
