/**
 * SPEC §2, §4, §5, §12: hash, KDF, envelope, padding, signature, sealing to a public key. X-Wing is put together here from
 * node's ML-KEM-768, X25519 and SHA-3, so that it shares nothing with the product's.
 */
import crypto from 'node:crypto'
import sodium from 'libsodium-wrappers-sumo'
import { join, need, Refused, same } from './cbor.ts'
import { bytes, fields, parse, sized, type Shape } from './shape.ts'

await sodium.ready

export const frame = (label: string, x: Uint8Array): Uint8Array => {
  const name = new TextEncoder().encode(`alveole/1 ${label}`)
  return join(Uint8Array.of(name.length), name, x)
}
export const hash = (x: Uint8Array): Uint8Array => sodium.crypto_generichash(32, x, null)
export const kdf = (key: Uint8Array, label: string, x: Uint8Array = new Uint8Array(0), n = 32): Uint8Array =>
  sodium.crypto_generichash(n, frame(label, x), key)
export const name = (label: string, x: Uint8Array): Uint8Array => hash(frame(label, x))

/** Padding rules (E4): the length that a rule gives for n bytes. */
export type Rule = (n: number) => number
export const none: Rule = n => n
export const steps =
  (size: number): Rule =>
  n =>
    Math.ceil(n / size) * size
const log2 = (n: number): number => n.toString(2).length - 1 // rounded down
export const padme: Rule = n => (n < 4 ? n : steps(2 ** (log2(n) - log2(log2(n)) - 1))(n))
export const section: Rule = n => padme(Math.max(n, 256))

function unpad(padded: Uint8Array, rule: Rule): Uint8Array {
  const end = padded.findLastIndex(byte => byte !== 0)
  need(end >= 0 && padded[end] === 0x80 && padded.length === rule(end + 1))
  return padded.subarray(0, end)
}

/** E: AEAD key and commitment of a key, a label and a header. */
export function opening(
  key: Uint8Array,
  label: string,
  header: Uint8Array,
): { aead: Uint8Array; commitment: Uint8Array } {
  const both = kdf(key, label, header, 64)
  return { aead: both.subarray(0, 32), commitment: both.subarray(32) }
}

export function aeadOpen(key: Uint8Array, nonce: Uint8Array, ad: Uint8Array, ciphertext: Uint8Array): Uint8Array {
  try {
    return sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(null, ciphertext, ad, nonce, key)
  } catch {
    throw new Refused()
  }
}

export function openEnvelope(
  key: Uint8Array,
  label: string,
  header: Uint8Array,
  sealed: Uint8Array,
  rule: Rule,
): Uint8Array {
  const { aead, commitment } = opening(key, label, header)
  need(same(commitment, sealed.subarray(0, 32)))
  return unpad(aeadOpen(aead, new Uint8Array(24), frame(label, header), sealed.subarray(32)), rule)
}

/** S: [bytes, signer, signature]. `keyOf` gives the key of a signer who may speak, null for any other. */
const signed = fields({ bytes, signer: sized(16), signature: sized(64) })
export type KeyOf = (signer: Uint8Array) => Uint8Array | null

export const unverified = (from: Uint8Array): Shape<typeof signed> => parse(signed, from)

/** The signed bytes, as they stand. */
export function verified(from: Uint8Array, label: string, keyOf: KeyOf): Uint8Array {
  const { bytes: body, signer, signature } = unverified(from)
  const key = keyOf(signer)
  need(key !== null && sodium.crypto_sign_verify_detached(signature, frame(label, body), key))
  return body
}

export const signingPublic = (seed: Uint8Array): Uint8Array => sodium.crypto_sign_seed_keypair(seed).publicKey

/** X-Wing: the seed is expanded by SHAKE256 to ML-KEM's d ‖ z and X25519's secret. */
const expand = (seed: Uint8Array) => {
  const out = crypto.createHash('shake256', { outputLength: 96 }).update(seed).digest()
  const kem = crypto.createPrivateKey({ key: out.subarray(0, 64), format: 'raw-seed', asymmetricKeyType: 'ml-kem-768' })
  return { kem, secret: new Uint8Array(out.subarray(64)) }
}

export function kemPublic(seed: Uint8Array): Uint8Array {
  const { kem, secret } = expand(seed)
  const lattice = crypto.createPublicKey(kem).export({ format: 'raw-public' })
  return join(lattice, sodium.crypto_scalarmult_base(secret))
}

function shared(seed: Uint8Array, ciphertext: Uint8Array): Uint8Array {
  const { kem, secret } = expand(seed)
  const point = ciphertext.subarray(1088)
  try {
    const both = join(crypto.decapsulate(kem, ciphertext.subarray(0, 1088)), sodium.crypto_scalarmult(secret, point))
    const rest = join(point, sodium.crypto_scalarmult_base(secret), new TextEncoder().encode('\\.//^\\'))
    return crypto.createHash('sha3-256').update(both).update(rest).digest()
  } catch {
    throw new Refused()
  }
}

/** W2: the envelope's key, from the seed of the recipient's X-Wing key and the ciphertext before the envelope. */
export function openSealed(
  seed: Uint8Array,
  label: string,
  header: Uint8Array,
  sealed: Uint8Array,
  rule: Rule,
): Uint8Array {
  const ciphertext = sealed.subarray(0, 1120)
  const secret = shared(seed, ciphertext)
  const key = kdf(secret, 'kem shared secret', join(hash(kemPublic(seed)), hash(ciphertext)))
  return openEnvelope(key, label, header, sealed.subarray(1120), rule)
}

/** The first of our seeds that opens it. */
export function openWithAny(
  seeds: Uint8Array[],
  label: string,
  header: Uint8Array,
  sealed: Uint8Array,
  rule: Rule,
): Uint8Array {
  for (const seed of seeds) {
    try {
      return openSealed(seed, label, header, sealed, rule)
    } catch {
      // sealed to another key
    }
  }
  throw new Refused()
}

/** W4: whether something may be sealed to a public key: length, coefficients under the modulus, no point of low order. */
export function sealable(key: Uint8Array): boolean {
  if (key.length !== 1216) return false
  for (let at = 0; at < 1152; at += 3) {
    const [a, b, c] = [key[at]!, key[at + 1]!, key[at + 2]!]
    if ((a | ((b & 15) << 8)) >= 3329 || ((b >> 4) | (c << 4)) >= 3329) return false
  }
  try {
    return sodium.crypto_scalarmult(new Uint8Array(32).fill(1), key.subarray(1184)).length === 32
  } catch {
    return false
  }
}
