/** The small picture of a PDF or a film. Both need the page: a worker has no player, and may start none under its policy. */
import { filmFrame } from './film-frame.ts'
import { LARGEST_PDF, openPdf } from './pdf.ts'
import { LONGEST, smallJpeg } from './small-jpeg.ts'

async function firstPage(file: Blob): Promise<ImageBitmap> {
  const pdf = await openPdf(file)
  try {
    return await pdf.draw(1, LONGEST)
  } finally {
    pdf.close()
  }
}

/** null where there is none, for whatever reason: the file itself is stored all the same. */
export async function still(file: Blob, mediaType: string): Promise<Blob | null> {
  try {
    if (mediaType === 'application/pdf' && file.size <= LARGEST_PDF) return await smallJpeg(await firstPage(file))
    return mediaType.startsWith('video/') ? await smallJpeg(await filmFrame(file)) : null
  } catch {
    return null
  }
}
