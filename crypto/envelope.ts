/**
 * The committing envelope (SPEC E1–E5), used by every sealed part of every object:
 *
 *   aead key (32) ‖ commitment (32) = BLAKE2b-512(key, len(label) ‖ label ‖ header)
 *   sealed = commitment ‖ XChaCha20-Poly1305(aead key, nonce 0, ad = len(label) ‖ label ‖ header, pad(plaintext))
 *
 * The header carries a fresh seal id, so the AEAD key is used once and its nonce may be constant (E3).
 */
import { concat, equal } from './bytes.ts'
import { tampered } from './errors.ts'
import type { Label } from './labels.ts'
import { pad, unpad, type Padding } from './padding.ts'
import {
  aeadOpen,
  aeadOpenBulk,
  aeadSeal,
  aeadSealBulk,
  frame,
  HASH_BYTES,
  kdf,
  KEY_BYTES,
  NONCE_BYTES,
  TAG_BYTES,
} from './primitives.ts'

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
  return concat(commitment, aeadSeal(aeadKey, NONCE, frame(label, header), pad(plaintext, padding)))
}

/** As `seal`, of what may be large and is padded already, put `into` a place that is `ENVELOPE_BYTES` longer. */
export async function sealBulk(
  key: Uint8Array,
  label: Label,
  header: Uint8Array,
  padded: Uint8Array,
  into: Uint8Array,
): Promise<void> {
  const { aeadKey, commitment } = commit(key, label, header)
  into.set(commitment)
  await aeadSealBulk(aeadKey, NONCE, frame(label, header), padded, into.subarray(HASH_BYTES))
}

/** Wrong key and altered bytes give the same error (E5). */
export function open(
  key: Uint8Array,
  label: Label,
  header: Uint8Array,
  sealed: Uint8Array,
  padding: Padding,
): Uint8Array {
  const aeadKey = committed(key, label, header, sealed)
  const padded = aeadKey && aeadOpen(aeadKey, NONCE, frame(label, header), sealed.subarray(HASH_BYTES))
  return padded ? unpad(padded, padding) : closed(label)
}

/** As `open`, of what may be large. */
export async function openBulk(
  key: Uint8Array,
  label: Label,
  header: Uint8Array,
  sealed: Uint8Array,
  padding: Padding,
): Promise<Uint8Array> {
  const aeadKey = committed(key, label, header, sealed)
  const padded = aeadKey && (await aeadOpenBulk(aeadKey, NONCE, frame(label, header), sealed.subarray(HASH_BYTES)))
  return padded ? unpad(padded, padding) : closed(label)
}

/** The AEAD key, if the envelope commits to it: null before anything is tried with another (E2). */
function committed(key: Uint8Array, label: Label, header: Uint8Array, sealed: Uint8Array): Uint8Array | null {
  const { aeadKey, commitment } = commit(key, label, header)
  return equal(commitment, sealed.subarray(0, HASH_BYTES)) ? aeadKey : null
}

const closed = (label: Label): never => tampered(`does not open: ${label}`)
