/** The pages of a PDF out of the vault: fetched and unlocked whole, drawn on this device one by one as they are looked at. */
import { useEffect, useEffectEvent, useState } from 'react'
import type { BlobRef } from '../../core/types.ts'
import type { OpenPdf } from '../preview/pdf.ts'

export type LoadBlob = (ref: BlobRef) => Promise<Blob>

/** null while it is opened; false where it cannot be shown. */
export function usePdf(blob: BlobRef, load: LoadBlob): OpenPdf | null | false {
  const [pdf, setPdf] = useState<OpenPdf | null | false>(null)
  const loadNow = useEffectEvent(() => load(blob))
  useEffect(() => {
    let made: OpenPdf | null = null
    let current = true
    const open = async (): Promise<void> => {
      const { openPdf } = await import('../preview/pdf.ts')
      made = await openPdf(await loadNow())
      if (current) setPdf(made)
      else made.close()
    }
    open().catch(() => current && setPdf(false))
    return () => {
      current = false
      made?.close()
    }
  }, [blob.blob])
  return pdf
}

/** Draws a page on the canvas: true once it is there, false where it cannot be. */
export function usePage(pdf: OpenPdf, page: number, canvas: { current: HTMLCanvasElement | null }): boolean | null {
  const [drawn, setDrawn] = useState<{ page: number; well: boolean } | null>(null)
  useEffect(() => {
    let current = true
    const draw = async (): Promise<void> => {
      const bitmap = await pdf.draw(page, LONGEST)
      if (!current || !canvas.current) return bitmap.close()
      Object.assign(canvas.current, { width: bitmap.width, height: bitmap.height })
      canvas.current.getContext('bitmaprenderer')?.transferFromImageBitmap(bitmap)
      setDrawn({ page, well: true })
    }
    draw().catch(() => current && setDrawn({ page, well: false }))
    return () => {
      current = false
    }
  }, [pdf, page, canvas])
  return drawn?.page === page ? drawn.well : null
}

/** Pixels: a page of A4 on a screen of double density. */
const LONGEST = 1800
