/** Everything out of the vault, as one file: a tar that any computer opens, or that in an age file under a passphrase. */
import { AlveoleError } from '../../../crypto/errors.ts'
import { streamOf } from '../../core/exports/stream.ts'
import type { ExportApi } from './api.ts'
import { openedVault } from './current.ts'
import { IN_MEMORY } from './export-limit.ts'

const jobs = new Map<string, AbortController>()

async function everything(passphrase: string | null): Promise<ReadableStream<Uint8Array>> {
  const vault = openedVault()
  if (passphrase !== null) return vault.exportAge({ passphrase })
  const { tarOf } = await import('../../core/exports/tar.ts') // only who exports pays for it
  return streamOf(tarOf(vault.export('source'), Date.now()))
}

const counted = (listener: (bytes: number) => void) => {
  let bytes = 0
  return new TransformStream<Uint8Array, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      listener((bytes += chunk.length))
      controller.enqueue(chunk as Uint8Array<ArrayBuffer>)
    },
  })
}

async function inMemory(stream: ReadableStream<Uint8Array<ArrayBuffer>>, signal: AbortSignal): Promise<Blob> {
  const parts: Blob[] = []
  let bytes = 0
  const keep = (chunk: Uint8Array<ArrayBuffer>): void => {
    if ((bytes += chunk.length) > IN_MEMORY)
      throw new AlveoleError('too-large', 'an export for this browser to hand over')
    parts.push(new Blob([chunk])) // which browsers may keep on disk
  }
  await stream.pipeTo(new WritableStream({ write: keep }), { signal })
  return new Blob(parts)
}

/** A stop is no failure, and what a full disk says is the browser's own. */
function told(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return new AlveoleError('cancelled')
  const isFull = error instanceof DOMException && error.name === 'QuotaExceededError'
  return isFull ? new AlveoleError('full', 'no room for the export', { cause: error }) : error
}

export const exportApi: ExportApi = {
  async exportAll(job, to, passphrase, listener) {
    const stop = new AbortController()
    jobs.set(job, stop)
    try {
      const stream = (await everything(passphrase)).pipeThrough(counted(listener))
      if (!to) return await inMemory(stream, stop.signal)
      await stream.pipeTo(await to.createWritable(), { signal: stop.signal }) // in place only once all of it is written
      return null
    } catch (error) {
      throw told(error, stop.signal)
    } finally {
      jobs.delete(job)
    }
  },
  stopExport: async job => jobs.get(job)?.abort(),
}
