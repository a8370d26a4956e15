/**
 * Video and sound of the open vault, played from where they stand: each under an address that nobody can guess, until its player is
 * left or the vault is locked. The service worker asks here, over a port for each request.
 */
import { random, toBase64Url } from '#crypto'
import { AlveoleError } from '../../../crypto/errors.ts'
import type { ByteRange } from '../../core/blobs/open-blob.ts'
import type { BlobRef } from '../../core/types.ts'
import type { Chunk, Head, Wish } from '../media/messages.ts'
import { rangeOf } from '../media/range.ts'
import type { MediaApi } from './api.ts'
import { openedVault } from './current.ts'

interface Media {
  ref: BlobRef
  read(range: ByteRange): Promise<ReadableStream<Uint8Array>>
  /** Oldest first. */
  readers: Set<ReadableStreamDefaultReader<Uint8Array>>
}

const open = new Map<string, Media>()
/** Of one player: it reads in one or two places; a service worker that was ended leaves its reader behind. */
const READERS = 3
/** Parts that a reader asks for before they are played. */
const AHEAD = 2

/** What a player may be given: never anything that a browser would run. */
const isPlayable = (mediaType: string): boolean => /^(video|audio)\/[\w.+-]+$/.test(mediaType)

function address(ref: BlobRef, read: Media['read']): string {
  if (!isPlayable(ref.mediaType)) throw new AlveoleError('usage', 'neither video nor sound')
  const name = toBase64Url(random(16))
  open.set(name, { ref, read, readers: new Set() })
  return `/media/${name}`
}

async function close(media: Media): Promise<void> {
  const readers = [...media.readers]
  media.readers.clear()
  await Promise.allSettled(readers.map(reader => reader.cancel()))
}

/** Their addresses lead nowhere from now on. */
export function forgetMedia(): void {
  for (const media of open.values()) void close(media)
  open.clear()
}

async function serve(name: string, header: string | null, port: MessagePort): Promise<void> {
  const media = open.get(name)
  const say = (head: Head): void => port.postMessage(head)
  if (!media) return say(null)
  const { size } = media.ref
  const range = rangeOf(header, size)
  if (!range) return say({ status: 416, headers: { 'content-range': `bytes */${size}` } })
  const reader = (await media.read({ ...range, ahead: AHEAD })).getReader()
  media.readers.add(reader)
  const [oldest] = media.readers
  if (media.readers.size > READERS && oldest) await end(media, oldest)
  port.addEventListener('message', ({ data }) => void wished(media, reader, port, data as Wish))
  port.start()
  say({ status: range.partial ? 206 : 200, headers: headersOf(media.ref, range) })
}

async function wished(
  media: Media,
  reader: ReadableStreamDefaultReader<Uint8Array>,
  port: MessagePort,
  wish: Wish,
): Promise<void> {
  if (wish === 'stop') return end(media, reader)
  const say = (chunk: Chunk, transfer: Transferable[] = []): void => port.postMessage(chunk, transfer)
  try {
    const { value } = await reader.read()
    if (value) return say(value as Uint8Array<ArrayBuffer>, [value.buffer as ArrayBuffer])
    media.readers.delete(reader)
    say(null)
  } catch {
    media.readers.delete(reader)
    say('broken') // the player tells the person; what it was is in the record's own reading
  }
}

async function end(media: Media, reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  media.readers.delete(reader)
  await reader.cancel().catch(() => undefined)
}

const headersOf = ({ mediaType, size }: BlobRef, { start, end, partial }: ByteRange & { partial: boolean }) => ({
  'content-type': mediaType,
  'content-length': String(end - start),
  'accept-ranges': 'bytes',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; sandbox",
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  ...(partial && { 'content-range': `bytes ${start}-${end - 1}/${size}` }),
})

export const mediaApi: MediaApi = {
  media: async (ref, collection) => address(ref, range => openedVault().blobs.open(ref, collection, range)),
  viewMedia: async (row, ref) => address(ref, async range => openedVault().views.blob(row, ref, range)),
  async closeMedia(url) {
    const name = url.slice('/media/'.length)
    const media = open.get(name)
    open.delete(name)
    if (media) await close(media)
  },
  async serveMedia(name, range, port) {
    await serve(name, range, port).catch(() => port.postMessage(null satisfies Head))
  },
}
