/**
 * Sealing to somebody's X-Wing public key (SPEC W1–W4): ciphertext (1,120) ‖ envelope.
 *
 *   key = KDF(shared secret, "kem shared secret", BLAKE2b(recipient's public key) ‖ BLAKE2b(ciphertext))
 *
 * The recipient is authenticated through the key and written nowhere.
 */
import { concat } from './bytes.ts'
import { open, seal } from './envelope.ts'
import { tampered } from './errors.ts'
import { label, type Label } from './labels.ts'
import type { Padding } from './padding.ts'
import { hash, kdf, KEM_CIPHERTEXT_BYTES, kemDecapsulate, kemEncapsulate, kemPublic } from './primitives.ts'

export function sealTo(
  to: Uint8Array,
  use: Label,
  header: Uint8Array,
  plaintext: Uint8Array,
  padding: Padding,
): Uint8Array {
  const { ciphertext, shared } = kemEncapsulate(to)
  return concat(ciphertext, seal(wrapKey(shared, to, ciphertext), use, header, plaintext, padding))
}

export function openWith(
  seed: Uint8Array,
  use: Label,
  header: Uint8Array,
  sealed: Uint8Array,
  padding: Padding,
): Uint8Array {
  const ciphertext = sealed.slice(0, KEM_CIPHERTEXT_BYTES)
  const shared = kemDecapsulate(seed, ciphertext)
  if (!shared) return tampered(`does not open: ${use}`) // W3
  return open(wrapKey(shared, kemPublic(seed), ciphertext), use, header, sealed.subarray(KEM_CIPHERTEXT_BYTES), padding)
}

const wrapKey = (shared: Uint8Array, to: Uint8Array, ciphertext: Uint8Array): Uint8Array =>
  kdf(shared, label.kem, concat(hash(to), hash(ciphertext)))
