/**
 * What stands in the local store of objects, and whether it may be used. An entry carries its own hash: a disk that altered it is
 * no host that tampered, so that it is dropped, and asked for again. And the store failing never fails anything: it is a cache.
 *
 *   hash(content) ‖ content,  content = [URL, ETag or null, type, when the pod last said so (ms), body]
 */
import { bytes, concat, decode, encode, equal, hash, optional, struct, text, uint } from '#crypto'
import type { ObjectStore } from './object-store.ts'
import type { PodReply } from './pod.ts'

const HASH_BYTES = 32
const format = struct({ url: text, etag: optional(text), type: text, at: uint, body: bytes })

export interface Kept extends Omit<PodReply, 'status' | 'stale'> {
  /** When the pod last said that this is what it has; milliseconds since 1970. */
  at: number
}

export class KeptObjects {
  readonly #objects: ObjectStore

  constructor(objects: ObjectStore) {
    this.#objects = objects
  }

  /** `isWanted`: whether the body is the one to use; it is dropped where not. */
  async read(url: string, isWanted: (body: Uint8Array) => boolean | Promise<boolean>): Promise<Kept | null> {
    const stored = await this.#objects.get(url).catch(() => null)
    if (!stored) return null
    const kept = opened(url, stored)
    if (kept && (await isWanted(kept.body))) return kept
    await this.drop(url)
    return null
  }

  async write(url: string, { etag, type, at, body }: Kept): Promise<void> {
    const content = encode(format, { url, etag, type, at, body })
    await this.#objects.put(url, concat(hash(content), content)).catch(() => undefined)
  }

  async drop(url: string): Promise<void> {
    await this.#objects.delete(url).catch(() => undefined)
  }
}

function opened(url: string, stored: Uint8Array): Kept | null {
  const content = stored.subarray(HASH_BYTES)
  if (!equal(hash(content), stored.subarray(0, HASH_BYTES))) return null
  const { url: of, body, ...about } = decode(format, content)
  return of === url ? { ...about, body: new Uint8Array(body) } : null
}
