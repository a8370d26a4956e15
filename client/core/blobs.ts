/**
 * Blobs: files sealed in parts of at most 4 MiB, each an immutable object, streamed both ways in bounded memory (SPEC B1–B7,
 * protocol §5).
 */
import {
  AlveoleError,
  fromBase64Url,
  isCode,
  openBlobPage,
  openPart,
  PART_BYTES,
  random,
  sealBlobPage,
  sealPart,
  toBase64Url,
  type PartList,
} from '#crypto'
import type { Part } from './blob-refs.ts'
import { checkSignal, inParallel } from './parallel.ts'
import { MEDIA_TYPE, objectUrl } from './paths.ts'
import type { Pod } from './pod.ts'
import type { BlobRef } from './types.ts'

/** Containers stay under 256 entries. */
const FOLDER_ENTRIES = 256
/** Milliseconds; what was stored longer ago is looked for again before anything refers to it (protocol §5, Garbage). */
const RECENT = 24 * 3600_000
/** Longer lists stand in a page of their own. */
const INLINE_PARTS = 32
/** Requests under way at once. */
const WIDTH = 4
/** Parts that a reader holds or waits for, at most. */
const AHEAD = 8

export interface BlobMeta {
  name: string
  mediaType: string
}
export interface Progress {
  onProgress?: (bytes: number) => void
  signal?: AbortSignal
}
export interface ByteRange {
  start: number
  /** Exclusive. */
  end: number
}

/** Names folders for parts: a new one when the last is full. Shared by all blobs of one opening. */
export type Folders = (() => string) & {
  /** Whether all that stands in it was stored by this opening, less than a day ago. */
  isRecent(folder: string): boolean
}

export function folders(clock: () => number = Date.now): Folders {
  const drawn = new Map<string, number>()
  let [name, entries] = ['', FOLDER_ENTRIES]
  const isRecent = (folder: string): boolean => clock() - (drawn.get(folder) ?? -Infinity) < RECENT
  const next = (): string => {
    if (entries === FOLDER_ENTRIES || !isRecent(name)) {
      ;[name, entries] = [toBase64Url(random(16)), 0]
      drawn.set(name, clock())
    }
    entries++
    return name
  }
  return Object.assign(next, { isRecent })
}

/** Stores all parts; the record that the reference goes into is what makes them count. */
export async function storeBlob(
  pod: Pod,
  container: string,
  folder: () => string,
  blob: Blob,
  meta: BlobMeta,
  { onProgress, signal }: Progress = {},
): Promise<BlobRef> {
  const [id, key] = [random(16), random(32)]
  let stored = 0
  const count = Math.max(1, Math.ceil(blob.size / PART_BYTES))
  const parts = await inParallel(
    Array.from({ length: count }, (_, index) => index),
    async index => {
      checkSignal(signal)
      const plain = await slice(blob, index * PART_BYTES)
      const part = await sealPart(key, id, index, plain)
      const into = folder()
      await putPart(pod, objectUrl(`${container}${into}/`, part.sealId), part.bytes, signal)
      onProgress?.((stored += plain.length))
      return { folder: into, sealId: part.sealId, hash: part.hash }
    },
    WIDTH,
  )
  const base = { type: 'blob' as const, blob: toBase64Url(id), key: toBase64Url(key), size: blob.size, ...meta }
  if (parts.length <= INLINE_PARTS) return { ...base, parts: parts.map(nameOf) }
  const page = sealBlobPage(key, id, parts)
  const into = folder()
  await putPart(pod, objectUrl(`${container}${into}/`, page.sealId), page.bytes, signal)
  return { ...base, page: nameOf({ ...page, folder: into }) }
}

const nameOf = ({ folder, sealId, hash }: PartList[number]): Part => ({
  folder,
  name: toBase64Url(sealId),
  hash: toBase64Url(hash),
})

async function slice(blob: Blob, at: number): Promise<Uint8Array> {
  const expected = Math.min(PART_BYTES, blob.size - at)
  try {
    const bytes = new Uint8Array(await blob.slice(at, at + expected).arrayBuffer())
    if (bytes.length === expected) return bytes
  } catch (error) {
    throw new AlveoleError('source-changed', 'the file changed or went while it was read', { cause: error })
  }
  throw new AlveoleError('source-changed', 'the file changed while it was read')
}

/** A fresh name: if it is there after an unclear answer, it is ours. */
async function putPart(pod: Pod, url: string, bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
  try {
    await pod.put(url, bytes, { ifNoneMatch: '*', type: MEDIA_TYPE, ...(signal && { signal }) })
  } catch (error) {
    if (!isCode(error, 'server')) throw error
    if ((await pod.get(url))?.body.length !== bytes.length) throw error
  }
}

