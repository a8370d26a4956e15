/** Thumbnails, made by the browser before a file is sent: of pictures in this worker, of PDF and films by the page (preview/still.ts). */
import type { Json } from '#vocab'
import type { MakeThumbnail } from '../../core/formats/photo/thumbnail.ts'
import { smallJpeg } from '../preview/small-jpeg.ts'

/** Of what the browser decodes, which few do HEIC; turned upright. */
async function ofPicture(image: Blob): Promise<Blob | null> {
  const bitmap = await createImageBitmap(image).catch(() => null)
  return bitmap && smallJpeg(bitmap)
}

export const thumbnails =
  (still: MakeThumbnail): MakeThumbnail =>
  (file, mediaType) =>
    mediaType.startsWith('image/') ? ofPicture(file) : still(file, mediaType)

/** What stands in a record, which may be anybody's, as a picture; null where it is none. */
export function shownThumbnail(value: Json | undefined): Blob | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  const { mediaType, data } = value
  if (mediaType !== 'image/jpeg' || typeof data !== 'string') return null
  try {
    return new Blob([Uint8Array.from(atob(data), char => char.charCodeAt(0))], { type: mediaType })
  } catch {
    return null // no base64
  }
}
