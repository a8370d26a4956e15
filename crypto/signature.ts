/** Ed25519 over `len(label) ‖ label ‖ exact bytes` (SPEC S2). */
import type { Label } from './labels.ts'
import { frame, signDetached, signVerify } from './primitives.ts'

export const SIGNATURE_BYTES = 64

export const sign = (seed: Uint8Array, label: Label, bytes: Uint8Array): Uint8Array =>
  signDetached(seed, frame(label, bytes))

export const verify = (publicKey: Uint8Array, label: Label, bytes: Uint8Array, signature: Uint8Array): boolean =>
  signVerify(publicKey, frame(label, bytes), signature)
