/**
 * XChaCha20-Poly1305-IETF (draft-irtf-cfrg-xchacha-03) by the platform's own ChaCha20-Poly1305 (RFC 8439), where it has one: Node's,
 * or that of WebCrypto, which works on another thread. Either is three times libsodium's in WebAssembly. null elsewhere.
 */
import { release } from './bytes.ts'
import { innerOf, type Inner } from './xchacha.ts'

export interface Aead {
  /** Puts ciphertext and tag `into` a place that is 16 bytes longer than the plaintext. */
  seal(key: Uint8Array, nonce: Uint8Array, ad: Uint8Array, plaintext: Uint8Array, into: Uint8Array): Promise<void>
  /** Rejects where the tag does not verify. */
  open(key: Uint8Array, nonce: Uint8Array, ad: Uint8Array, sealed: Uint8Array): Promise<Uint8Array>
}

const TAG_BYTES = 16
const NODE_CIPHER = 'chacha20-poly1305'

export function ofNode(): Aead | null {
  const platform = globalThis.process?.getBuiltinModule?.('node:crypto')
  if (!platform?.getCiphers().includes(NODE_CIPHER)) return null
  const { createCipheriv, createDecipheriv, createSecretKey } = platform
  const tag = { authTagLength: TAG_BYTES }
  return {
    async seal(key, nonce, ad, plaintext, into) {
      const inner = innerOf(key, nonce)
      const cipher = createCipheriv(NODE_CIPHER, createSecretKey(inner.key), inner.nonce, tag)
      cipher.setAAD(ad, { plaintextLength: plaintext.length })
      const sealed = cipher.update(plaintext)
      into.set(sealed)
      release(sealed)
      cipher.final() // a stream cipher: nothing is left
      into.set(cipher.getAuthTag(), plaintext.length)
    },
    async open(key, nonce, ad, sealed) {
      const inner = innerOf(key, nonce)
      const end = sealed.length - TAG_BYTES
      const decipher = createDecipheriv(NODE_CIPHER, createSecretKey(inner.key), inner.nonce, tag)
      decipher.setAAD(ad, { plaintextLength: end })
      decipher.setAuthTag(sealed.subarray(end))
      const plaintext = decipher.update(sealed.subarray(0, end))
      decipher.final()
      return new Uint8Array(plaintext.buffer, plaintext.byteOffset, plaintext.length)
    },
  }
}

/** Modern Algorithms in the Web Cryptography API (WICG), which Chromium has. null also in a page that came without TLS. */
export async function ofWebCrypto(): Promise<Aead | null> {
  try {
    await imported(new Uint8Array(32), 'encrypt')
  } catch {
    return null
  }
  return {
    async seal(key, nonce, ad, plaintext, into) {
      const inner = innerOf(key, nonce)
      const cipher = await imported(inner.key, 'encrypt')
      const text = plaintext as Uint8Array<ArrayBuffer>
      // Not released: its size is what makes Chromium collect what it keeps beside, a copy of each input
      into.set(new Uint8Array(await crypto.subtle.encrypt(parameters(inner, ad), cipher, text)))
    },
    async open(key, nonce, ad, sealed) {
      const inner = innerOf(key, nonce)
      const cipher = await imported(inner.key, 'decrypt')
      return new Uint8Array(
        await crypto.subtle.decrypt(parameters(inner, ad), cipher, sealed as Uint8Array<ArrayBuffer>),
      )
    },
  }
}

const WEB_CIPHER = 'ChaCha20-Poly1305'

const imported = async (key: Uint8Array<ArrayBuffer>, use: KeyUsage): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw-secret' as 'raw', key, WEB_CIPHER, false, [use]) // TypeScript does not know the name yet

const parameters = ({ nonce }: Inner, ad: Uint8Array): AesGcmParams => ({
  name: WEB_CIPHER,
  iv: nonce,
  additionalData: ad as Uint8Array<ArrayBuffer>,
})

/** Node's first: its WebCrypto says of this cipher, to whoever runs the program, that it is experimental. */
export const nativeAead: Aead | null = ofNode() ?? (await ofWebCrypto())
