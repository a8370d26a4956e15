/**
 * Deterministic CBOR (RFC 8949 §4.2), of the six kinds of item that our formats use: unsigned integers up to 2^53-1,
 * byte strings, text strings, arrays, booleans and null. The decoder refuses every other spelling of the same value.
 */
import { fromUtf8, utf8 } from './bytes.ts'
import { tampered } from './errors.ts'
import { MARK, type Padding } from './padding.ts'

export type Item = number | boolean | null | string | Uint8Array | readonly Item[]

const MAX_DEPTH = 16

const malformed = (why: string): never => tampered(`malformed: ${why}`)

/** Bytes of the shortest head that says `value`. */
const headBytes = (value: number): number =>
  value < 24 ? 1 : value < 0x100 ? 2 : value < 0x10000 ? 3 : value < 0x100000000 ? 5 : 9

/** What the first byte of a head says of one of so many bytes. */
const LENGTH_FOLLOWS: { readonly [bytes: number]: number } = { 2: 24, 3: 25, 5: 26, 9: 27 }

/** Bytes that an item takes, if its text is ASCII: else some more. */
function sizeOf(item: Item): number {
  if (item === null || typeof item === 'boolean') return 1
  if (typeof item === 'number') return headBytes(item)
  let size = headBytes(item.length)
  if (typeof item === 'string' || item instanceof Uint8Array) return size + item.length
  for (const child of item) size += sizeOf(child)
  return size
}

const encoder = new TextEncoder()

/** Into one array of the right length from the start, unless text is not ASCII: what is sealed in bulk is copied as little as can be. */
class Writer {
  #bytes: Uint8Array
  #view: DataView
  #at = 0

  constructor(size: number) {
    this.#bytes = new Uint8Array(size)
    this.#view = new DataView(this.#bytes.buffer)
  }

  #room(length: number): number {
    const [at, end] = [this.#at, this.#at + length]
    if (end > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(end, 2 * this.#bytes.length))
      larger.set(this.#bytes)
      this.#bytes = larger
      this.#view = new DataView(larger.buffer)
    }
    this.#at = end
    return at
  }

  #byte(value: number): void {
    const at = this.#room(1)
    this.#bytes[at] = value
  }

  #head(major: number, value: number): void {
    const length = headBytes(value)
    const at = this.#room(length)
    const view = this.#view
    view.setUint8(at, (major << 5) | (length === 1 ? value : LENGTH_FOLLOWS[length]!))
    if (length === 2) view.setUint8(at + 1, value)
    else if (length === 3) view.setUint16(at + 1, value)
    else if (length > 3) view.setUint32(at + length - 4, value) // modulo 2^32
    if (length === 9) view.setUint32(at + 1, value / 2 ** 32)
  }

  #string(major: number, bytes: Uint8Array): void {
    this.#head(major, bytes.length)
    const at = this.#room(bytes.length)
    this.#bytes.set(bytes, at)
  }

  /** In place, under a head as long as for ASCII; where there is no room for more, or the head gets longer, over again. */
  #text(text: string): void {
    if (!text.isWellFormed()) throw new TypeError('a lone surrogate has no UTF-8 form')
    const start = this.#room(headBytes(text.length) + text.length)
    const at = start + headBytes(text.length)
    const { read, written } = encoder.encodeInto(text, this.#bytes.subarray(at))
    this.#at = start
    if (read < text.length || headBytes(written) > headBytes(text.length)) return this.#string(3, utf8(text))
    this.#head(3, written)
    this.#at = at + written
  }

  item(item: Item): void {
    if (item === null) this.#byte(0xf6)
    else if (typeof item === 'boolean') this.#byte(item ? 0xf5 : 0xf4)
    else if (typeof item === 'number') {
      if (!Number.isSafeInteger(item) || item < 0) throw new TypeError('not an unsigned safe integer')
      this.#head(0, item)
    } else if (typeof item === 'string') this.#text(item)
    else if (item instanceof Uint8Array) this.#string(2, item)
    else {
      this.#head(4, item.length)
      for (const child of item) this.item(child)
    }
  }

  get written(): Uint8Array {
    return this.#at === this.#bytes.length ? this.#bytes : this.#bytes.slice(0, this.#at)
  }

  padded(padding: Padding): Uint8Array {
    const [at, length] = [this.#at, padding(this.#at + 1)]
    this.#room(length - at)
    this.#bytes.fill(0, at)
    this.#bytes[at] = MARK
    return this.#bytes.subarray(0, length)
  }
}

export function encodeCbor(item: Item): Uint8Array {
  const writer = new Writer(sizeOf(item))
  writer.item(item)
  return writer.written
}

/** As `encodeCbor`, then `pad` (SPEC E4), in one array. */
export function encodePadded(item: Item, padding: Padding): Uint8Array {
  const writer = new Writer(padding(sizeOf(item) + 1))
  writer.item(item)
  return writer.padded(padding)
}

class Reader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get done(): boolean {
    return this.#at === this.#bytes.length
  }

  /** Where the next `length` bytes stand, which it passes. */
  #pass(length: number): number {
    const at = this.#at
    if (length > this.#bytes.length - at) return malformed('cut short')
    this.#at = at + length
    return at
  }

  #take(length: number): Uint8Array {
    const at = this.#pass(length)
    return this.#bytes.subarray(at, at + length)
  }

  #argument(info: number): number {
    if (info < 24) return info
    if (info > 27) return malformed('indefinite or reserved length')
    const at = this.#pass(1 << (info - 24))
    const value =
      info === 24
        ? this.#view.getUint8(at)
        : info === 25
          ? this.#view.getUint16(at)
          : info === 26
            ? this.#view.getUint32(at)
            : this.#view.getUint32(at) * 2 ** 32 + this.#view.getUint32(at + 4)
    if (headBytes(value) <= 1 << (info - 24) || !Number.isSafeInteger(value))
      return malformed('not the shortest integer') // §4.2.1
    return value
  }

  item(depth: number): Item {
    const byte = this.#view.getUint8(this.#pass(1))
    if (byte === 0xf6) return null
    if (byte === 0xf5 || byte === 0xf4) return byte === 0xf5
    const major = byte >> 5
    if (major !== 0 && major !== 2 && major !== 3 && major !== 4) return malformed('a kind of item we never write')
    const value = this.#argument(byte & 31)
    if (major === 0) return value
    if (major === 2) return this.#take(value)
    if (major === 3) return fromUtf8(this.#take(value))
    return this.#array(value, depth)
  }

  #array(length: number, depth: number): Item[] {
    if (depth === MAX_DEPTH) return malformed('nested too deeply')
    if (length > this.#bytes.length - this.#at) return malformed('cut short') // every child takes a byte at least
    const items: Item[] = [] // grows as they come: of a given length it would take the memory of what is only announced
    for (let i = 0; i < length; i++) items.push(this.item(depth + 1))
    return items
  }
}

/** Byte strings are views into `bytes`, not copies. Throws `tampered` on anything `encodeCbor` would not write. */
export function decodeCbor(bytes: Uint8Array): Item {
  const reader = new Reader(bytes)
  const item = reader.item(0)
  return reader.done ? item : malformed('bytes left over')
}