/** Whether this is base64url of so many bytes. */
const spells = (text: unknown, bytes: 16 | 32): boolean =>
  typeof text === 'string' && /^[A-Za-z0-9_-]+$/.test(text) && text.length === Math.ceil((bytes * 8) / 6)

/** A reference comes out of somebody's record: it may name nothing but a blob part of that collection (A21, A27). */
function partUrl(container: string, { folder, name, hash }: Part): string {
  if (!spells(folder, 16) || !spells(name, 16) || !spells(hash, 32))
    throw new AlveoleError('tampered', 'not the name of a blob part')
  return `${container}${folder}/${name}.alv`
}

async function partsOf(pod: Pod, container: string, ref: BlobRef): Promise<Part[]> {
  if (!spells(ref.blob, 16) || !spells(ref.key, 32)) throw new AlveoleError('tampered', 'not a reference to a blob')
  if (ref.parts) return ref.parts
  const { page } = ref
  if (!page) throw new AlveoleError('tampered', 'a blob without parts')
  const reply = await pod.get(partUrl(container, page))
  if (!reply) throw new AlveoleError('tampered', 'a blob page is gone')
  const list = openBlobPage(fromBase64Url(ref.key), fromBase64Url(ref.blob), fromBase64Url(page.hash), reply.body)
  return list.map(nameOf)
}

/** Every object of a blob: its parts, and the page that lists them if there is one. */
export async function objectsOf(pod: Pod, container: string, ref: BlobRef): Promise<Part[]> {
  return [...(ref.page ? [ref.page] : []), ...(await partsOf(pod, container, ref))]
}

async function fetchPart(
  pod: Pod,
  container: string,
  ref: BlobRef,
  index: number,
  part: Part | undefined,
  { begins, arrives }: { begins: () => void; arrives: () => void },
): Promise<Uint8Array> {
  if (!part) throw new AlveoleError('tampered', 'a blob part is missing')
  const reply = await pod.get(partUrl(container, part), { begins })
  if (!reply) throw new AlveoleError('tampered', 'a blob part is gone')
  arrives()
  const expected = {
    blob: fromBase64Url(ref.blob),
    sealId: fromBase64Url(part.name),
    index,
    hash: fromBase64Url(part.hash),
  }
  return openPart(fromBase64Url(ref.key), expected, reply.body)
}

/**
 * Bytes come out in order, whole parts checked before any of theirs. So that the line is never idle, the next part is asked
 * for as soon as one is here, before that one is opened; and each only once the answer before it has begun, since parts that
 * start together end together.
 */
export function openBlob(
  pod: Pod,
  container: string,
  ref: BlobRef,
  range?: ByteRange,
  signal?: AbortSignal,
): ReadableStream<Uint8Array> {
  const [start, end] = [Math.max(0, range?.start ?? 0), Math.min(ref.size, range?.end ?? ref.size)]
  const last = Math.max(0, Math.ceil(end / PART_BYTES) - 1)
  let parts: Part[] | null = null
  let next = Math.floor(start / PART_BYTES)
  let [underWay, asking] = [0, false]
  const ahead: Promise<Uint8Array>[] = []
  const fetchAhead = (list: Part[]): void => {
    if (asking || underWay === WIDTH || ahead.length === AHEAD || next > last) return
    const index = next++
    underWay++
    asking = true
    const goOn = (): void => {
      asking = false
      fetchAhead(list)
    }
    const arrives = (): void => {
      underWay--
      goOn()
    }
    const bytes = fetchPart(pod, container, ref, index, list[index], { begins: goOn, arrives })
    bytes.catch(() => undefined) // told when its turn comes
    ahead.push(bytes)
  }
  let at = next
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        checkSignal(signal) // also where parts are here already
        parts ??= await partsOf(pod, container, ref)
        if (!range && parts.length !== Math.max(1, Math.ceil(ref.size / PART_BYTES)))
          throw new AlveoleError('tampered', 'a blob of another length')
        fetchAhead(parts)
        const bytes = await ahead.shift()
        if (!bytes) return controller.close()
        const from = at++ * PART_BYTES
        if (bytes.length !== Math.min(PART_BYTES, ref.size - from))
          throw new AlveoleError('tampered', 'a blob part of another length')
        const wanted = bytes.subarray(Math.max(0, start - from), Math.max(0, end - from))
        if (wanted.length) controller.enqueue(wanted)
        else if (at > last) controller.close()
      },
    },
    { highWaterMark: 0 },
  )
}
