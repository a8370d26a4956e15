/**
 * XChaCha20-Poly1305-IETF (draft-irtf-cfrg-xchacha-03) by the platform's own ChaCha20-Poly1305 (RFC 8439), where it has one:
 * Node's is ten times libsodium's in WebAssembly. null elsewhere, as in browsers.
 */
import { AlveoleError } from './errors.ts'

interface Aead {
  /** Ciphertext and tag; `into` is 16 bytes longer than the plaintext. */
  seal(key: Uint8Array, nonce: Uint8Array, ad: Uint8Array, plaintext: Uint8Array, into?: Uint8Array): Uint8Array
  /** Throws where the tag does not verify. */
  open(key: Uint8Array, nonce: Uint8Array, ad: Uint8Array, sealed: Uint8Array): Uint8Array
}

const CIPHER = 'chacha20-poly1305'
const TAG = { authTagLength: 16 }

const platform = globalThis.process?.getBuiltinModule?.('node:crypto')

export const nativeAead: Aead | null = platform?.getCiphers().includes(CIPHER) ? over(platform) : null

function over({ createCipheriv, createDecipheriv }: NonNullable<typeof platform>): Aead {
  return {
    seal(key, nonce, ad, plaintext, into = new Uint8Array(plaintext.length + TAG.authTagLength)) {
      const cipher = createCipheriv(CIPHER, subkey(key, nonce), tailOf(nonce), TAG)
      cipher.setAAD(ad, { plaintextLength: plaintext.length })
      into.set(cipher.update(plaintext))
      cipher.final() // a stream cipher: nothing is left
      into.set(cipher.getAuthTag(), plaintext.length)
      return into
    },
    open(key, nonce, ad, sealed) {
      const end = sealed.length - TAG.authTagLength
      const decipher = createDecipheriv(CIPHER, subkey(key, nonce), tailOf(nonce), TAG)
      decipher.setAAD(ad, { plaintextLength: end })
      decipher.setAuthTag(sealed.subarray(end))
      const plaintext = decipher.update(sealed.subarray(0, end))
      decipher.final()
      return new Uint8Array(plaintext.buffer, plaintext.byteOffset, plaintext.length)
    },
  }
}

/** The nonce of the inner cipher: four zeros, then the last eight bytes. */
function tailOf(nonce: Uint8Array): Uint8Array {
  const tail = new Uint8Array(12)
  tail.set(nonce.subarray(16), 4)
  return tail
}

/** HChaCha20 of the key and the first sixteen bytes of the nonce (§2.2). */
function subkey(key: Uint8Array, nonce: Uint8Array): Uint8Array {
  if (key.length !== 32 || nonce.length !== 24) throw new AlveoleError('usage', 'a key or nonce of another length')
  const words = new Uint32Array(16)
  words.set([0x61707865, 0x3320646e, 0x79622d32, 0x6b206574])
  const [from, start] = [view(key), view(nonce)]
  for (let i = 0; i < 8; i++) words[4 + i] = from.getUint32(4 * i, true)
  for (let i = 0; i < 4; i++) words[12 + i] = start.getUint32(4 * i, true)
  for (let round = 0; round < 10; round++) {
    for (let i = 0; i < 4; i++) quarterRound(words, i, 4 + i, 8 + i, 12 + i)
    for (let i = 0; i < 4; i++) quarterRound(words, i, 4 + ((i + 1) % 4), 8 + ((i + 2) % 4), 12 + ((i + 3) % 4))
  }
  const out = new Uint8Array(32)
  const to = view(out)
  for (let i = 0; i < 4; i++) {
    to.setUint32(4 * i, words[i]!, true)
    to.setUint32(16 + 4 * i, words[12 + i]!, true)
  }
  return out
}

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length)

function quarterRound(words: Uint32Array, a: number, b: number, c: number, d: number): void {
  const step = (to: number, from: number, mixed: number, left: number): void => {
    words[to]! += words[from]!
    const x = words[mixed]! ^ words[to]!
    words[mixed] = (x << left) | (x >>> (32 - left))
  }
  step(a, b, d, 16)
  step(c, d, b, 12)
  step(a, b, d, 8)
  step(c, d, b, 7)
}
