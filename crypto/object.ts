/**
 * What all stored objects share (SPEC O1–O5): a CBOR array whose first element is the header as a byte string; the
 * header's first three fields are the format version, the type and the owner. The whole header is associated data.
 * Stored names are the object's seal id, 16 fresh random bytes per sealing attempt, in base64url.
 */
import { toBase64Url } from './bytes.ts'
import { decodeCbor } from './cbor.ts'
import { fixed, literal, text, type Codec } from './codec.ts'
import { isCode } from './errors.ts'
import { VERSION } from './labels.ts'
import { random } from './primitives.ts'

export const SEAL_ID_BYTES = 16
export const drawSealId = (): Uint8Array => random(SEAL_ID_BYTES)
export const objectName = (sealId: Uint8Array): string => `${toBase64Url(sealId)}.alv`

/** A header before it is sealed: whatever seal id it has is replaced by a fresh one (E3), so no call can repeat another's. */
export type Unsealed<Header> = Omit<Header, 'sealId'> & { sealId?: Uint8Array }

/** Whether an object says what it is (O1), true or not; a page of a keyring that stands apart (R5) does not. */
export function hasHeader(from: Uint8Array): boolean {
  try {
    const object = decodeCbor(from)
    const first: unknown = Array.isArray(object) ? object[0] : null
    const header = first instanceof Uint8Array && decodeCbor(first)
    return Array.isArray(header) && header[0] === VERSION && typeof header[1] === 'string'
  } catch (error) {
    if (isCode(error, 'tampered')) return false
    throw error
  }
}

export const id16 = fixed(16)
export const hash32 = fixed(32)
export const key32 = fixed(32)

/** The fields every header opens with. */
export const headerStart = <const T extends string>(
  type: T,
): { version: Codec<typeof VERSION>; type: Codec<T>; owner: Codec<string>; sealId: Codec<Uint8Array> } => ({
  version: literal(VERSION),
  type: literal(type),
  owner: text,
  sealId: id16,
})
