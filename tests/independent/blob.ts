/** SPEC §11 (B): the parts of a blob, and the page that lists them where they are many. */
import { need, same, join } from './cbor.ts'
import { aeadOpen, frame, hash, opening, openEnvelope, padme } from './primitives.ts'
import { bytes, fields, id, is, key, parse, rows, text, uint, type Shape } from './shape.ts'

const CHUNK = 256 * 1024
export const PART = 4 * 1024 * 1024
const partHeader = fields({
  version: is(1),
  type: is('blob-part'),
  blob: id,
  sealId: id,
  index: uint,
  size: uint,
  padded: uint,
})

export interface PartName {
  blob: Uint8Array
  sealId: Uint8Array
  index: number
  hash: Uint8Array
}

export function part(stored: Uint8Array, expected: PartName, blobKey: Uint8Array): Uint8Array {
  need(same(hash(stored), expected.hash) && stored.length > 2) // B5
  const end = 2 + stored[0]! * 256 + stored[1]!
  const header = stored.subarray(2, end)
  const { blob, sealId, index, size, padded } = parse(partHeader, header)
  need(same(blob, expected.blob) && same(sealId, expected.sealId) && index === expected.index) // B1
  need(size <= PART && padded === Math.min(padme(size), PART))
  const count = Math.max(1, Math.ceil(padded / CHUNK))
  const body = stored.subarray(end + 32)
  need(body.length === padded + 16 * count) // B4
  const { aead, commitment } = opening(blobKey, 'blob part', header)
  need(same(commitment, stored.subarray(end, end + 32)))
  const whole = join(
    ...Array.from({ length: count }, (_, n) => {
      const chunk = body.subarray(n * (CHUNK + 16), (n + 1) * (CHUNK + 16))
      return aeadOpen(aead, nonce(n, n === count - 1), frame('blob part', header), chunk)
    }),
  )
  need(whole.subarray(size).every(byte => byte === 0))
  return whole.subarray(0, size)
}

/** B2. */
function nonce(counter: number, last: boolean): Uint8Array {
  const bytes24 = new Uint8Array(24)
  new DataView(bytes24.buffer).setBigUint64(0, BigInt(counter))
  bytes24[8] = last ? 1 : 0
  return bytes24
}

const pageObject = fields({ header: bytes, sealed: bytes })
const pageHeader = fields({ version: is(1), type: is('blob-page'), blob: id, sealId: id })
const partRows = rows(fields({ folder: text, sealId: id, hash: key }))

export function blobPage(
  stored: Uint8Array,
  blob: Uint8Array,
  digest: Uint8Array,
  blobKey: Uint8Array,
): Shape<typeof partRows> {
  need(same(hash(stored), digest))
  const { header, sealed } = parse(pageObject, stored)
  need(same(parse(pageHeader, header).blob, blob))
  return parse(partRows, openEnvelope(blobKey, 'blob page', header, sealed, padme))
}
