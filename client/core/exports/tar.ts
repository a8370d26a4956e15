/**
 * Files as one tar, a stream of any length (POSIX.1-2001, pax interchange format).
 *
 *   for each file:  [ header of type x, records "LENGTH key=value\n" ]  header  bytes  zeros to 512
 *   in the end:     two blocks of zeros
 *
 *   header (512):   name 100 · mode 8 · uid 8 · gid 8 · size 12 · mtime 12 · checksum 8 · type 1 · link 100 · "ustar\0" 6 · "00" 2 · …
 *
 * The header of type x says what the other has no room for: names that are long or not ASCII, sizes from 8 GiB on.
 */
import { AlveoleError, utf8 } from '#crypto'
import type { ExportedFile } from './files.ts'

export const BLOCK = 512
const LARGEST_OCTAL = 0o77777777777

export async function* tarOf(files: AsyncIterable<ExportedFile>, at: number): AsyncGenerator<Uint8Array> {
  for await (const { path, body, size } of files) {
    if (size === undefined) throw new AlveoleError('usage', 'a file of unknown size has no place in a tar')
    yield headersOf(path, size, at)
    let left = size
    for await (const bytes of body instanceof Uint8Array ? [body] : chunksOf(body)) {
      left -= bytes.length
      yield bytes
    }
    if (left !== 0)
      throw new AlveoleError('source-changed', 'a file of another size than it said', { detail: { file: path } })
    yield new Uint8Array(padding(size))
  }
  yield new Uint8Array(2 * BLOCK)
}

export const padding = (size: number): number => (BLOCK - (size % BLOCK)) % BLOCK

/** Streams of browsers are not all iterable. */
async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader()
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value
  } finally {
    await reader.cancel()
  }
}

function headersOf(path: string, size: number, at: number): Uint8Array {
  const fits = path.length <= 100 && /^[\u0020-\u007e]*$/.test(path)
  const said = [...(fits ? [] : [['path', path]]), ...(size <= LARGEST_OCTAL ? [] : [['size', String(size)]])]
  const plain = fits ? path : path.replaceAll(/[^\u0020-\u007e]/g, '_').slice(0, 100)
  const main = header(plain, Math.min(size, LARGEST_OCTAL), '0', at)
  if (!said.length) return main
  const records = utf8(said.map(([key, value]) => record(key!, value!)).join(''))
  return joined(header('pax', records.length, 'x', at), records, new Uint8Array(padding(records.length)), main)
}

/** Its length counts itself. */
function record(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`
  const bytes = utf8(rest).length
  let length = bytes + 1
  while (length !== bytes + String(length).length) length = bytes + String(length).length
  return length + rest
}

function header(name: string, size: number, type: '0' | 'x', at: number): Uint8Array {
  const block = new Uint8Array(BLOCK)
  const put = (offset: number, text: string): void => block.set(utf8(text), offset)
  const octal = (value: number, digits: number): string => `${Math.floor(value).toString(8).padStart(digits, '0')}\0`
  put(0, name)
  put(100, octal(0o600, 7))
  put(108, octal(0, 7))
  put(116, octal(0, 7))
  put(124, octal(size, 11))
  put(136, octal(at / 1000, 11))
  put(148, ' '.repeat(8)) // what the checksum counts in its own place
  put(156, type)
  put(257, 'ustar\u000000')
  put(
    148,
    `${octal(
      block.reduce((sum, byte) => sum + byte, 0),
      6,
    )} `,
  )
  return block
}

function joined(...parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
