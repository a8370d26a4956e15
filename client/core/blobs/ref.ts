/** What may stand in a reference to a stored file, and where its parts are (SPEC B6). */
import { AlveoleError, CHUNK_BYTES, PART_BYTES, toBase64Url, type PartList } from '#crypto'
import type { Part } from '../blob-refs.ts'
import type { BlobRef } from '../types.ts'

export const nameOf = ({ folder, sealId, hash }: PartList[number]): Part => ({
  folder,
  name: toBase64Url(sealId),
  hash: toBase64Url(hash),
})

/** Whether this is base64url of so many bytes. */
const spells = (text: unknown, bytes: 16 | 32): boolean =>
  typeof text === 'string' && /^[A-Za-z0-9_-]+$/.test(text) && text.length === Math.ceil((bytes * 8) / 6)

/** The sizes of parts below 4 MiB: powers of two. */
const SMALLER = [CHUNK_BYTES, 2 * CHUNK_BYTES, 4 * CHUNK_BYTES, 8 * CHUNK_BYTES]

/** Longer lists stand on a page of their own. */
export const INLINE_PARTS = 32

/** It comes out of somebody's record: throws where it is none that this suite writes. */
export function checkRef({ blob, key, size, partBytes, parts, page }: BlobRef): void {
  const sized = Number.isSafeInteger(size) && size >= 0 && (partBytes === undefined || SMALLER.includes(partBytes))
  const listed = page ? parts === undefined : Array.isArray(parts) && parts.length <= INLINE_PARTS
  if (!sized || !listed || !spells(blob, 16) || !spells(key, 32))
    throw new AlveoleError('tampered', 'not a reference to a blob')
}

export const partBytesOf = ({ partBytes }: BlobRef): number => partBytes ?? PART_BYTES

/** It may name nothing but a blob part of that collection (A21, A27). */
export function partUrl(container: string, { folder, name, hash }: Part): string {
  if (!spells(folder, 16) || !spells(name, 16) || !spells(hash, 32))
    throw new AlveoleError('tampered', 'not the name of a blob part')
  return `${container}${folder}/${name}.alv`
}
