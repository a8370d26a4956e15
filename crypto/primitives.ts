/**
 * The suite (SPEC §2), and the only place that touches libsodium (password.ts loads its larger build for Argon2id):
 * BLAKE2b (RFC 7693), XChaCha20-Poly1305-IETF, Ed25519 (RFC 8032), X-Wing (draft-connolly-cfrg-xwing-kem).
 */
import sodium, { memzero, ready } from 'libsodium-wrappers'
import { concat, utf8 } from './bytes.ts'
import { AlveoleError, tampered } from './errors.ts'
import { nativeAead } from './native-aead.ts'
import { scratchOf } from './scratch.ts'

await ready
const scratch = scratchOf(sodium)

export const KEY_BYTES = 32
export const HASH_BYTES = 32
export const TAG_BYTES = 16
export const NONCE_BYTES = 24
export const KEM_PUBLIC_BYTES = 1216
export const KEM_CIPHERTEXT_BYTES = 1120

/** From WebCrypto: libsodium's own generator costs microseconds a byte under Node. At most 65,536 bytes. */
export const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length))

/** What is longer is hashed in pieces: the library's memory grows to hold what it is given, and never shrinks. */
const PIECE_BYTES = 64 * 1024

/** BLAKE2b-256. */
export function hash(bytes: Uint8Array): Uint8Array {
  if (bytes.length <= PIECE_BYTES) return sodium.crypto_generichash(HASH_BYTES, bytes, null)
  const state = sodium.crypto_generichash_init(null, HASH_BYTES)
  for (let at = 0; at < bytes.length; at += PIECE_BYTES)
    sodium.crypto_generichash_update(state, bytes.subarray(at, at + PIECE_BYTES))
  return sodium.crypto_generichash_final(state, HASH_BYTES)
}

/** `length of label ‖ label ‖ bytes`: no label is a prefix of another's input. */
export const frame = (label: string, bytes: Uint8Array): Uint8Array => concat(startOf(label), bytes)

const starts = new Map<string, Uint8Array>()

/** Of each label once: a reader tries many keys. */
function startOf(label: string): Uint8Array {
  let start = starts.get(label)
  if (!start) {
    const name = utf8(label)
    starts.set(label, (start = Uint8Array.of(name.length, ...name)))
  }
  return start
}

/** BLAKE2b over the framed label and bytes: names of keys and leaves. */
export const namedHash = (label: string, bytes: Uint8Array): Uint8Array => hash(frame(label, bytes))

/** BLAKE2b keyed with `key`, over the framed label and context; 32 bytes unless told. */
export function kdf(
  key: Uint8Array,
  label: string,
  context: Uint8Array = new Uint8Array(),
  length = KEY_BYTES,
): Uint8Array {
  if (key.length < 16) throw new AlveoleError('usage', 'a key has 16 bytes or more') // an empty one would be no key at all
  return sodium.crypto_generichash(length, frame(label, context), key)
}

/** Ciphertext and tag. */
export const aeadSeal = (key: Uint8Array, nonce: Uint8Array, ad: Uint8Array, plaintext: Uint8Array): Uint8Array =>
  sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(plaintext, ad, null, nonce, key)

/** null where the tag does not verify. */
export function aeadOpen(key: Uint8Array, nonce: Uint8Array, ad: Uint8Array, sealed: Uint8Array): Uint8Array | null {
  try {
    return sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(null, sealed, ad, nonce, key)
  } catch {
    return null
  }
}

/** From this size on the platform's own cipher takes over, where it has one: the bytes are the same. */
const BULK_BYTES = 16 * 1024

/** As `aeadSeal`, of what may be large, put `into` a place of exactly its length. Plaintext and place are left alone meanwhile. */
export async function aeadSealBulk(
  key: Uint8Array,
  nonce: Uint8Array,
  ad: Uint8Array,
  plaintext: Uint8Array,
  into: Uint8Array,
): Promise<void> {
  if (nativeAead && plaintext.length >= BULK_BYTES) return nativeAead.seal(key, nonce, ad, plaintext, into)
  into.set(aeadSeal(key, nonce, ad, plaintext))
}

/** As `aeadOpen`, of what may be large. */
export async function aeadOpenBulk(
  key: Uint8Array,
  nonce: Uint8Array,
  ad: Uint8Array,
  sealed: Uint8Array,
): Promise<Uint8Array | null> {
  if (!nativeAead || sealed.length < BULK_BYTES) return aeadOpen(key, nonce, ad, sealed)
  return nativeAead.open(key, nonce, ad, sealed).catch(() => null)
}

export const signPublic = (seed: Uint8Array): Uint8Array => sodium.crypto_sign_seed_keypair(seed).publicKey

export const signDetached = (seed: Uint8Array, message: Uint8Array): Uint8Array =>
  sodium.crypto_sign_detached(message, sodium.crypto_sign_seed_keypair(seed).privateKey)

export function signVerify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    return sodium.crypto_sign_verify_detached(signature, message, publicKey)
  } catch {
    return false // a key or signature of the wrong length
  }
}

export const kemPublic = (seed: Uint8Array): Uint8Array => sodium.crypto_kem_xwing_seed_keypair(seed).publicKey

/** Throws on a key that nobody can seal to: coefficients over the modulus (FIPS 203 §7.2), a point of low order. */
export function kemEncapsulate(publicKey: Uint8Array): { ciphertext: Uint8Array; shared: Uint8Array } {
  try {
    const { ciphertext, sharedSecret } = sodium.crypto_kem_xwing_enc(publicKey)
    return { ciphertext, shared: sharedSecret }
  } catch {
    return tampered('a public key that cannot be sealed to')
  }
}

/**
 * X-Wing rejects implicitly: a wrong ciphertext gives another secret, which the commitment then refuses. null where there
 * is none at all: wrong length, or a point of low order.
 */
export function kemDecapsulate(seed: Uint8Array, ciphertext: Uint8Array): Uint8Array | null {
  try {
    return sodium.crypto_kem_xwing_dec(ciphertext, sodium.crypto_kem_xwing_seed_keypair(seed).privateKey)
  } catch {
    return null
  }
}

export const wipe = (...secrets: Uint8Array[]): void => secrets.forEach(secret => memzero(secret))

/** What the calls so far left in libsodium's memory; a few milliseconds. */
export const wipeScratch = (): void => scratch.wipe()
