/** The vault's own collections: their list is in the account, their contents behind their heads. */
import { AlveoleError, equal, fromBase64Url, random, toBase64Url } from '#crypto'
import { isWithin } from '#vocab'
import type { AccountState, CollectionEntry } from '../account-state.ts'
import { folders, type Folders } from '../blobs/folders.ts'
import type { Checks } from '../checks.ts'
import type { Context } from '../context.ts'
import { inParallel } from '../parallel.ts'
import { collectionUrl, headUrl } from '../paths.ts'
import type { BlobRef, CollectionId, CollectionInfo } from '../types.ts'
import { Checkpoints } from './checkpoints.ts'
import type { Decision } from './epochs.ts'
import { filesNeeded } from './files-needed.ts'
import { segmentsWith, wornSegments } from './compaction.ts'
import { collectGarbage } from './garbage.ts'
import type { ListedFolder } from './newest.ts'
import { OwnCollection, type How } from './own-collection.ts'
import { filesNow } from './own-files.ts'
import type { Write } from './pack.ts'

const FRESH = 30_000
/** A decision needs one more look where the account has just learnt of a newer head; none needs many. */
const LOOKS = 5
/** So many epochs are put together. */
const MANY_EPOCHS = 64

export class Collections {
  readonly #context: Context
  readonly #checks: Checks
  /** What the account says of their heads. */
  readonly checkpoints: Checkpoints
  /** Where files of this opening are stored. */
  readonly folder: Folders
  readonly #open = new Map<CollectionId, OwnCollection>()
  /** Called when one comes on show. */
  onOpened: () => void = () => undefined

  constructor(context: Context, checks: Checks) {
    this.#context = context
    this.#checks = checks
    this.checkpoints = new Checkpoints(context)
    this.folder = folders(context.clock)
  }

  async list(): Promise<CollectionInfo[]> {
    return this.#context.account.state.collections.map(entry => this.#info(entry))
  }

  async create(name: string): Promise<CollectionInfo> {
    const { account, clock, changed } = this.#context
    const wanted = name.trim()
    if (!wanted) throw new AlveoleError('usage', 'a folder has a name')
    if (namedIn(account.state, wanted)) throw taken()
    const entry: CollectionEntry = { id: random(16), name: wanted, created: clock() }
    await account.change(state => {
      if (namedIn(state, wanted)) throw taken() // by another device, or by an attempt that failed after it was written
      return { ...state, collections: [...state.collections, entry] }
    })
    changed()
    return this.#info(entry)
  }

