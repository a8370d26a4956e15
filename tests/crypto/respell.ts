/**
 * Other spellings of encoded CBOR: what RFC 8949 allows a writer and our rules do not (O2). Each says what the bytes said, or is a
 * kind of item that we never write, or is cut or lengthened; all must be refused by whoever reads them.
 */
import { concat } from '#crypto'

interface Head {
  at: number
  /** Where the content begins: of text and bytes the content itself, of an array its first item. */
  content: number
  /** After the last byte of the whole item. */
  end: number
  major: number
  value: number
}

const WIDTHS = [1, 2, 4, 8]

function headAt(bytes: Uint8Array, at: number): Omit<Head, 'end'> {
  const [major, info] = [bytes[at]! >> 5, bytes[at]! & 31]
  if (info < 24 || major === 7) return { at, content: at + 1, major, value: info }
  const width = WIDTHS[info - 24]!
  const digits = bytes.subarray(at + 1, at + 1 + width)
  return { at, content: at + 1 + width, major, value: digits.reduce((sum, digit) => sum * 256 + digit, 0) }
}

/** Every item of canonical bytes, outermost first. */
function headsOf(bytes: Uint8Array): Head[] {
  const found: Head[] = []
  const read = (at: number): number => {
    const place = found.length
    const head = headAt(bytes, at)
    found.push({ ...head, end: 0 })
    let end = head.content
    if (head.major === 2 || head.major === 3) end += head.value
    else if (head.major === 4) for (let i = 0; i < head.value; i++) end = read(end)
    found[place]!.end = end
    return end
  }
  read(0)
  return found
}

function spelled(major: number, value: number, width: number): Uint8Array {
  const bytes = new Uint8Array(1 + width)
  bytes[0] = (major << 5) | (24 + WIDTHS.indexOf(width))
  for (let i = width, rest = value; i > 0; i--, rest = Math.floor(rest / 256)) bytes[i] = rest % 256
  return bytes
}

function float64(value: number): Uint8Array {
  const bytes = new Uint8Array(9)
  bytes[0] = 0xfb
  new DataView(bytes.buffer).setFloat64(1, value)
  return bytes
}

/** What may stand in place of one item, by name. */
function* others(bytes: Uint8Array, { at, content, end, major, value }: Head): Generator<[string, Uint8Array]> {
  const [whole, body] = [bytes.subarray(at, end), bytes.subarray(content, end)]
  if (major !== 7) {
    for (const width of WIDTHS)
      if (content - at < 1 + width) yield ['longer', concat(spelled(major, value, width), body)]
  }
  yield ['tagged', concat(Uint8Array.of(0xc1), whole)]
  yield ['undefined', Uint8Array.of(0xf7)]
  yield ['nothing', new Uint8Array()]
  if (major === 0) {
    yield ['negative', Uint8Array.of(bytes[at]! | 0x20, ...body, ...bytes.subarray(at + 1, content))]
    yield ['a float', float64(value)]
  }
  if (major === 2 || major === 3) {
    yield ['of no set length', concat(Uint8Array.of((major << 5) | 31), whole, Uint8Array.of(0xff))]
    yield ['of another kind', concat(Uint8Array.of(bytes[at]! ^ 0x20), bytes.subarray(at + 1, end))]
  }
  if (major === 4) {
    yield ['of no set length', concat(Uint8Array.of(0x9f), body, Uint8Array.of(0xff))]
    if (value % 2 === 0) yield ['a map', concat(spelled(5, value / 2, 8), body)]
  }
  if (major === 7) yield ['a simple value in two bytes', concat(Uint8Array.of(0xf8), whole)]
}

/** Every other spelling of the bytes, with its name. */
export function* respellings(bytes: Uint8Array): Generator<[name: string, bytes: Uint8Array]> {
  for (const head of headsOf(bytes)) {
    const [before, after] = [bytes.subarray(0, head.at), bytes.subarray(head.end)]
    for (const [name, other] of others(bytes, head)) yield [`${name} at ${head.at}`, concat(before, other, after)]
  }
  yield ['with a byte more', concat(bytes, Uint8Array.of(0))]
  yield ['with a byte less', bytes.subarray(0, -1)]
}
