/** Where the bytes of an upload come from: a file of the person's, or a file of the vault that is to be sealed anew. */
import { AlveoleError } from '#crypto'
import { bytesIn } from './bytes-in.ts'

export interface Source {
  size: number
  /** Exactly these bytes, in a buffer of their own for whoever asks to release; or `source-changed`. */
  read(start: number, end: number): Promise<Uint8Array>
  /** Says which source it is, and nothing of its content: an upload that was stopped goes on where the same name comes again. */
  name?: string | undefined
  /** Its bytes never change under this name: what was stored of them need not be compared with them. */
  fixed?: boolean
  /** Whether a record refers to this file already: then what was begun under the name is not gone on with. */
  isRecorded?: (file: Uint8Array) => Promise<boolean>
}

export const blobSource = (blob: Blob, name?: string): Source => ({
  size: blob.size,
  name,
  async read(start, end) {
    try {
      const bytes = await bytesIn(blob, start, end)
      if (bytes.length === end - start) return bytes
    } catch (error) {
      throw new AlveoleError('source-changed', 'the file changed or went while it was read', { cause: error })
    }
    throw new AlveoleError('source-changed', 'the file changed while it was read')
  },
})
