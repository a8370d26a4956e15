/**
 * Thumbnails, small enough to lie in the record, so that a list of photos or papers fetches none. Where the program can draw it makes
 * one; else the one that the camera put into the file will do. No metadata is left in either.
 */
// By its default export: it is a CommonJS bundle, in which Node finds no named ones.
import { default as reader } from 'exifr'
import { kind as kindOf, type RecordValue } from '#vocab'
import type { Draft } from '../format.ts'
import { stripJpeg, strippedBlob } from './strip.ts'
import { THUMBNAIL_BYTES } from './thumbnail-bytes.ts'

/** Of a HEIC: where its EXIF is looked for. */
const EXIF_WITHIN = 16 * 1024 * 1024

type Thumbnail = { mediaType: 'image/jpeg'; data: string }

/** Draws a JPEG of `THUMBNAIL_BYTES` at most, without metadata, of a file of this media type; null where it cannot. */
export type MakeThumbnail = (file: Blob, mediaType: string) => Promise<Blob | null>

/** Out of the EXIF of a JPEG or HEIC: the same way up as the picture beside it. */
export async function carriedThumbnail(
  bytes: Uint8Array<ArrayBuffer>,
  orientation: number,
): Promise<Thumbnail | undefined> {
  const found = await reader.thumbnail(exifOf(bytes)).catch(() => undefined)
  const small = found && Uint8Array.from(found)
  const stripped = small && stripJpeg(small)
  return stripped ? inRecord(strippedBlob(new Blob([small]), stripped, orientation)) : undefined
}

const EXIF = /Exif\0\0(?=MM\0\*|II\*\0)/

/** HEIC holds its EXIF in one piece (ISO 23008-12 annex A.2), from which the reader takes no thumbnail unless it is given alone. */
function exifOf(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (bytes[0] === 0xff) return bytes
  const found = EXIF.exec(new TextDecoder('latin1').decode(bytes.subarray(0, EXIF_WITHIN)))
  return found ? bytes.slice(found.index + found[0].length) : bytes
}

/** The property of a record whose kind has it, by what the program makes of its first file. */
export async function madeThumbnail(
  { kind, attachments = [] }: Draft,
  make: MakeThumbnail | undefined,
): Promise<RecordValue> {
  const [first] = kindOf(kind)?.properties['thumbnail'] ? attachments : []
  const made = first && (await make?.(first.blob, first.mediaType))
  const thumbnail = made && (await inRecord(made))
  return thumbnail ? { thumbnail } : {}
}

async function inRecord(jpeg: Blob): Promise<Thumbnail | undefined> {
  if (jpeg.size > THUMBNAIL_BYTES) return undefined
  const bytes = new Uint8Array(await jpeg.arrayBuffer())
  return { mediaType: 'image/jpeg', data: btoa(String.fromCharCode(...bytes)) }
}
