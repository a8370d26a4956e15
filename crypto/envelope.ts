/**
 * The committing envelope (SPEC E1–E5), used by every sealed part of every object:
 *
 *   aead key (32) ‖ commitment (32) = BLAKE2b-512(key, len(label) ‖ label ‖ header)
 *   sealed = commitment ‖ XChaCha20-Poly1305(aead key, nonce 0, ad = len(label) ‖ label ‖ header, pad(plaintext))
 *
 * The header carries a fresh seal id, so the AEAD key is used once and its nonce may be constant (E3).
 */
import { equal } from './bytes.ts'
import { tampered } from './errors.ts'
import type { Label } from './labels.ts'
import { pad, unpad, type Padding } from './padding.ts'
import { aeadOpen, aeadSeal, frame, HASH_BYTES, kdf, KEY_BYTES, NONCE_BYTES, TAG_BYTES } from './primitives.ts'

export const ENVELOPE_BYTES = HASH_BYTES + TAG_BYTES
const NONCE = new Uint8Array(NONCE_BYTES)

/** The AEAD key and the commitment of one (key, label, header). */
export function commit(
  key: Uint8Array,
  label: Label,
  header: Uint8Array,
): { aeadKey: Uint8Array; commitment: Uint8Array } {
  const both = kdf(key, label, header, KEY_BYTES + HASH_BYTES)
  return { aeadKey: both.subarray(0, KEY_BYTES), commitment: both.subarray(KEY_BYTES) }
}

export function seal(
  key: Uint8Array,
  label: Label,
  header: Uint8Array,
  plaintext: Uint8Array,
  padding: Padding,
): Uint8Array {
  const { aeadKey, commitment } = commit(key, label, header)
  const padded = pad(plaintext, padding)
  const sealed = new Uint8Array(HASH_BYTES + padded.length + TAG_BYTES)
  sealed.set(commitment)
  aeadSeal(aeadKey, NONCE, frame(label, header), padded, sealed.subarray(HASH_BYTES))
  return sealed
}

/** Wrong key and altered bytes give the same error (E5). */
export function open(
  key: Uint8Array,
  label: Label,
  header: Uint8Array,
  sealed: Uint8Array,
  padding: Padding,
): Uint8Array {
  const { aeadKey, commitment } = commit(key, label, header)
  const committed = equal(commitment, sealed.subarray(0, HASH_BYTES)) // E2: compared first
  const padded = committed ? aeadOpen(aeadKey, NONCE, frame(label, header), sealed.subarray(HASH_BYTES)) : null
  return padded ? unpad(padded, padding) : tampered(`does not open: ${label}`)
}
