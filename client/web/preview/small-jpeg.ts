/** What was decoded, drawn small and encoded anew: of metadata nothing is left, and it fits into a record. */
import { THUMBNAIL_BYTES } from '../../core/formats/photo/thumbnail-bytes.ts'

/** Pixels of the longer side. */
export const LONGEST = 256
const QUALITIES = [0.8, 0.6, 0.4, 0.2]

/** null where it cannot be made small enough. Closes the bitmap. */
export async function smallJpeg(bitmap: ImageBitmap): Promise<Blob | null> {
  const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height))
  const [width = 1, height = 1] = [bitmap.width, bitmap.height].map(side => Math.max(1, Math.round(side * scale)))
  const canvas = new OffscreenCanvas(width, height)
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, width, height)
  bitmap.close()
  for (const quality of QUALITIES) {
    const jpeg = await canvas.convertToBlob({ type: 'image/jpeg', quality })
    if (jpeg.size <= THUMBNAIL_BYTES) return jpeg
  }
  return null
}
