/** Errors and reads that every format shares. */
import { AlveoleError } from '../../../crypto/errors.ts'
import { bytesIn } from '../blobs/bytes-in.ts'
import type { SourceFile } from './format.ts'
import type { ProblemReason } from './problems.ts'

export const badFile = (file: SourceFile, where: string, reason: ProblemReason, cause?: unknown): AlveoleError =>
  new AlveoleError('bad-file', `${file.name}: ${reason} at ${where}`, {
    cause,
    detail: { file: file.name, where, reason },
  })

/** The bytes of a blob. A file that was changed or removed since it was chosen is said to be so. */
export async function bytesOf(
  file: SourceFile,
  limit: number,
  from = 0,
  to = file.blob.size,
  again?: ArrayBuffer,
): Promise<Uint8Array<ArrayBuffer>> {
  if (to - from > limit) {
    throw new AlveoleError('too-large', `${file.name} is larger than ${limit} bytes`, {
      detail: { file: file.name, limit },
    })
  }
  try {
    return await bytesIn(file.blob, from, to, again)
  } catch (cause) {
    throw new AlveoleError('source-changed', `${file.name} could not be read to its end`, {
      cause,
      detail: { file: file.name },
    })
  }
}

/** Offset of the first byte that UTF-8 does not allow where it is, or -1. */
export function firstBadByte(bytes: Uint8Array): number {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const step = 1 << 16
  const fits = (from: number, to: number, last: boolean): boolean => {
    try {
      decoder.decode(bytes.subarray(from, to), { stream: !last })
      return true
    } catch {
      return false
    }
  }
  let at = 0
  while (at < bytes.length && fits(at, at + step, at + step >= bytes.length)) at += step
  if (at >= bytes.length) return -1
  // A failed decoder forgets its state: begin again at a character before the boundary, where all was well.
  let end = Math.max(0, at - 4)
  while (end < at && ((bytes[end] ?? 0) & 0xc0) === 0x80) end += 1
  const fresh = new TextDecoder('utf-8', { fatal: true })
  try {
    for (; end < bytes.length; end += 1) fresh.decode(bytes.subarray(end, end + 1), { stream: true })
  } catch {
    return end
  }
  return end - 1
}

/** Text of a UTF-8 file (a BOM is dropped); anything else is a bad file with the place of the first odd byte. */
export function decodeUtf8(bytes: Uint8Array, file: SourceFile): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw badFile(file, `byte ${firstBadByte(bytes)}`, 'encoding', cause)
  }
}
