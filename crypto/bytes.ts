/** Plain operations on byte strings; nothing here knows a key from a picture. The readers throw only `tampered` (O5). */
import { tampered } from './errors.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export const utf8 = (text: string): Uint8Array => encoder.encode(text)

export function fromUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch {
    return tampered('malformed: invalid UTF-8')
  }
}

export const concat = (...parts: Uint8Array[]): Uint8Array => join(parts)

/** As `concat`, for any number of parts: a call takes some ten thousand arguments at most. */
export function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/**
 * Gives the whole buffer that these bytes stand in back at once, and leaves them empty: of buffers of a few megabytes an engine lets
 * dozens pile up before it collects any. For who has the only use of it; what the platform was given to send, it has copied (Fetch).
 */
export function release({ buffer }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && !buffer.detached) buffer.transfer(0)
}

/** Compares in time that depends on the lengths only. */
export function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let i = 0; i < a.length; i++) difference |= a[i]! ^ b[i]!
  return difference === 0
}

/** Lexicographic order of the bytes, as RFC 8949 §4.2.1 sorts keys. */
export function compare(a: Uint8Array, b: Uint8Array): number {
  const shorter = Math.min(a.length, b.length)
  for (let i = 0; i < shorter; i++) if (a[i] !== b[i]) return a[i]! - b[i]!
  return a.length - b.length
}

const DIGITS = utf8('0123456789abcdef')

export function toHex(bytes: Uint8Array): string {
  const digits = new Uint8Array(2 * bytes.length)
  for (let i = 0; i < bytes.length; i++) {
    digits[2 * i] = DIGITS[bytes[i]! >> 4]!
    digits[2 * i + 1] = DIGITS[bytes[i]! & 15]!
  }
  return decoder.decode(digits) // of much at once far faster than text put together byte by byte
}

export function fromHex(text: string): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(text.length / 2))
  let all = 0
  for (let i = 0; i < bytes.length; i++) {
    const value = (digit(text.charCodeAt(2 * i)) << 4) | digit(text.charCodeAt(2 * i + 1))
    bytes[i] = value
    all |= value
  }
  return all < 256 ? bytes : tampered('malformed: not lower-case hexadecimal')
}

/** The value of a hexadecimal digit; 48 is "0", 97 is "a". More than a byte holds for anything else, as beyond the end. */
function digit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48
  return code >= 97 && code <= 102 ? code - 87 : 256
}

/** base64url without padding, RFC 4648 §5. */
export function toBase64Url(bytes: Uint8Array): string {
  let binary = ''
  for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192))
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** Refuses anything that `toBase64Url` would not have written. */
export function fromBase64Url(text: string): Uint8Array {
  if (/[^A-Za-z0-9_-]/.test(text) || text.length % 4 === 1) return tampered('malformed: not base64url')
  const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), char => char.charCodeAt(0))
  if (toBase64Url(bytes) !== text) return tampered('malformed: not canonical base64url')
  return bytes
}
