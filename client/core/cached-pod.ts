/**
 * A pod behind the copies that this device keeps (protocol §5, Offline).
 *
 * - What lies in a collection, or beside the account, under a name of its own never changes: fetched once, it is answered from here without a request.
 *   Parts of files go through: they are large, and read once.
 * - The account and the heads change: the ETag that came with them makes the next request conditional, and 304 is answered
 *   from here. Where the pod does not answer, they are too, marked `stale`. Only what this device has verified is used, as its mark
 *   says (marks.ts): no altered or older state comes out of here, nor stays because the host served it once.
 *
 * Everything else is the pod's own.
 */
import { equal, hash, isCode } from '#crypto'
import { KeptObjects, type Kept } from './kept-objects.ts'
import type { ObjectStore } from './object-store.ts'
import type { Pod, PodReply } from './pod.ts'

/** Whether the body under this URL is what this device verified last. */
export type IsVerified = (url: string, body: Uint8Array) => Promise<boolean>

/** A head is asked for daily at least, whatever cites it (protocol §5); that it still stands is noted twice a day at most. */
const DAY = 24 * 3600_000

const ID = '[A-Za-z0-9_-]{22}'
const IMMUTABLE = new RegExp(`/alveole/(c/${ID}|account)/${ID}\\.alv$`)
const MUTABLE = new RegExp(`/alveole/(account|c/${ID}/head)\\.alv$`)

type Get = Pod['get']
type Options = NonNullable<Parameters<Get>[1]>

export function cachedPod(pod: Pod, objects: ObjectStore, isVerified: IsVerified, clock: () => number = Date.now): Pod {
  const cache = new Cache(pod, new KeptObjects(objects), isVerified, clock)
  return {
    webId: pod.webId,
    storage: pod.storage,
    get: (url, options) => cache.get(url, options),
    kept: url => cache.kept(url),
    put: (url, body, options) => cache.put(url, body, options),
    delete: url => cache.delete(url),
    post: (...args) => pod.post(...args),
    patch: (...args) => pod.patch(...args),
    list: container => pod.list(container),
    aclOf: url => pod.aclOf(url),
    enforcesEnd: () => pod.enforcesEnd(),
    profile: webId => pod.profile(webId),
  }
}

class Cache {
  readonly #pod: Pod
  readonly #objects: KeptObjects
  readonly #isVerified: IsVerified
  readonly #clock: () => number

  constructor(pod: Pod, objects: KeptObjects, isVerified: IsVerified, clock: () => number) {
    this.#pod = pod
    this.#objects = objects
    this.#isVerified = isVerified
    this.#clock = clock
  }

  get: Get = async (url, options = {}) => {
    if (IMMUTABLE.test(url)) return options.fresh ? this.#pod.get(url, options) : this.#immutable(url, options)
    return MUTABLE.test(url) ? this.#mutable(url, options) : this.#pod.get(url, options)
  }

  async #immutable(url: string, options: Options): Promise<PodReply | null> {
    const isWanted = (body: Uint8Array): boolean => !options.hash || equal(hash(body), options.hash)
    const kept = await this.#objects.read(url, isWanted)
    if (kept) return answer(kept, options)
    const reply = await this.#pod.get(url, options)
    if (reply?.status === 200 && isWanted(reply.body)) await this.#keep(url, reply)
    return reply
  }

  async #mutable(url: string, options: Options): Promise<PodReply | null> {
    const kept = options.fresh ? null : await this.#read(url)
    const ifNoneMatch = options.ifNoneMatch ?? kept?.etag ?? undefined
    try {
      const reply = await this.#pod.get(url, { ...options, ...(ifNoneMatch && { ifNoneMatch }) })
      if (reply?.status === 304)
        return kept && kept.etag === ifNoneMatch ? await this.#stands(url, kept, options) : reply
      if (reply) await this.#keep(url, reply)
      else await this.#objects.drop(url)
      return reply
    } catch (error) {
      if (isCode(error, 'not-granted')) await this.#objects.drop(url) // what was taken back is no longer shown
      if (!kept || !isCode(error, 'offline', 'busy', 'server')) throw error
      return { ...answer(kept, options), stale: true }
    }
  }

  async #stands(url: string, kept: Kept, options: Options): Promise<PodReply> {
    if (kept.at < this.#clock() - DAY / 2) await this.#keep(url, kept)
    return answer(kept, options)
  }

  #keep(url: string, { etag, type, body }: Omit<Kept, 'at'>): Promise<void> {
    return this.#objects.write(url, { etag, type, body, at: this.#clock() })
  }

  #read(url: string): Promise<Kept | null> {
    return this.#objects.read(url, body => this.#isVerified(url, body))
  }

  async kept(url: string): Promise<PodReply | null> {
    const kept = MUTABLE.test(url) ? await this.#read(url) : null
    return kept && kept.at > this.#clock() - DAY ? answer(kept, {}) : null
  }

  put: Pod['put'] = async (url, body, options) => {
    const keeps = IMMUTABLE.test(url) || MUTABLE.test(url)
    try {
      const { etag } = await this.#pod.put(url, body, options)
      if (keeps) await this.#keep(url, { etag, type: options?.type ?? '', body: new Uint8Array(body) })
      return { etag }
    } catch (error) {
      if (keeps && isCode(error, 'conflict')) await this.#objects.drop(url)
      throw error
    }
  }

  async delete(url: string): Promise<void> {
    await this.#objects.drop(url)
    await this.#pod.delete(url)
  }
}

function answer({ etag, type, body }: Kept, { ifNoneMatch, begins }: Options): PodReply {
  if (etag !== null && etag === ifNoneMatch) return { status: 304, etag, type, body: new Uint8Array() }
  begins?.()
  return { status: 200, etag, type, body }
}
