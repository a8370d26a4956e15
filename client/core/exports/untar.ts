/**
 * The files of a tar by name, each a slice of it that is read when it is wanted. Headers alone are looked at, so a tar of any
 * size costs as much as it has files. Links, devices and sparse files are refused: no export has them, and they lead elsewhere.
 */
import { AlveoleError, fromUtf8 } from '#crypto'
import type { ProblemReason } from '../formats/problems.ts'
import { isPath } from './manifest.ts'
import { BLOCK, padding } from './tar.ts'

/** Of what a header of type x may say. */
const LONGEST = 64 * 1024

export const looksLikeTar = (start: Uint8Array): boolean =>
  start.length >= BLOCK && new TextDecoder('latin1').decode(start.subarray(257, 262)) === 'ustar'

interface Entry {
  name: string
  size: number
  type: string
}

/** Throws `bad-file`, saying where, on anything that is not whole. Names in one spelling of each letter (NFC). */
export async function untar(blob: Blob): Promise<Map<string, Blob>> {
  const files = new Map<string, Blob>()
  let extended: { path?: string; size?: number } = {}
  let at = 0
  for (;;) {
    const block = await bytesAt(blob, at, BLOCK)
    if (block.every(byte => byte === 0)) return files
    const entry = readHeader(block, at)
    const { path = entry.name, size = entry.size } = entry.type === 'x' ? {} : extended
    const body = (at += BLOCK)
    at += size + padding(size)
    if (at > blob.size) throw bad(body - BLOCK, 'cut-short')
    if (entry.type === 'x') extended = await readExtended(blob, body, size)
    else extended = {}
    if (entry.type === 'x' || entry.type === '5') continue
    const name = path.normalize('NFC')
    if (entry.type !== '0' || !isPath(name)) throw bad(body - BLOCK, 'bad-path')
    if (files.has(name)) throw bad(body - BLOCK, 'same-id')
    files.set(name, blob.slice(body, body + size))
  }
}

async function bytesAt(blob: Blob, at: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(await blob.slice(at, at + length).arrayBuffer())
  if (bytes.length !== length) throw bad(at, 'cut-short')
  return bytes
}

function readHeader(block: Uint8Array, at: number): Entry {
  const field = (from: number, length: number): string => {
    const bytes = block.subarray(from, from + length)
    const end = bytes.indexOf(0)
    return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end))
  }
  const octal = (from: number, length: number): number => {
    const digits = field(from, length).trim()
    if (!/^[0-7]+$/.test(digits)) throw bad(at, 'syntax')
    return Number.parseInt(digits, 8)
  }
  const sum = block.reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 32 : byte), 0)
  if (octal(148, 8) !== sum) throw bad(at, 'syntax')
  const prefix = field(345, 155)
  const name = field(0, 100)
  return { name: prefix ? `${prefix}/${name}` : name, size: octal(124, 12), type: field(156, 1) || '0' }
}

/** Records "LENGTH key=value\n"; keys other than path and size change nothing of what is read. */
async function readExtended(blob: Blob, at: number, size: number): Promise<{ path?: string; size?: number }> {
  if (size > LONGEST) throw bad(at, 'too-long')
  let rest = await bytesAt(blob, at, size)
  const said: { path?: string; size?: number } = {}
  while (rest.length) {
    const [, digits] = /^(\d{1,6}) /.exec(new TextDecoder('latin1').decode(rest.subarray(0, 7))) ?? []
    const length = Number(digits)
    if (!digits || length <= digits.length + 1 || length > rest.length || rest[length - 1] !== 10)
      throw bad(at, 'syntax')
    const line = textOf(rest.subarray(digits.length + 1, length - 1), at)
    const equals = line.indexOf('=')
    const [key, value] = [line.slice(0, equals), line.slice(equals + 1)]
    if (key === 'path') said.path = value
    if (key === 'size') said.size = sizeOf(value, at)
    rest = rest.subarray(length)
  }
  return said
}

function sizeOf(text: string, at: number): number {
  const size = Number(text)
  if (!/^\d{1,16}$/.test(text) || !Number.isSafeInteger(size)) throw bad(at, 'syntax')
  return size
}

function textOf(bytes: Uint8Array, at: number): string {
  try {
    return fromUtf8(bytes)
  } catch {
    throw bad(at, 'encoding')
  }
}

const bad = (at: number, reason: ProblemReason): AlveoleError =>
  new AlveoleError('bad-file', `${reason} at byte ${at}`, { detail: { where: `byte ${at}`, reason } })
