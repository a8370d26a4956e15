/**
 * Deterministic CBOR (RFC 8949 §4.2), of the six kinds of item that our formats use: unsigned integers up to 2^53-1,
 * byte strings, text strings, arrays, booleans and null. The decoder refuses every other spelling of the same value.
 */
import { fromUtf8, utf8 } from './bytes.ts'
import { tampered } from './errors.ts'

export type Item = number | boolean | null | string | Uint8Array | readonly Item[]

const MAX_DEPTH = 16

const malformed = (why: string): never => tampered(`malformed: ${why}`)

/** Into one array that grows: an array of its own for each number would cost more than all the rest of a long list. */
class Writer {
  #bytes = new Uint8Array(256)
  #at = 0

  #room(length: number): number {
    const [at, end] = [this.#at, this.#at + length]
    if (end > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(end, 2 * this.#bytes.length))
      larger.set(this.#bytes)
      this.#bytes = larger
    }
    this.#at = end
    return at
  }

  #byte(value: number): void {
    const at = this.#room(1)
    this.#bytes[at] = value
  }

  #head(major: number, value: number): void {
    const log = value < 24 ? -1 : value < 0x100 ? 0 : value < 0x10000 ? 1 : value < 0x100000000 ? 2 : 3
    this.#byte((major << 5) | (log < 0 ? value : 24 + log))
    if (log < 0) return
    const width = 1 << log
    let at = this.#room(width) + width
    for (let rest = value, i = 0; i < width; i++, rest = Math.floor(rest / 256)) this.#bytes[--at] = rest % 256
  }

  #string(major: number, bytes: Uint8Array): void {
    this.#head(major, bytes.length)
    const at = this.#room(bytes.length)
    this.#bytes.set(bytes, at)
  }

  item(item: Item): void {
    if (item === null) this.#byte(0xf6)
    else if (typeof item === 'boolean') this.#byte(item ? 0xf5 : 0xf4)
    else if (typeof item === 'number') {
      if (!Number.isSafeInteger(item) || item < 0) throw new TypeError('not an unsigned safe integer')
      this.#head(0, item)
    } else if (typeof item === 'string') {
      if (!item.isWellFormed()) throw new TypeError('a lone surrogate has no UTF-8 form')
      this.#string(3, utf8(item))
    } else if (item instanceof Uint8Array) this.#string(2, item)
    else {
      this.#head(4, item.length)
      for (const child of item) this.item(child)
    }
  }

  get written(): Uint8Array {
    return this.#at === this.#bytes.length ? this.#bytes : this.#bytes.slice(0, this.#at)
  }
}

export function encodeCbor(item: Item): Uint8Array {
  const writer = new Writer()
  writer.item(item)
  return writer.written
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

  #take(length: number): Uint8Array {
    if (length > this.#bytes.length - this.#at) return malformed('cut short')
    this.#at += length
    return this.#bytes.subarray(this.#at - length, this.#at)
  }

  #argument(info: number): number {
    if (info < 24) return info
    if (info > 27) return malformed('indefinite or reserved length')
    const width = 1 << (info - 24)
    const at = this.#at
    this.#take(width)
    const value =
      width === 1
        ? this.#view.getUint8(at)
        : width === 2
          ? this.#view.getUint16(at)
          : width === 4
            ? this.#view.getUint32(at)
            : Number(this.#view.getBigUint64(at))
    const least = [24, 0x100, 0x10000, 0x100000000][info - 24]!
    if (value < least || !Number.isSafeInteger(value)) return malformed('not the shortest integer') // §4.2.1
    return value
  }

  item(depth: number): Item {
    const [byte] = this.#take(1) as unknown as [number]
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
