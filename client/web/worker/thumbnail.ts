/** Thumbnails made by the browser, in this worker: decoded, turned upright, drawn small and encoded anew, so that no metadata is left. */
import type { Json } from '#vocab'
import { THUMBNAIL_BYTES } from '../../core/formats/photo/thumbnail.ts'

/** Pixels of the longer side. */
const LONGEST = 256
const QUALITIES = [0.8, 0.6, 0.4, 0.2]

/** null where the browser cannot decode it, as most cannot HEIC, or cannot make it small enough. */
export async function makeThumbnail(image: Blob): Promise<Blob | null> {
  const bitmap = await createImageBitmap(image).catch(() => null)
  if (!bitmap) return null
  const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height))
  const [width, height] = [bitmap.width, bitmap.height].map(side => Math.max(1, Math.round(side * scale)))
  const canvas = new OffscreenCanvas(width!, height!)
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, width!, height!)
  bitmap.close()
  for (const quality of QUALITIES) {
    const jpeg = await canvas.convertToBlob({ type: 'image/jpeg', quality })
    if (jpeg.size <= THUMBNAIL_BYTES) return jpeg
  }
  return null
}

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
