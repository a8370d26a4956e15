/**
 * The Pod port: all that the core asks of a Solid server. `solid-pod.ts` and `memory-pod.ts` implement it and
 * `tests/pod-contract.ts` is its acceptance suite. URLs are absolute. ETags are opaque and strong.
 *
 * Errors are `AlveoleError`: `unauthorized` 401, `not-granted` 403, `conflict` 409 and 412, `too-large` 413, `busy` 429
 * and 503, `full` 507, `server` other 5xx (the outcome is unknown), `offline` no answer, `cancelled`.
 */
export interface PodReply {
  /** 304: `body` is empty and what the caller has is current. */
  status: 200 | 304
  /** Of exactly the bytes in `body`. */
  etag: string | null
  type: string
  body: Uint8Array<ArrayBuffer>
  /** From this device, because the pod does not answer: what was there when it last did (cached-pod.ts). */
  stale?: true
}

export interface GetOptions {
  ifNoneMatch?: string
  signal?: AbortSignal
  /** For a pod that is far away: its answer is under way, the body still comes. */
  begins?: () => void
  /** From the pod itself, whatever this device keeps. */
  fresh?: boolean
  /** Of the bytes that are asked for, where the caller knows it: others are not kept. */
  hash?: Uint8Array
}

export interface Condition {
  /** Only onto exactly this version. */
  ifMatch?: string
  /** Only where nothing is. */
  ifNoneMatch?: '*'
}

export interface Profile {
  name: string | null
  /** Root of the person's storage, ending in a slash. */
  storage: string | null
}

export interface Pod {
  readonly webId: string
  readonly storage: string
  /** null: nothing there (404, 410). */
  get(url: string, options?: GetOptions): Promise<PodReply | null>
  /** Of an object that changes, what this device keeps since a day at most, without a request; not where nothing is kept. */
  kept?(url: string): Promise<PodReply | null>
  /** The ETag of what was written, or null where the server does not say: then only a GET tells (protocol §5). */
  put(
    url: string,
    body: Uint8Array,
    options?: Condition & { type?: string; signal?: AbortSignal },
  ): Promise<{ etag: string | null }>
  /** Adds to a container; gives the URL that the server chose. */
  post(container: string, body: Uint8Array, options?: { type?: string }): Promise<string>
  /** Solid's N3 Patch, for the members document only. */
  patch(url: string, n3: string): Promise<void>
  /** Absent already is success. */
  delete(url: string): Promise<void>
  /** URLs of a container's children; null: no such container. */
  list(container: string): Promise<string[] | null>
  /** The URL of the access control list of a resource. */
  aclOf(url: string): Promise<string>
  /** Whether this server ends access by itself at `alv:validUntil`. */
  enforcesEnd(): Promise<boolean>
  /** Somebody's public profile; null: no such WebID. */
  profile(webId: string): Promise<Profile | null>
}
