/** The vault's own collections: their list is in the account, their contents behind their heads. */
import { AlveoleError, equal, fromBase64Url, random, toBase64Url } from '#crypto'
import type { AccountState, CollectionEntry } from '../account-state.ts'
import { Folders } from '../blobs/folders.ts'
import type { Checks } from '../checks.ts'
import type { Context } from '../context.ts'
import type { Telling } from '../feed/telling.ts'
import { checkSignal, inParallel } from '../parallel.ts'
import { collectionUrl, headUrl } from '../paths.ts'
import type { BlobRef, CollectionId, CollectionInfo } from '../types.ts'
import { everyCollection, isFolder } from '../selections/entries.ts'
import type { Around } from '../selections/selections.ts'
import { Checkpoints } from './checkpoints.ts'
import type { Decision } from './epochs.ts'
import { filesNeeded } from './files-needed.ts'
import { deleteNoted, erasure, leftBehind, objectsBefore } from './clearing.ts'
import { Deletions } from './deletions.ts'
import type { How, Standing } from './how.ts'
import { collectGarbage, type Collected, type Collector } from './garbage.ts'
import type { ListedFolder } from './newest.ts'
import { OwnCollection } from './own-collection.ts'
import { filesNow } from './own-files.ts'
import type { Write } from './pack.ts'
import { compact, relieve, type Commit } from './upkeep.ts'
import type { Rewrite } from './work.ts'

const FRESH = 30_000
/** A decision needs one more look where the account has just learnt of a newer head; none needs many. */
const LOOKS = 5

export interface RewrapProgress {
  /** From 0 to 1. */
  onProgress?: ((done: number) => void) | undefined
  signal?: AbortSignal | undefined
}

/** Of a folder, by its name. */
export interface FolderGarbage extends Collected {
  collection: string
}

export class Collections {
  readonly #context: Context
  readonly #checks: Checks
  /** What the circles that may read are told. */
  readonly telling: Telling
  /** What the account says of their heads. */
  readonly checkpoints: Checkpoints
  /** Where files are stored. */
  readonly folders: Folders
  readonly #deletions: Deletions
  readonly #open = new Map<CollectionId, OwnCollection>()
  /** A commit to records of a collection, with what is to happen before and after it. */
  around: (id: CollectionId, records: ReadonlySet<string>, how: Around) => Promise<void> = (
    _id,
    _records,
    { commit },
  ) => commit()
  /** Called when one comes on show. */
  onOpened: () => void = () => undefined

