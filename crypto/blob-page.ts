/**
 * The list of a large blob's parts, where it is too long for the record's cell (SPEC B6):
 *
 *   [ header, envelope(blob key, header, [[folder, seal id, hash], …]) ]     header = [version, "blob-page", blob, seal id]
 */
import { equal } from './bytes.ts'
import { bytes, decode, encode, list, literal, struct, text, type Of } from './codec.ts'
import { tampered } from './errors.ts'
import { open, seal } from './envelope.ts'
import { label, VERSION } from './labels.ts'
import { drawSealId, hash32, id16 } from './object.ts'
import { padme } from './padding.ts'
import { hash } from './primitives.ts'

const header = struct({ version: literal(VERSION), type: literal('blob-page'), blob: id16, sealId: id16 })
const object = struct({ header: bytes, sealed: bytes })
const parts = list(struct({ folder: text, sealId: id16, hash: hash32 }))
export type PartList = Of<typeof parts>

export function sealBlobPage(
  blobKey: Uint8Array,
  blob: Uint8Array,
  of: PartList,
): { sealId: Uint8Array; hash: Uint8Array; bytes: Uint8Array } {
  const sealId = drawSealId()
  const head = encode(header, { version: 1, type: 'blob-page', blob, sealId })
  const sealed = encode(object, { header: head, sealed: seal(blobKey, label.blobPage, head, encode(parts, of), padme) })
  return { sealId, hash: hash(sealed), bytes: sealed }
}

/** E5: another page, another key, other bytes. */
const closed = (): never => tampered(`does not open: ${label.blobPage}`)

export function openBlobPage(
  blobKey: Uint8Array,
  blob: Uint8Array,
  expectedHash: Uint8Array,
  from: Uint8Array,
): PartList {
  if (!equal(hash(from), expectedHash)) return closed()
  const { header: head, sealed } = decode(object, from)
  if (!equal(decode(header, head).blob, blob)) return closed()
  return decode(parts, open(blobKey, label.blobPage, head, sealed, padme))
}
