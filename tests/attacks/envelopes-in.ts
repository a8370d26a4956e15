/** Where the envelopes stand in what is stored or sent (SPEC §6), but for the sections of a segment, which only its table tells. */
import { decodeCbor, type Item } from '../../crypto/cbor.ts'

type Parts = readonly Uint8Array[]
const KEM = 1120

const parsed = (bytes: Uint8Array): Item | null => {
  try {
    return decodeCbor(bytes)
  } catch {
    return null
  }
}
const afterKem = (sealed: Uint8Array): Uint8Array => sealed.subarray(KEM)
const secondOf = (pairs: Item | undefined): Uint8Array[] => (pairs as Parts[]).map(([, sealed]) => sealed!)

export function envelopesIn(bytes: Uint8Array): Uint8Array[] {
  const object = parsed(bytes)
  if (object === null) return [bytes.subarray(2 + (bytes[0]! << 8) + bytes[1]!)] // a blob part
  const [first, second, third, fourth] = object as [Uint8Array, Item, Item, Item]
  const header = parsed(first) as Item[]
  if (third instanceof Uint8Array && third.length === 64) return envelopesIn(first) // signed
  switch (header[1]) {
    case 'segment':
      return [second as Uint8Array]
    case 'head':
      return [
        second as Uint8Array,
        third as Uint8Array,
        ...((fourth as Uint8Array).length ? envelopesIn(fourth as Uint8Array) : []),
      ]
    case 'account':
      return [second as Uint8Array, ...secondOf(header[7]).map(afterKem), ...(header[8] as Parts)]
    case 'group':
      return [second as Uint8Array, ...(header[8] as Parts)]
    case 'group-enrolment':
    case 'group-stewards':
      return (second as Parts[]).map(([, , sealed]) => afterKem(sealed!))
    case 'group-node': // pads and commitments only (SPEC T6)
      return []
    case 'keyring':
      return [...secondOf(second).map(afterKem), ...secondOf(third)]
    case 'message':
      return [afterKem(second as Uint8Array)]
    default:
      return [second as Uint8Array]
  }
}
