/**
 * One PDF, read and drawn by pdf.js, in a worker that holds nothing else: no key, no other file, and a policy of its own (serve.ts) that
 * lets it ask for nothing but what pdf.js brings along. Whoever started it ends it. Scripts in a PDF are never run, and glyphs are drawn
 * as paths, so that no font of a stranger reaches the browser's own reader of fonts.
 */
import { expose, transfer } from 'comlink'
import { getDocument, version, type PDFDocumentProxy } from 'pdfjs-dist'
import 'pdfjs-dist/build/pdf.worker.mjs' // the half that reads: here too, instead of in one more worker
import '../worker/errors.ts'

/** Pixels that an image within may have: 128 MB of memory. */
const LARGEST_IMAGE = 32 * 1024 * 1024
/** Pixels of a page as it is drawn. */
const LARGEST_PAGE = 8 * 1024 * 1024
/** Fonts that every reader is expected to have, character maps, decoders: from the build (vite.config.ts). */
const files = (name: string): string => `${location.origin}/assets/pdf-${version}/${name}/`

/** All that pdf.js asks of a document where it loads no fonts into one: canvases. */
const canvases = { createElement: () => new OffscreenCanvas(1, 1) }

/** SVG filters need a document: without, a few masks come out plain. */
class NoFilters {
  addFilter = (): string => 'none'
  addHCMFilter = (): string => 'none'
  addAlphaFilter = (): string => 'none'
  addLuminosityFilter = (): string => 'none'
  addKnockoutFilter = (): string => 'none'
  addHighlightHCMFilter = (): string => 'none'
  destroy = (): void => undefined
}

let opened: PDFDocumentProxy | null = null

const api = {
  /** Number of pages. */
  async open(pdf: Blob): Promise<number> {
    opened = await getDocument({
      data: new Uint8Array(await pdf.arrayBuffer()),
      ownerDocument: canvases as unknown as HTMLDocument,
      FilterFactory: NoFilters,
      disableFontFace: true,
      useSystemFonts: false,
      useWorkerFetch: true,
      maxImageSize: LARGEST_IMAGE,
      standardFontDataUrl: files('standard_fonts'),
      cMapUrl: files('cmaps'),
      wasmUrl: files('wasm'),
      verbosity: 0,
    }).promise
    return opened.numPages
  },
  /** Page 1 and on; no side longer than `longest` pixels. */
  async draw(number: number, longest: number): Promise<ImageBitmap> {
    if (!opened) throw new TypeError('no PDF is open')
    const page = await opened.getPage(number)
    const { width, height } = page.getViewport({ scale: 1 })
    const scale = Math.min(longest / Math.max(width, height), Math.sqrt(LARGEST_PAGE / (width * height)))
    const viewport = page.getViewport({ scale })
    const [across = 1, down = 1] = [viewport.width, viewport.height].map(side => Math.max(1, Math.round(side)))
    const canvas = new OffscreenCanvas(across, down)
    // Its types know canvases of a document only
    await page.render({ canvas: canvas as unknown as HTMLCanvasElement, viewport, background: 'white' }).promise
    page.cleanup()
    const bitmap = canvas.transferToImageBitmap()
    return transfer(bitmap, [bitmap])
  },
}
export type PdfApi = typeof api

addEventListener('message', ({ ports: [port] }: MessageEvent) => port && expose(api, port), { once: true })
