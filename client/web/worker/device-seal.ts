/**
 * Seals what is kept with an AES-GCM key that WebCrypto holds and never gives out. Layout: nonce (12 bytes), then
 * ciphertext with its tag; the WebID is authenticated, so that one person's bytes do not open as another's.
 */
import type { DeviceSeal } from '../../core/types.ts'
import { AlveoleError } from '../../../crypto/errors.ts'
import { database } from './database.ts'

const NONCE_BYTES = 12

async function keyOf(webId: string): Promise<CryptoKey> {
  const db = await database()
  const known = await db.get('keys', webId)
  if (known) return known
  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  await db.put('keys', key, webId)
  return key
}

const parameters = (webId: string, iv: Uint8Array<ArrayBuffer>): AesGcmParams => ({
  name: 'AES-GCM',
  iv,
  additionalData: new TextEncoder().encode(webId),
})

export function deviceSeal(webId: string): DeviceSeal & { open(sealed: Uint8Array): Promise<Uint8Array<ArrayBuffer>> } {
  return {
    async seal(secret) {
      const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES))
      const body = await crypto.subtle.encrypt(parameters(webId, iv), await keyOf(webId), new Uint8Array(secret))
      return new Uint8Array([...iv, ...new Uint8Array(body)])
    },
    async open(sealed) {
      const iv = new Uint8Array(sealed.slice(0, NONCE_BYTES))
      const key = await keyOf(webId)
      const body = await crypto.subtle
        .decrypt(parameters(webId, iv), key, new Uint8Array(sealed.slice(NONCE_BYTES)))
        .catch((cause: unknown) => {
          throw new AlveoleError('wrong-unlock', 'This browser no longer has the key of what it kept', { cause })
        })
      return new Uint8Array(body)
    },
  }
}
