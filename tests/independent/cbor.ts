/** The encoding of SPEC §3 (O2), by the text alone: unsigned integers, byte strings, text, arrays, booleans, null. */
export type Value = number | boolean | null | string | Uint8Array | Value[]

export class Refused extends Error {
  readonly code: string

  constructor(code = 'tampered') {
    super(code)
    this.code = code
  }
}

export function need(condition: boolean, code?: string): asserts condition {
  if (!condition) throw new Refused(code)
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export function textOf(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch {
    throw new Refused()
  }
}

export function decode(bytes: Uint8Array): Value {
  let at = 0
  const take = (length: number): Uint8Array => {
    need(length <= bytes.length - at)
    return bytes.subarray(at, (at += length))
  }
  const argument = (info: number): number => {
    if (info < 24) return info
    need(info < 28)
    const size = 2 ** (info - 24)
    const value = take(size).reduce((sum, byte) => sum * 256 + byte, 0)
    need(Number.isSafeInteger(value) && value >= (size === 1 ? 24 : 256 ** (size / 2))) // the shortest spelling only
    return value
  }
  const item = (depth: number): Value => {
    const initial = take(1)[0]!
    if (initial === 0xf4 || initial === 0xf5) return initial === 0xf5
    if (initial === 0xf6) return null
    const major = initial >> 5
    need(major === 0 || (major >= 2 && major <= 4))
    const n = argument(initial & 31)
    if (major === 0) return n
    if (major === 2) return take(n)
    if (major === 3) return textOf(take(n))
    need(depth < 16 && n <= bytes.length - at)
    return Array.from({ length: n }, () => item(depth + 1))
  }
  const value = item(0)
  need(at === bytes.length)
  return value
}

export function encode(value: Value): Uint8Array {
  if (value === null) return Uint8Array.of(0xf6)
  if (typeof value === 'boolean') return Uint8Array.of(value ? 0xf5 : 0xf4)
  if (typeof value === 'number') return start(0, value)
  if (value instanceof Uint8Array) return join(start(2, value.length), value)
  if (Array.isArray(value)) return join(start(4, value.length), ...value.map(encode))
  const text = new TextEncoder().encode(value)
  return join(start(3, text.length), text)
}

function start(major: number, n: number): Uint8Array {
  if (n < 24) return Uint8Array.of((major << 5) | n)
  const power = [0, 1, 2, 3].find(each => n < 256 ** (2 ** each))!
  const size = 2 ** power
  const digits = Uint8Array.from({ length: size }, (_, index) => Math.floor(n / 256 ** (size - 1 - index)) % 256)
  return join(Uint8Array.of((major << 5) | (24 + power)), digits)
}

export const join = (...parts: Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts))
export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
export const same = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0