  /** By name, id or address. */
  async find(nameOrId: string): Promise<CollectionInfo | null> {
    const found = (await this.list()).find(({ id, url }) => id === nameOrId || url === nameOrId)
    const named = namedIn(this.#context.account.state, nameOrId.trim())
    return found ?? (named ? this.#info(named) : null)
  }

  #info({ id, name }: CollectionEntry): CollectionInfo {
    return { id: toBase64Url(id) as CollectionId, name, url: collectionUrl(this.#context.pod.storage, id) }
  }

  #entry(id: CollectionId): CollectionEntry {
    const bytes = fromBase64Url(id)
    const entry = this.#context.account.state.collections.find(candidate => equal(candidate.id, bytes))
    if (!entry) throw new AlveoleError('not-granted', 'no such folder')
    return entry
  }

  #shown(id: CollectionId): OwnCollection {
    const { pod, store, me, clock } = this.#context
    const collection = this.#open.get(id) ?? new OwnCollection(pod, store, me, this.#entry(id).id, clock)
    if (!this.#open.has(id)) this.onOpened()
    this.#open.set(id, collection) // before anything is awaited: there is one of each
    return collection
  }

  /** Loaded, and asked again where the last look is older than half a minute. */
  async open(id: CollectionId): Promise<OwnCollection> {
    const { hlc, clock, account } = this.#context
    const collection = this.#shown(id)
    await collection.readKept(this.checkpoints.cited(collection.place.id), account.checkedAt) // the head itself is asked behind
    if (clock() - collection.loadedAt > FRESH) await collection.refresh()
    this.checkpoints.check(collection)
    hlc.saw(collection.index.last)
    return collection
  }

  /** What the account lists of one that was not loaded yet, as of the look at it, on show from now on; null: it is to be opened. */
  async listed(id: CollectionId): Promise<ListedFolder | null> {
    const { account, clock } = this.#context
    if ((this.#open.get(id)?.loadedAt ?? -Infinity) > -Infinity || clock() - account.checkedAt > FRESH) return null
    return this.checkpoints.listed(id, this.#shown(id).place.container)
  }

  /** Throws where the account is older than, or beside, the one that the head was decided on; no head proves nothing. */
  async checkAccount(id: CollectionId): Promise<void> {
    const collection = await this.open(id).catch((error: unknown) => {
      if (error instanceof AlveoleError) return null
      throw error
    })
    await this.#checks.decide(id, collection?.state.owner ?? null)
  }

  /** Those on show, by the URL of their heads. */
  get onShow(): Map<string, OwnCollection> {
    return new Map([...this.#open.values()].map(collection => [headUrl(collection.place.container), collection]))
  }

  /** Asks for the heads of those on show, one conditional request each; whether any is another than before. */
  async look(which: Iterable<OwnCollection> = this.#open.values()): Promise<boolean> {
    this.#context.me.checkOpen()
    const news = await inParallel([...which], async collection => {
      const before = collection.state.head
      await collection.refresh()
      this.checkpoints.check(collection)
      return collection.state.head !== before
    })
    return news.includes(true)
  }

  async openAll(): Promise<OwnCollection[]> {
    return inParallel(await this.list(), ({ id }) => this.open(id))
  }

  async write(id: CollectionId, writes: readonly Write[], onProgress?: (done: number) => void): Promise<void> {
    const collection = await this.open(id)
    await this.#commit(collection, writes, { needs: () => filesNeeded(collection, writes, this.folder), onProgress })
    this.#context.changed()
  }

  async #commit(collection: OwnCollection, writes: readonly Write[], how: How): Promise<void> {
    await collection.commit(writes, refresh => this.#decide(collection, refresh), how)
    this.checkpoints.put(collection)
  }

  /**
   * On the newest head that anything cites (H10), at each attempt: never on this device's copy alone, nor on a head that the
   * account, which may just have been asked again, knows to be old. One that was asked for after it and is still older is the host's.
   */
  async #decide(collection: OwnCollection, refresh: () => Promise<void>): Promise<Decision> {
    for (let look = 0; look < LOOKS; look++) {
      if (collection.isStale) throw new AlveoleError('offline', 'the newest head is not known')
      const decision = await this.#checks.decide(collection.id, collection.state.owner)
      if (this.checkpoints.isCurrent(collection)) return decision
      await refresh()
      this.checkpoints.check(collection)
    }
    throw new AlveoleError('conflict', 'other devices write faster than this one decides')
  }

  /**
   * Segments that closed epochs are in are sealed anew under fresh ones, and the old deleted: what a former reader has keys of is
   * no more (R2). One commit a collection; done again, it goes on with those that were not reached.
   */
  async rewrap(ids: readonly CollectionId[], before: number, onProgress?: (done: number) => void): Promise<void> {
    for (const [at, id] of ids.entries()) {
      const report = (done: number): void => onProgress?.((at + done) / ids.length)
      await this.#commit(await this.open(id), [], { merging: { before, atLeast: 1 }, onProgress: report })
      report(1)
    }
  }

  /** Deletes records and every older version of them, from the disk too; their files are the caller's to delete. */
  async erase(id: CollectionId, writes: readonly Write[]): Promise<void> {
    const erased = new Set(writes.map(({ record }) => record))
    await this.#commit(await this.open(id), writes, { rewrite: on => segmentsWith(on, erased) })
    await this.settle() // the account may list them
    this.#context.changed()
  }

  /** Puts epochs together where there are many, and seals anew what is mostly superseded. */
  async #compacted(id: CollectionId): Promise<OwnCollection> {
    const collection = await this.open(id)
    const { state, index, reader, runs } = collection
    if (!state.owner || !state.manifest) return collection
    const isCrowded = state.owner.epochs.length > MANY_EPOCHS
    if (isCrowded) await this.#commit(collection, [], { merging: { before: Infinity, atLeast: 2 } })
    const worn = wornSegments(await reader.list(state.manifest), index, runs)
    if (!isCrowded && worn.length)
      await this.#commit(collection, [], { rewrite: async () => ({ inputs: worn, erased: new Set() }) })
    return collection
  }

  /** Compacts, and removes what nothing names any more; looks at each folder once a day at most. */
  async tidy(): Promise<void> {
    const { store, clock } = this.#context
    for (const { id, url } of await this.list()) {
      await collectGarbage({
        container: url,
        store,
        clock,
        open: () => this.#compacted(id),
        commit: (collection, condemn) => this.#commit(collection, [], { condemn }),
      })
    }
  }

  /** Throws `not-granted` where no record refers to this file any more: removed, or sealed anew by another device. */
  async checkNamed(id: CollectionId, { blob }: BlobRef): Promise<void> {
    const collection = await this.open(id)
    await collection.refresh()
    if (!(await filesNow(collection)).has(blob))
      throw new AlveoleError('not-granted', 'a file that no record refers to any more')
  }

  /** Gives keyring and epochs the shape that the account's grants want, with nothing written. */
  bringInLine(id: CollectionId): Promise<void> {
    return this.write(id, [])
  }

  /** Writes the account's checkpoint, if anything waits for it. */
  async settle(): Promise<void> {
    await this.checkpoints.list()
    await this.#context.account.settle()
  }

  /** The collections that hold something within one of the facets; all, where none does. */
  async holding(facets: readonly string[]): Promise<CollectionId[]> {
    const all = await this.openAll()
    const holding = all.filter(({ index }) =>
      [...index.rows()].some(
        row =>
          row.summary.kind !== null && row.summary.facets.some(leaf => facets.some(facet => isWithin(leaf, facet))),
      ),
    )
    return (holding.length ? holding : all).map(({ id }) => id)
  }

  /** The epochs that a collection has now. */
  async epochsOf(id: CollectionId): Promise<{ collection: Uint8Array; epochs: Uint8Array[] }> {
    const { state } = await this.open(id)
    return { collection: fromBase64Url(id), epochs: state.owner?.epochs.map(epoch => epoch.id) ?? [] }
  }

  lock(): void {
    for (const collection of this.#open.values()) collection.lock()
    this.#open.clear()
    this.checkpoints.lock()
  }
}

const namedIn = ({ collections }: AccountState, name: string): CollectionEntry | undefined =>
  collections.find(one => one.name.toLowerCase() === name.toLowerCase())

const taken = (): AlveoleError => new AlveoleError('taken', 'a folder of this name is there')
