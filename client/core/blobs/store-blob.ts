/**
 * A file sealed in parts of at most 4 MiB, each an immutable object, sent side by side in bounded memory (SPEC B1–B7, protocol §5).
 * The record that the reference goes into is what makes the parts count.
 */
import {
  AlveoleError,
  CHUNK_BYTES,
  equal,
  PART_BYTES,
  random,
  release,
  sealBlobPage,
  sealPart,
  toBase64Url,
  type PartList,
} from '#crypto'
import { INLINE_PARTS, nameOf } from './ref.ts'
import { checkSignal, inParallel } from '../parallel.ts'
import { objectUrl } from '../paths.ts'
import type { Pod } from '../pod.ts'
import type { Patience } from '../retry.ts'
import type { BlobRef } from '../types.ts'
import { putPart } from './put-part.ts'
import type { Source } from './source.ts'
import { partCount, uploadName, type Upload, type UploadJournal } from './upload-journal.ts'
import type { Uplink } from './uplink.ts'

/** Parts under way at once, and bytes of them: a sent part stands in memory four or five times over on its way through a program. */
const [WIDTH, UNDER_WAY] = [4, 2 * PART_BYTES]
/** Names drawn for one part before a server that always says "taken" is left. */
const ATTEMPTS = 3

export interface BlobMeta {
  name: string
  mediaType: string
}
export interface Progress extends Patience {
  /** Bytes stored so far, those of an earlier attempt among them. */
  onProgress?: ((bytes: number) => void) | undefined
}

/** Where parts go. */
export interface Destination {
  pod: Pod
  /** The collection's. */
  container: string
  /** The folder that the object of this name goes to. */
  folder: (name: string) => Promise<string>
  uplink: Uplink
  /** Keeps what is stored of sources that have a name. */
  journal?: UploadJournal
}

export async function storeBlob(
  to: Destination,
  source: Source,
  meta: BlobMeta,
  { onProgress, ...patience }: Progress = {},
): Promise<BlobRef> {
  const { size } = source
  const upload = await beginUpload(to, source, patience)
  const { blob, key, partBytes } = upload
  let stored = 0
  const parts = await inParallel(
    Array.from({ length: partCount(size, partBytes) }, (_, index) => index),
    async index => {
      checkSignal(patience.signal)
      const [start, end] = [index * partBytes, Math.min(size, (index + 1) * partBytes)]
      const part = await storePart(to, source, upload, { index, start, end }, patience)
      onProgress?.((stored += end - start))
      return part
    },
    Math.min(WIDTH, UNDER_WAY / partBytes),
  )
  const smaller = partBytes < PART_BYTES ? { partBytes } : {}
  const base = { type: 'blob' as const, blob: toBase64Url(blob), key: toBase64Url(key), size, ...meta, ...smaller }
  if (parts.length <= INLINE_PARTS) return { ...base, parts: parts.map(nameOf) }
  const page = await putSealed(to, () => sealBlobPage(key, blob, parts), patience)
  return { ...base, page: nameOf(page) }
}

/** Of a source with a name and of several parts, what was begun before; else one that nothing is kept of. */
async function beginUpload(to: Destination, source: Source, patience: Patience): Promise<Upload> {
  const { journal, container, uplink } = to
  const { size, name, isRecorded } = source
  const partBytes = () => fittingPartBytes(to, size, patience)
  if (journal && name !== undefined && size > uplink.partBytes)
    return journal.begin(uploadName(container, name), size, { partBytes, isRecorded })
  return { blob: random(16), key: random(32), partBytes: await partBytes(), kept: null }
}

/** Before the first large file of an opening nothing is known of the line: a chunk of nothing is sent, to see. */
async function fittingPartBytes(to: Destination, size: number, patience: Patience): Promise<number> {
  if (size > PART_BYTES && to.uplink.bytesPerSecond === null) {
    const nothing = () => sealPart(random(32), random(16), 0, new Uint8Array(CHUNK_BYTES))
    const { url } = await putSealed(to, nothing, patience)
    await to.pod.delete(url)
  }
  return to.uplink.partBytes
}

async function storePart(
  to: Destination,
  source: Source,
  { blob, key, kept }: Upload,
  { index, start, end }: { index: number; start: number; end: number },
  patience: Patience,
): Promise<PartList[number]> {
  const known = kept?.get(index)
  // What changed meanwhile is sealed anew, under another seal id (E3, D7)
  if (known && (source.fixed || equal(known.plain, await plainHash(source, start, end)))) return known
  let plain = new Uint8Array()
  const seal = async (): Promise<Sealed> => {
    const bytes = await source.read(start, end)
    if (kept) plain = await sha256(bytes)
    const sealed = await sealPart(key, blob, index, bytes)
    release(bytes)
    return sealed
  }
  const part = named(await putSealed(to, seal, patience))
  await kept?.add({ index, ...part, plain })
  return part
}

async function plainHash(source: Source, start: number, end: number): Promise<Uint8Array> {
  const bytes = await source.read(start, end)
  const plain = await sha256(bytes)
  release(bytes)
  return plain
}

const sha256 = async (bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>))

interface Sealed {
  sealId: Uint8Array
  hash: Uint8Array
  bytes: Uint8Array
}
type Placed = PartList[number] & { url: string }

const named = ({ folder, sealId, hash }: Placed): PartList[number] => ({ folder, sealId, hash })

/** Sealed again, under another name, where something else stands under this one. */
async function putSealed(to: Destination, seal: () => Sealed | Promise<Sealed>, patience: Patience): Promise<Placed> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const { sealId, hash, bytes } = await seal()
    const folder = await to.folder(toBase64Url(sealId))
    const url = objectUrl(`${to.container}${folder}/`, sealId)
    const isThere = await putPart(to, url, bytes, patience)
    release(bytes)
    if (isThere) return { sealId, hash, folder, url }
  }
  throw new AlveoleError('conflict', 'the server has something under each name that was drawn')
}
