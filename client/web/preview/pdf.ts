/** A PDF opened in a worker of its own, which is ended when it takes too long: what a hostile file does, it does there and not for long. */
import { wrap } from 'comlink'
import { trustedScript } from '../hooks/worker.ts'
import type { PdfApi } from './pdf.worker.ts'
import url from './pdf.worker.ts?worker&url'

/** Milliseconds for whatever is asked of it. */
const LIMIT = 10_000
/** Bytes: it is read into memory whole, and what it unfolds to comes on top. */
export const LARGEST_PDF = 64 * 1024 * 1024

export interface OpenPdf {
  pages: number
  /** No side longer than `longest` pixels. */
  draw(page: number, longest: number): Promise<ImageBitmap>
  close(): void
}

/** Rejects where it is no PDF, is locked by a password, or takes too long; nothing of it runs on then. */
export async function openPdf(file: Blob): Promise<OpenPdf> {
  if (file.size > LARGEST_PDF) throw new RangeError('a PDF too large to be shown')
  const worker = new Worker(trustedScript(url), { type: 'module', name: 'pdf' })
  const { port1, port2 } = new MessageChannel()
  worker.postMessage({}, [port2]) // pdf.js listens there too, and passes over what is not its own
  const pdf = wrap<PdfApi>(port1)
  const ended = Promise.withResolvers<never>()
  ended.promise.catch(() => undefined)
  const end = (why: string): void => {
    worker.terminate()
    port1.close()
    ended.reject(new RangeError(why))
  }
  worker.addEventListener('error', event => {
    event.preventDefault() // of a file, not of this page
    end('the worker of a PDF failed')
  })
  const bounded = async <T>(work: Promise<T>): Promise<T> => {
    const timer = setTimeout(() => end('a PDF that takes too long'), LIMIT)
    return Promise.race([work, ended.promise]).finally(() => clearTimeout(timer))
  }
  const close = (): void => end('closed')
  try {
    const pages = await bounded(pdf.open(file))
    return { pages, draw: (page, longest) => bounded(pdf.draw(page, longest)), close }
  } catch (error) {
    close()
    throw error
  }
}
