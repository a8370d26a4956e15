/**
 * What this device will want without a network, fetched before anybody asks for it (protocol §5, Offline): the segments of one's own
 * folders and the pages of the account, the newest first, as ciphertext, into the local store of objects. Behind whatever else is done: one request at a time,
 * none while another is under way, none while the network is to be spared; and what fails is fetched after another sync.
 */
import { AlveoleError, equal, type Reference } from '#crypto'
import type { CollectionEntry } from './account-state.ts'
import type { Collections } from './collections/collections.ts'
import { OwnCollection } from './collections/own-collection.ts'
import type { Context } from './context.ts'
import type { Line } from './line.ts'
import type { ObjectStore } from './object-store.ts'
import { accountPagesUrl, collectionUrl, headUrl, objectUrl } from './paths.ts'

/** Of the store: the rest is for what was looked at. */
const SHARE = 0.5

interface Wanted {
  url: string
  hash: Uint8Array
  size: number
}

export interface Ahead {
  objects: ObjectStore
  line: Line
  isMetered: () => boolean
}

export class FetchAhead {
  readonly #context: Context
  readonly #collections: Collections
  readonly #ahead: Ahead
  /** Something may be lacking. */
  #isDue = true
  #running: Promise<void> | null = null
  /** The folder that is looked at just now without being on show. */
  #aside: OwnCollection | null = null

  constructor(context: Context, collections: Collections, ahead: Ahead) {
    this.#context = context
    this.#collections = collections
    this.#ahead = ahead
  }

  /** After a sync; resolves when nothing is lacking, or it is not to go on. Nobody need wait, and no failure of pod or lock is thrown. */
  begin(isNews: boolean): Promise<void> {
    this.#isDue ||= isNews
    this.#running ??= this.#run().finally(() => (this.#running = null))
    return this.#running
  }

  async #run(): Promise<void> {
    try {
      while (this.#isDue) {
        this.#isDue = false // until it fails, or there are news meanwhile
        if (!(await this.#pass())) return void (this.#isDue = true)
      }
    } catch (error) {
      this.#isDue = true
      if (!(error instanceof AlveoleError)) throw error
    }
  }

  /** Whether it came to its end. */
  async #pass(): Promise<boolean> {
    const { pod, me } = this.#context
    const { objects } = this.#ahead
    let room = objects.limit * SHARE
    const wanted = await this.#wanted()
    for (const { url, hash, size } of wanted ?? []) {
      me.checkOpen()
      room -= size
      if (room < 0) break
      if (await objects.has(url).catch(() => true)) continue // a store that fails keeps nothing anyway
      if (!(await this.#mayGo())) return false
      await pod.get(url, { hash }) // kept if it is that; where it is not, who reads it is told
    }
    return wanted !== null
  }

  async #mayGo(): Promise<boolean> {
    await this.#ahead.line.idle()
    return !this.#ahead.isMetered()
  }

  /** The newest of each folder first, then the next of each. */
  async #wanted(): Promise<Wanted[] | null> {
    const { collections, pages } = this.#context.account.state
    const lists = [wantedOf(accountPagesUrl(this.#context.pod.storage), pages)]
    for (const entry of collections) {
      if (!(await this.#mayGo())) return null
      lists.push(await this.#listed(entry))
    }
    const ranked = lists.flatMap(list => list.map((one, rank) => ({ one, rank })))
    return ranked.sort((a, b) => a.rank - b.rank).map(({ one }) => one)
  }

  /** A folder that is not on show is looked at and let go: it is not asked for at every sync from now on. */
  async #listed({ id }: CollectionEntry): Promise<Wanted[]> {
    const { pod, store, me, clock, account } = this.#context
    const shown = this.#collections.onShow.get(headUrl(collectionUrl(pod.storage, id)))
    if (shown) return newestFirst(await this.#collections.open(shown.id))
    const collection = new OwnCollection(pod, store, me, id, clock)
    this.#aside = collection
    try {
      const cited = account.state.checkpoints.find(one => equal(one.collection, id))?.vector
      await collection.readKept(cited, account.checkedAt)
      if (collection.loadedAt === -Infinity) await collection.refresh()
      this.#collections.checkpoints.check(collection, cited)
      return await newestFirst(collection)
    } finally {
      this.lock()
    }
  }

  lock(): void {
    this.#aside?.lock()
    this.#aside = null
  }
}

async function newestFirst({ place, reader, state: { manifest } }: OwnCollection): Promise<Wanted[]> {
  return wantedOf(place.container, manifest ? await reader.list(manifest) : [])
}

const wantedOf = (container: string, named: readonly Pick<Reference, 'sealId' | 'hash' | 'size'>[]): Wanted[] =>
  named.toReversed().map(({ sealId, hash, size }) => ({ url: objectUrl(container, sealId), hash, size }))
