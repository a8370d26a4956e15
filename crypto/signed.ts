/**
 * Signed bytes (SPEC S1): [ signed, signer, signature ]. `signer` names a device (or a root) by the first 16 bytes of
 * BLAKE2b over its public keys; the signature covers `signed` as it stands.
 */
import { bytes, decode, encode, fixed, struct, type Of } from './codec.ts'
import { tampered } from './errors.ts'
import type { Label } from './labels.ts'
import { id16 } from './object.ts'
import { sign, SIGNATURE_BYTES, verify } from './signature.ts'

const format = struct({ signed: bytes, signer: id16, signature: fixed(SIGNATURE_BYTES) })
export type Signed = Of<typeof format>

export interface Signer {
  id: Uint8Array
  seed: Uint8Array
}

export const signBytes = (signer: Signer, use: Label, signed: Uint8Array): Uint8Array =>
  encode(format, { signed, signer: signer.id, signature: sign(signer.seed, use, signed) })

/** `publicKeyOf` gives the signing key of an active device, null for any other. */
export function verifySigned(
  from: Uint8Array,
  use: Label,
  publicKeyOf: (signer: Uint8Array) => Uint8Array | null,
): Signed {
  const parsed = decode(format, from)
  const publicKey = publicKeyOf(parsed.signer)
  if (!publicKey || !verify(publicKey, use, parsed.signed, parsed.signature)) {
    return tampered(`not signed by a device of its owner: ${use}`)
  }
  return parsed
}

/** The very bytes again, from parts that were kept apart. */
export const joinSigned = (parts: Signed): Uint8Array => encode(format, parts)

/** What the bytes say before anybody vouches for it: only to find out whose keys to check it with. */
export const unsafeUnverified = (from: Uint8Array): Signed => decode(format, from)
