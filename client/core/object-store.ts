/**
 * The ObjectStore port: copies of what a pod stores, on this device, so that nothing is fetched twice and a vault opens without
 * a network. Ciphertext only, by URL. It is a cache: it may lose anything at any time, above all what was not used for longest,
 * and it never holds more than its limit. What is put stands when the program ends; a power cut may take the last of it.
 * `tests/object-store-contract.ts` is its acceptance suite. cached-pod.ts decides what is kept, and checks what comes back.
 */
export interface ObjectStore {
  /** Bytes: never more is kept. */
  readonly limit: number
  /** Whether it is here now; counts as a use of it. */
  has(url: string): Promise<boolean>
  get(url: string): Promise<Uint8Array<ArrayBuffer> | null>
  put(url: string, bytes: Uint8Array): Promise<void>
  delete(url: string): Promise<void>
  /** What is kept now; bytes count no overhead. */
  size(): Promise<{ objects: number; bytes: number }>
}

export interface ObjectStoreOptions {
  /** Bytes. */
  limit?: number
  /** Milliseconds since 1970: what was used when, to the hour. */
  clock?: () => number
}

/** Bytes: about what the heads and segments of a million records weigh. */
export const OBJECTS_LIMIT = 512 * 1024 * 1024

export function memoryObjects({ limit = OBJECTS_LIMIT }: ObjectStoreOptions = {}): ObjectStore {
  /** The one used for longest first. */
  const kept = new Map<string, Uint8Array<ArrayBuffer>>()
  let total = 0
  const remove = (url: string): void => {
    total -= kept.get(url)?.length ?? 0
    kept.delete(url)
  }
  const add = (url: string, bytes: Uint8Array<ArrayBuffer>): void => {
    remove(url)
    if (bytes.length > limit) return
    for (const oldest of kept.keys()) if (total + bytes.length > limit) remove(oldest)
    kept.set(url, bytes)
    total += bytes.length
  }
  const use = (url: string): Uint8Array<ArrayBuffer> | undefined => {
    const found = kept.get(url)
    if (found) add(url, found)
    return found
  }
  return {
    limit,
    has: async url => use(url) !== undefined,
    get: async url => use(url)?.slice() ?? null,
    put: async (url, bytes) => add(url, Uint8Array.from(bytes)),
    delete: async url => remove(url),
    size: async () => ({ objects: kept.size, bytes: total }),
  }
}
