/** The vault's own collections: their list is in the account, their contents behind their heads. */
import { AlveoleError, equal, fromBase64Url, random, toBase64Url } from '#crypto'
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
import { namedFiles } from './named.ts'
import { collectGarbage } from './garbage.ts'
import { OwnCollection, type How } from './own-collection.ts'
import type { Write } from './pack.ts'

const FRESH = 30_000

export class Collections {
  readonly #context: Context
  readonly #checks: Checks
  /** Where files of this opening are stored. */
  readonly folder: Folders
  readonly #open = new Map<CollectionId, OwnCollection>()

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
    const { pod, store, me, hlc, clock } = this.#context
    const entry = this.#entry(id)
    const collection = this.#open.get(id) ?? new OwnCollection(pod, store, me, entry.id, clock)
    this.#open.set(id, collection) // before anything is awaited: there is one of each
    if (clock() - collection.loadedAt > FRESH) await collection.refresh()
    this.checkCited(collection)
    hlc.saw(collection.index.last)
    return collection
  }

  /** Throws where the head is older than, or beside, the one that the account cites. */
  checkCited({ place, state }: OwnCollection): void {
    const cited = this.#context.account.state.checkpoints.find(one => equal(one.collection, place.id))?.vector
    checkCheckpoint(headUrl(place.container), state.head?.header.vector ?? null, cited)
  }

  /** Throws where the account is older than, or beside, the one that the head was decided on; no head proves nothing. */
  async checkAccount(id: CollectionId): Promise<void> {
    const collection = await this.open(id).catch((error: unknown) => {
      if (error instanceof AlveoleError) return null
      throw error
    })
    await this.#checks.decide(id, collection?.state.owner?.accountVector ?? [])
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
    const decide = () => this.#checks.decide(collection.id, collection.state.owner?.accountVector ?? [])
    await collection.commit(writes, decide, how)
    this.#checkpoint(collection)
  }

  /** Removes what nothing names any more; looks at each folder once a day at most. */
  async tidy(): Promise<void> {
    const { store, clock } = this.#context
    for (const { id, url } of await this.list()) {
      await collectGarbage({
        container: url,
        store,
        clock,
        open: () => this.open(id),
        commit: (collection, condemn) => this.#commit(collection, [], { condemn }),
      })
    }
  }

  /** Throws `not-granted` where no record refers to this file any more: removed, or sealed anew by another device. */
  async checkNamed(id: CollectionId, { blob }: BlobRef): Promise<void> {
    const collection = await this.open(id)
    await collection.refresh()
    if (!namedFiles(collection.index).has(blob))
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
    const holding = all.filter(({ id, index }) =>
      [...index.records(id)].some(record => record.facets.some(leaf => facets.some(facet => isWithin(leaf, facet)))),
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

const namedIn = ({ collections }: AccountState, name: string): CollectionEntry | undefined =>
  collections.find(one => one.name.toLowerCase() === name.toLowerCase())

const taken = (): AlveoleError => new AlveoleError('taken', 'a folder of this name is there')
