/** Identities of what is imported: SHA-256 by WebCrypto, written in base64url. */
import { toBase64Url } from '#crypto'
import { checkSignal } from '../parallel.ts'
import { bytesOf } from './fail.ts'
import type { SourceFile } from './format.ts'

const SLICE = 4 * 1024 * 1024

const digest = async (bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))

export const hashText = async (text: string): Promise<string> =>
  toBase64Url(await digest(new TextEncoder().encode(text)))

/**
 * Hash of a file of any size in constant memory. WebCrypto does not stream, so this is the hash of the size and of
 * the hashes of its 4 MiB slices.
 */
export async function hashFile(file: SourceFile, signal?: AbortSignal): Promise<string> {
  const { size } = file.blob
  const digests: BlobPart[] = [new TextEncoder().encode(`${size}:`)]
  let buffer: ArrayBuffer | undefined
  for (let at = 0; at < size; at += SLICE) {
    checkSignal(signal)
    const bytes = await bytesOf(file, SLICE, at, Math.min(size, at + SLICE), buffer)
    digests.push(await digest(bytes))
    buffer = bytes.buffer
  }
  return toBase64Url(await digest(new Uint8Array(await new Blob(digests).arrayBuffer())))
}
