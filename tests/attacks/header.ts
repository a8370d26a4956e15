/** Where the headers of stored bytes stand (SPEC O1, B1, L1), and the same bytes with others in their place. */
import { concat, isCode } from '#crypto'
import { decodeCbor, encodeCbor, type Item } from '../../crypto/cbor.ts'

export interface Header {
  /** Offset in the object. */
  at: number
  bytes: Uint8Array
  fields: Item[]
  /** The object with these fields for its header, otherwise as it was: what is signed or sealed is not signed or sealed anew. */
  replacedBy(fields: Item[]): Uint8Array
}

/** None of what has none: pages and wraps, which keys name, and what is signed alone. Of a log, one for each entry. */
export function headersOf(kind: string, object: Uint8Array): Header[] {
  if (kind === 'blob part') return [ofPart(object)]
  const items = decoded(object)
  if (!items) return []
  if (/^identity|^group entries$/.test(kind))
    return items.map((entry, i) => {
      const [signed, ...rest] = decoded(entry)!
      return headerAt(object, signed as Uint8Array, other => encodeCbor(items.with(i, encodeCbor([other, ...rest]))))
    })
  const [first, ...rest] = items
  const inner = rest.length === 2 ? decoded(first) : null // signed
  if (inner && isHeader(inner[0]))
    return [headerAt(object, inner[0], other => encodeCbor([encodeCbor(inner.with(0, other)), ...rest]))]
  return isHeader(first) ? [headerAt(object, first, other => encodeCbor([other, ...rest]))] : []
}

function isHeader(item: Item | undefined): item is Uint8Array {
  const fields = decoded(item)
  return fields?.[0] === 1 && typeof fields[1] === 'string'
}

function ofPart(object: Uint8Array): Header {
  const length = object[0]! * 256 + object[1]!
  return headerAt(object, object.subarray(2, 2 + length), other =>
    concat(Uint8Array.of(other.length >> 8, other.length & 255), other, object.subarray(2 + length)),
  )
}

const headerAt = (object: Uint8Array, bytes: Uint8Array, replace: (header: Uint8Array) => Uint8Array): Header => ({
  at: bytes.byteOffset - object.byteOffset,
  bytes,
  fields: decoded(bytes)!,
  replacedBy: fields => replace(encodeCbor(fields)),
})

/** null where it is no array of ours. */
function decoded(item: Item | undefined): Item[] | null {
  try {
    const value = item instanceof Uint8Array ? decodeCbor(item) : null
    return Array.isArray(value) ? value : null
  } catch (error) {
    if (isCode(error, 'tampered')) return null
    throw error
  }
}
