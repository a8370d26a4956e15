/**
 * Thumbnails, small enough to lie in the record, so that a list of photos fetches none. Where the program can draw it makes one; else
 * the one that the camera put into the file will do. No metadata is left in either.
 */
// By its default export: it is a CommonJS bundle, in which Node finds no named ones.
import { default as reader } from 'exifr'
import type { RecordValue } from '#vocab'
import type { Draft } from '../format.ts'
import { stripJpeg, strippedBlob } from './strip.ts'

/** As many as a segment's worth of a hundred of them still reads at once. */
export const THUMBNAIL_BYTES = 8 * 1024

type Thumbnail = { mediaType: 'image/jpeg'; data: string }

/** Out of the EXIF of a JPEG: the same way up as the picture beside it. */
export async function carriedThumbnail(
  bytes: Uint8Array<ArrayBuffer>,
  orientation: number,
): Promise<Thumbnail | undefined> {
  const found = await reader.thumbnail(bytes).catch(() => undefined)
  const small = found && Uint8Array.from(found)
  const stripped = small && stripJpeg(small)
  return stripped ? inRecord(strippedBlob(new Blob([small]), stripped, orientation)) : undefined
}

/** The property of a photo, by what the program makes of its image. */
export async function madeThumbnail(
  { kind, attachments = [] }: Draft,
  make: ((image: Blob) => Promise<Blob | null>) | undefined,
): Promise<RecordValue> {
  const [image] = kind === 'Photo' ? attachments : []
  const made = image && (await make?.(image.blob))
  const thumbnail = made && (await inRecord(made))
  return thumbnail ? { thumbnail } : {}
}

async function inRecord(jpeg: Blob): Promise<Thumbnail | undefined> {
  if (jpeg.size > THUMBNAIL_BYTES) return undefined
  const bytes = new Uint8Array(await jpeg.arrayBuffer())
  return { mediaType: 'image/jpeg', data: btoa(String.fromCharCode(...bytes)) }
}