  constructor(context: Context, checks: Checks, telling: Telling) {
    this.#context = context
    this.#checks = checks
    this.telling = telling
    this.checkpoints = new Checkpoints(context)
    this.folders = new Folders(context.store, context.clock)
    this.#deletions = new Deletions(context.store)
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

  #info({ id, name }: Pick<CollectionEntry, 'id' | 'name'>): CollectionInfo {
    return { id: toBase64Url(id) as CollectionId, name, url: collectionUrl(this.#context.pod.storage, id) }
  }

  #entry(id: CollectionId): { id: Uint8Array } {
    const bytes = fromBase64Url(id)
    const entry = everyCollection(this.#context.account.state).find(candidate => equal(candidate.id, bytes))
    if (!entry) throw new AlveoleError('not-granted', 'no such folder')
    return entry
  }

  #shown(id: CollectionId): OwnCollection {
    const { pod, store, me, clock } = this.#context
    const collection = this.#open.get(id) ?? new OwnCollection(pod, store, me, this.#entry(id).id, clock)
    if (!this.#open.has(id) && this.#isFolder(id)) this.onOpened()
    this.#open.set(id, collection) // before anything is awaited: there is one of each
    return collection
  }

  /** Loaded, and asked again where the last look is older than half a minute, or than what the account has come to cite since. */
  async open(id: CollectionId): Promise<OwnCollection> {
    const { hlc, clock, account } = this.#context
    const collection = this.#shown(id)
    const cited = this.checkpoints.cited(collection.place.id)
    await collection.readKept(cited, account.checkedAt) // the head itself is asked behind
    const isDue = () => clock() - collection.loadedAt > FRESH || this.checkpoints.isBehind(collection)
    if (isDue()) await collection.refresh(isDue)
    this.checkpoints.check(collection, cited)
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

  /** Selections are looked at when their originals change, and with nobody's notice: another device may be ending one. */
  get #folders(): OwnCollection[] {
    return [...this.#open.values()].filter(({ id }) => this.#isFolder(id))
  }

  #isFolder(id: CollectionId): boolean {
    return isFolder(this.#context.account.state, id)
  }

  /** Those on show, by the URL of their heads. */
  get onShow(): Map<string, OwnCollection> {
    return new Map(this.#folders.map(collection => [headUrl(collection.place.container), collection]))
  }

  /** Asks for the heads of those on show, one conditional request each; whether any is another than before. */
  async look(which: Iterable<OwnCollection> = this.#folders): Promise<boolean> {
    this.#context.me.checkOpen()
    const news = await inParallel([...which], async collection => {
      const [before, cited] = [collection.state.head, this.checkpoints.cited(collection.place.id)]
      await collection.refresh()
      this.checkpoints.check(collection, cited)
      return collection.state.head !== before
    })
    return news.includes(true)
  }

  async openAll(): Promise<OwnCollection[]> {
    return inParallel(await this.list(), ({ id }) => this.open(id))
  }

  async write(id: CollectionId, writes: readonly Write[], onProgress?: (done: number) => void): Promise<void> {
    const collection = await this.open(id)
    const how = { needs: (on: Standing) => filesNeeded(on, writes, this.folders), onProgress }
    const commit = (): Promise<void> => this.#commit(collection, writes, how)
    await this.around(id, recordsOf(writes), { commit, erases: false })
    this.#context.changed()
  }

  async #commit(collection: OwnCollection, writes: readonly Write[], how: How): Promise<void> {
    await collection.commit(writes, refresh => this.#decide(collection, refresh), how)
    this.checkpoints.put(collection)
    this.telling.wrote(collection.place.id, collection.state)
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
      const cited = this.checkpoints.cited(collection.place.id)
      await refresh()
      this.checkpoints.check(collection, cited)
    }
    throw new AlveoleError('conflict', 'other devices write faster than this one decides')
  }

  /**
   * Segments that closed epochs are in are sealed anew under fresh ones, and the old deleted: what a former reader has keys of is
   * no more (R2). One commit a collection; done again, it goes on with those that were not reached, and with what was not deleted.
   */
  async rewrap(
    ids: readonly CollectionId[],
    before: number,
    { onProgress, signal }: RewrapProgress = {},
  ): Promise<void> {
    for (const [at, id] of ids.entries()) {
      checkSignal(signal)
      const report = (done: number): void => onProgress?.((at + done) / ids.length)
      await this.#clear(id, [], { merging: { before, atLeast: 1 }, onProgress: report, signal })
      report(1)
    }
  }

  /** Deletes records, every older version of them and their files, from the disk too; throws until nothing of them is left there. */
  async erase(id: CollectionId, writes: readonly Write[]): Promise<void> {
    const erased = recordsOf(writes)
    const rewrite = async (on: Standing): Promise<Rewrite> => {
      const { parts, ...segments } = await erasure(on, erased)
      await this.#deletions.note(id, parts)
      return segments
    }
    await this.around(id, erased, { commit: () => this.#clear(id, writes, { rewrite }), erases: true })
    await this.settle() // the account may list them
    this.#context.changed()
  }

  /** A commit after which all that no head names any more is deleted, whoever left it. */
  async #clear(id: CollectionId, writes: readonly Write[], how: How): Promise<void> {
    const collection = await this.open(id)
    const before = await objectsBefore(collection.place)
    await this.#commit(collection, writes, { ...how, drops: paths => this.#deletions.note(id, paths) })
    const known = await this.#deletions.of(id)
    await this.#deletions.note(id, await collection.reading(() => leftBehind(collection, before, known)))
    await deleteNoted(collection, this.#deletions)
  }

  /** Deletes what earlier openings of this device could not, or died before. */
  async finishDeletions(): Promise<void> {
    const { state } = this.#context.account
    for (const id of await this.#deletions.collections()) {
      const isThere = everyCollection(state).some(one => equal(one.id, fromBase64Url(id)))
      if (isThere) await deleteNoted(await this.open(id), this.#deletions)
      else await this.#deletions.forget(id, await this.#deletions.of(id)) // a selection that was ended, whole
    }
  }

  /**
   * Compacts, and removes what nothing names any more; looks at each folder once a day at most, unless `always`, and for many epochs
   * at all on show.
   */
  async tidy({ always = false } = {}): Promise<FolderGarbage[]> {
    const { store, clock, account } = this.#context
    const commit: Commit = (collection, how) => this.#commit(collection, [], how)
    await this.finishDeletions()
    for (const collection of this.#open.values()) await relieve(collection, commit)
    const found: FolderGarbage[] = []
    for (const { id, name, url } of everyCollection(account.state).map(entry => this.#info(entry))) {
      const open = async (): Promise<OwnCollection> => {
        const collection = await this.open(id)
        await compact(collection, commit, clock())
        return collection
      }
      const condemning: Collector['commit'] = (collection, condemn) => commit(collection, { condemn })
      const collected = await collectGarbage({ container: url, store, clock, always, open, commit: condemning })
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

  /** Whether what is written next, by the newest head known here, opens to this grant: until an epoch opens (SPEC K6). */
  isSealedTo(id: Uint8Array, grant: Uint8Array): boolean {
    this.#context.me.checkOpen()
    if (!everyCollection(this.#context.account.state).some(one => equal(one.id, id))) return false // a selection that went
    const open = this.#open.get(toBase64Url(id) as CollectionId)
    const known = open?.state.owner && !this.checkpoints.isBehind(open) ? open.state.owner.holders : null
    const holders = known?.map(holder => holder.grant) ?? this.checkpoints.holdersOf(id)
    return holders.some(one => equal(one, grant))
  }

  /** Writes the account's checkpoint, if anything waits for it, and tells the circles. */
  async settle(): Promise<void> {
    await this.checkpoints.list()
    await this.#context.account.settle()
    await this.telling.settle()
  }

  /** The epochs that a collection has now. */
  async epochsOf(id: CollectionId): Promise<{ collection: Uint8Array; epochs: Uint8Array[] }> {
    const { state } = await this.open(id)
    return { collection: fromBase64Url(id), epochs: state.owner?.epochs.map(epoch => epoch.id) ?? [] }
  }

  /** One that is no more. */
  forget(id: CollectionId): void {
    this.#context.me.checkOpen()
    this.#open.get(id)?.lock()
    this.#open.delete(id)
  }

  lock(): void {
    for (const collection of this.#open.values()) collection.lock()
    this.#open.clear()
    this.checkpoints.lock()
    this.telling.lock()
  }
}

const namedIn = ({ collections }: AccountState, name: string): CollectionEntry | undefined =>
  collections.find(one => one.name.toLowerCase() === name.toLowerCase())

const recordsOf = (writes: readonly Write[]): Set<string> => new Set(writes.map(({ record }) => record))

const taken = (): AlveoleError => new AlveoleError('taken', 'a folder of this name is there')
