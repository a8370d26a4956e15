/** The vault's own collections: their list is in the account, their contents behind their heads. */
import { AlveoleError, equal, fromBase64Url, order, random, toBase64Url, type Vector } from '#crypto'
import { isWithin } from '#vocab'
import type { AccountState, CollectionEntry } from '../account-state.ts'
import { folders, type Folders } from '../blobs/folders.ts'
import type { Checks } from '../checks.ts'
import type { Context } from '../context.ts'
import { checkCheckpoint } from '../marks.ts'
import { inParallel } from '../parallel.ts'
import { collectionUrl, headUrl } from '../paths.ts'
import type { BlobRef, CollectionId, CollectionInfo } from '../types.ts'
import { filesNeeded } from './files-needed.ts'
import type { How } from './how.ts'
import { segmentsWith, wornSegments } from './compaction.ts'
import { collectGarbage, type Collected } from './garbage.ts'
import { OwnCollection } from './own-collection.ts'
import { filesNow } from './own-files.ts'
import type { Write } from './pack.ts'

const FRESH = 30_000
/** So many epochs are put together. */
const MANY_EPOCHS = 64

/** Of a folder, by its name. */
export interface FolderGarbage extends Collected {
  collection: string
}

export class Collections {
  readonly #context: Context
  readonly #checks: Checks
  /** Where files of this opening are stored. */
  readonly folder: Folders
  readonly #open = new Map<CollectionId, OwnCollection>()
  /** Called when one comes on show. */
  onOpened: () => void = () => undefined

  constructor(context: Context, checks: Checks) {
    this.#context = context
    this.#checks = checks
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

  /** Loaded, and asked again where the last look is older than half a minute. */
  async open(id: CollectionId): Promise<OwnCollection> {
    const { pod, store, me, hlc, clock, account } = this.#context
    const entry = this.#entry(id)
    const collection = this.#open.get(id) ?? new OwnCollection(pod, store, me, entry.id, clock)
    if (!this.#open.has(id)) this.onOpened()
    this.#open.set(id, collection) // before anything is awaited: there is one of each
    const cited = this.cited(entry.id)
    await collection.readKept(cited, account.checkedAt) // the head itself is asked behind
    if (clock() - collection.loadedAt > FRESH || isBehind(collection, cited)) await collection.refresh()
    this.checkCited(collection, cited)
    hlc.saw(collection.index.last)
    return collection
  }

  /** Throws where the head that the pod serves is older than, or beside, the one that the account cited before it was asked for. */
  checkCited({ place, state, isStale }: OwnCollection, cited: Vector | undefined): void {
    if (isStale) return // no host's word, but this device's own copy
    checkCheckpoint(headUrl(place.container), state.head?.header.vector ?? null, cited)
  }

  /** To be taken before the head is asked for: another one may stand, and be cited, right after. */
  cited(id: Uint8Array): Vector | undefined {
    return this.#context.account.state.checkpoints.find(one => equal(one.collection, id))?.vector
  }

  /** Throws where the account is older than, or beside, the one that the head was decided on; no head proves nothing. */
  async checkAccount(id: CollectionId): Promise<void> {
    const collection = await this.open(id).catch((error: unknown) => {
      if (error instanceof AlveoleError) return null
      throw error
    })
    await this.#checks.decide(id, collection?.state.owner?.accountVector ?? [])
  }

  /** Those on show, by the URL of their heads. */
  get onShow(): Map<string, OwnCollection> {
    return new Map([...this.#open.values()].map(collection => [headUrl(collection.place.container), collection]))
  }

  /** Asks for the heads of those on show, one conditional request each; whether any is another than before. */
  async look(which: Iterable<OwnCollection> = this.#open.values()): Promise<boolean> {
    this.#context.me.checkOpen()
    const news = await inParallel([...which], async collection => {
      const [before, cited] = [collection.state.head, this.cited(collection.place.id)]
      await collection.refresh()
      this.checkCited(collection, cited)
      return collection.state.head !== before
    })
    return news.includes(true)
  }

  async openAll(): Promise<OwnCollection[]> {
    return inParallel(await this.list(), ({ id }) => this.open(id))
  }

  async write(id: CollectionId, writes: readonly Write[], onProgress?: (done: number) => void): Promise<void> {
    const collection = await this.open(id)
    await this.#commit(collection, writes, { needs: on => filesNeeded(on, writes, this.folder), onProgress })
    this.#context.changed()
  }

  async #commit(collection: OwnCollection, writes: readonly Write[], how: How): Promise<void> {
    const decide = () => this.#checks.decide(collection.id, collection.state.owner?.accountVector ?? [])
    await collection.commit(writes, decide, how)
    this.#checkpoint(collection)
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
    this.#context.changed()
  }

  /** Puts epochs together where there are many, and seals anew what is mostly superseded. */
  async #compacted(id: CollectionId): Promise<OwnCollection> {
    const collection = await this.open(id)
    const { state } = collection
    if (!state.owner || !state.manifest) return collection
    const isCrowded = state.owner.epochs.length > MANY_EPOCHS
    if (isCrowded) await this.#commit(collection, [], { merging: { before: Infinity, atLeast: 2 } })
    else if (await collection.reading(() => wornSegments(collection)))
      await this.#commit(collection, [], { rewrite: wornSegments })
    return collection
  }

  /** Compacts, and removes what nothing names any more; looks at each folder once a day at most, unless `always`. */
  async tidy({ always = false } = {}): Promise<FolderGarbage[]> {
    const { store, clock } = this.#context
    const found: FolderGarbage[] = []
    for (const { id, name, url } of await this.list()) {
      const collected = await collectGarbage({
        container: url,
        store,
        clock,
        always,
        open: () => this.#compacted(id),
        commit: (collection, condemn) => this.#commit(collection, [], { condemn }),
      })
      if (collected) found.push({ collection: name, ...collected })
    }
    return found
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

  /** Rides along with the account's next write: what later devices must find at least. */
  #checkpoint({ place, state }: OwnCollection): void {
    const vector = state.head?.header.vector
    if (!vector) return
    this.#context.account.defer(account => ({
      ...account,
      checkpoints: [
        ...account.checkpoints.filter(one => !equal(one.collection, place.id)),
        { collection: place.id, vector },
      ],
    }))
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
  }
}

/** The account was looked at since, and cites what another device wrote in between. */
const isBehind = ({ state, isStale }: OwnCollection, cited: Vector | undefined): boolean =>
  !isStale && cited !== undefined && order(state.head?.header.vector ?? [], cited) === 'before'

const namedIn = ({ collections }: AccountState, name: string): CollectionEntry | undefined =>
  collections.find(one => one.name.toLowerCase() === name.toLowerCase())

const taken = (): AlveoleError => new AlveoleError('taken', 'a folder of this name is there')
