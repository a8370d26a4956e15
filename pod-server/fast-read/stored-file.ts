/**
 * The bytes of one state of a resource. Writes rename a new file into place under the write lock, so a descriptor
 * opened under the read lock stays that state, whole, however long the client takes and whatever is written meanwhile.
 */
import { closeSync, constants, fstatSync, openSync, read as readWith } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { Buffers } from './buffers.ts'

const read = promisify(readWith)

/** As long as CSS lets a reader keep its lock without reading on. */
const STALLED_MS = 30_000

/** A pipe that somebody put there does not hold us up; Windows has neither. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

export class StoredFile {
  static readonly #buffers = new Buffers()
  readonly #descriptor: number
  readonly size: number
  readonly modified: Date

  private constructor(descriptor: number) {
    const found = fstatSync(descriptor)
    // CSS gives no date, hence no ETag, to what is older than 1970.
    if (!found.isFile() || found.mtime.getTime() <= 0) throw new Error('not a plain file')
    this.#descriptor = descriptor
    this.size = found.size
    this.modified = found.mtime
  }

  /** Not by a thread: its folder was looked at just now, and opening it takes less than handing it over. */
  static async open(path: string): Promise<StoredFile> {
    const descriptor = openSync(path, FLAGS)
    try {
      return new StoredFile(descriptor)
    } catch (error) {
      closeSync(descriptor)
      throw error
    }
  }

  close(): void {
    closeSync(this.#descriptor)
  }

  /** Reads the beginning, all of it for most; throws when it cannot. What it gives back sends the answer, once. */
  async begin(): Promise<(response: ServerResponse) => void> {
    const buffer = StoredFile.#buffers.take(this.size)
    const first = await this.#read(buffer, 0)
    return response => {
      response.writeHead(200)
      void this.#send(response, buffer, first)
    }
  }

  async #read(buffer: Buffer, at: number): Promise<Buffer> {
    const length = Math.min(buffer.length, this.size - at)
    let end = 0
    while (end < length) {
      const { bytesRead } = await read(this.#descriptor, buffer, end, length - end, at + end)
      if (bytesRead === 0) throw new Error('shorter than it was')
      end += bytesRead
    }
    return buffer.subarray(0, length)
  }

  /** The buffer is used again only when all of it has left; a cut answer is seen as cut by the client. */
  async #send(response: ServerResponse, buffer: Buffer, first: Buffer): Promise<void> {
    try {
      let chunk = first
      for (let at = chunk.length; at < this.size; at += chunk.length) {
        await written(response, chunk)
        chunk = await this.#read(buffer, at)
      }
      await ended(response, chunk)
      StoredFile.#buffers.give(buffer)
    } catch {
      response.destroy()
    } finally {
      this.close()
    }
  }
}

const written = (response: ServerResponse, chunk: Buffer): Promise<void> =>
  settled(response, done => response.write(chunk, done), STALLED_MS)

const ended = (response: ServerResponse, chunk: Buffer): Promise<void> =>
  settled(response, done => response.end(chunk, () => done()))

type Done = (error?: Error | null) => void

/** A response that waits behind another on its connection is told nothing when that closes: the socket is asked. */
const settled = (response: ServerResponse, start: (done: Done) => void, patience?: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const { socket } = response.req
    const timer = patience === undefined ? undefined : setTimeout(() => finish(new Error('stalled')), patience)
    const finish: Done = error => {
      clearTimeout(timer)
      socket.off('close', gone)
      if (error) reject(error)
      else resolve()
    }
    const gone = (): void => finish(new Error('the client left'))
    socket.once('close', gone)
    if (socket.destroyed) gone()
    else start(finish)
  })
