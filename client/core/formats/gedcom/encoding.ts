/**
 * Which encoding a GEDCOM file is in: the byte order mark, else UTF-16 seen from its zeros, else what `1 CHAR` says,
 * believed only if the bytes agree. Bytes that do not agree are read as Windows-1252, which gives every byte a
 * letter, and the place is reported.
 */
import { firstBadByte } from '../fail.ts'
import { decodeAnsel } from './ansel.ts'
import type { Decoded } from './ansel.ts'

const startsWith = (bytes: Uint8Array, ...mark: number[]): boolean => mark.every((byte, index) => bytes[index] === byte)

const HEAD_BYTES = 8192

/** `0 HEAD` may be preceded by a mark and white space. */
export function startsLikeGedcom(start: Uint8Array): boolean {
  const text = unicode(start)?.decoder.decode(start) ?? new TextDecoder('latin1').decode(start)
  return /^[\ufeff\s]*0\s+HEAD\b/.test(text)
}

function unicode(bytes: Uint8Array): { decoder: TextDecoder; utf8: boolean } | null {
  if (startsWith(bytes, 0xef, 0xbb, 0xbf)) return { decoder: new TextDecoder(), utf8: true }
  const wide = (label: string): { decoder: TextDecoder; utf8: boolean } => ({
    decoder: new TextDecoder(label),
    utf8: false,
  })
  if (startsWith(bytes, 0xff, 0xfe) || startsWith(bytes, 0x30, 0x00)) return wide('utf-16le')
  if (startsWith(bytes, 0xfe, 0xff) || startsWith(bytes, 0x00, 0x30)) return wide('utf-16be')
  return null
}

function declared(bytes: Uint8Array): string {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, HEAD_BYTES))
  return /^\s*1\s+CHAR(?:ACTER)?\s+(\S+)/m.exec(head)?.[1]?.toUpperCase() ?? ''
}

function utf8(bytes: Uint8Array): Decoded {
  const bad = firstBadByte(bytes)
  return { text: new TextDecoder(bad < 0 ? 'utf-8' : 'windows-1252').decode(bytes), bad }
}

const SINGLE_BYTE: { readonly [name: string]: string } = {
  ANSI: 'windows-1252',
  'WINDOWS-1252': 'windows-1252',
  CP1252: 'windows-1252',
  LATIN1: 'windows-1252',
  'ISO-8859-1': 'windows-1252',
  MACINTOSH: 'macintosh',
}

export function decodeGedcom(bytes: Uint8Array): Decoded {
  const marked = unicode(bytes)
  if (marked && !marked.utf8) {
    const text = marked.decoder.decode(bytes)
    const bad = text.indexOf('\ufffd')
    return { text, bad: bad < 0 ? -1 : bad * 2 }
  }
  const charset = marked ? 'UTF-8' : declared(bytes)
  if (charset === 'ANSEL') return decodeAnsel(bytes)
  const label = Object.hasOwn(SINGLE_BYTE, charset) ? SINGLE_BYTE[charset] : undefined
  if (label) return { text: new TextDecoder(label).decode(bytes), bad: -1 }
  return utf8(bytes)
}
