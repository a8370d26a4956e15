/**
 * Selections (protocol §6, SPEC Z): copies of chosen records in a collection of their own, for whoever is to read these and nothing
 * beside them. The account says first what a selection is of; whoever opens it finishes what is under way, as with grants.
 */
import { AlveoleError, equal, isCode } from '#crypto'
import type { SelectionEntry } from '../account-state.ts'
import type { Files } from '../blobs/files.ts'
import type { Collections } from '../collections/collections.ts'
import type { Row } from '../collections/own-index.ts'
import type { Context } from '../context.ts'
import { trying } from '../failures.ts'
import { collectionUrl } from '../paths.ts'
import { checkFacets } from '../grants/terms.ts'
import type { CollectionId, RecordId, SelectionInfo } from '../types.ts'
import { bringUp, type BringUp } from './bring-up.ts'
import { plainCopying, type Copying } from './copying.ts'
import { deidentifiedCopying } from './deidentified.ts'
import { drawSelection } from './draw.ts'
import { deleteSelection } from './end.ts'
import { collectionOf, followersOf, isRead, moved, originalsOf, selectionNamed, unused, without } from './entries.ts'
import { infoOf } from './info.ts'
import { FollowNote } from './note.ts'

const DAY = 24 * 3600_000

export interface SelectionRequest {
  records: readonly RecordId[]
  /** Concepts; all but the sensitive where not given. */
  facets?: readonly string[]
  /** As the originals are from now on, unless told. */
  follow?: boolean
  deidentified?: boolean
}

export class Selections {
  readonly #context: Context
  readonly #collections: Collections
  readonly #files: Files
  readonly #note: FollowNote
  /** Of each selection the cells of its originals, by their stamps, as it was last brought up to them. */
  readonly #known = new Map<CollectionId, ReadonlyMap<string, string>>()

  constructor(context: Context, collections: Collections, files: Files) {
    this.#context = context
    this.#collections = collections
    this.#files = files
    this.#note = new FollowNote(context.store)
    collections.around = (id, records, commit) => this.#around(id, records, commit)
  }

  /** One that nobody may read yet, and that stays until it is ended. */
  async make(request: SelectionRequest): Promise<SelectionInfo> {
    const entry = await this.draw(request, true)
    await this.#context.account.change(state => ({ ...state, selections: [...state.selections, entry] }))
    await this.fill(collectionOf(entry))
    return infoOf(this.#context.account.state, this.#entry(collectionOf(entry)))
  }

  list(): SelectionInfo[] {
    const { state } = this.#context.account
    return state.selections.filter(entry => entry.state !== 'ending').map(entry => infoOf(state, entry))
  }

  /** Throws `refused` while somebody may read it. */
  async end(id: CollectionId): Promise<void> {
    const { account } = this.#context
    const entry = this.#entry(id)
    await account.change(state => {
      if (state.grants.some(grant => isRead(grant, entry)))
        throw new AlveoleError('refused', 'end the grants of it first')
      return moved(state, entry.id, 'ending')
    })
    await this.#drop(entry)
    this.#context.changed()
  }

  /** For a grant or for itself; to be written into the account by who asks. */
  draw(
    { records, facets, follow = true, deidentified = false }: SelectionRequest,
    kept: boolean,
  ): Promise<SelectionEntry> {
    const terms = { records, facets: checkFacets(facets), follow, deidentified, kept }
    return drawSelection(this.#collections, terms, this.#context.clock())
  }

  /** What a collection is a selection of; null: it is none, or ended. */
  of(id: CollectionId): SelectionEntry | null {
    return selectionNamed(this.#context.account.state, id)
  }

  /**
   * Copies what a new one is of, before anybody may read it. One commit brings all of it: of a snapshot that has any record all is
   * there, and it is not looked at again. A head alone says nothing: the removal of a device signs one (devices.ts).
   */
  async fill(id: CollectionId): Promise<void> {
    const entry = this.of(id)
    if (entry?.state !== 'making') return
    const isFilled = !entry.follows && !(await this.#collections.open(id)).index.isEmpty
    if (!isFilled) await bringUp(this.#collections, entry, this.#copying(entry), this.#stamp)
    await this.#context.account.change(state => moved(state, entry.id, 'standing'))
  }

  /** A write of originals, and what follows of it. What cannot be brought up to date now is noted, and stands in no write's way. */
  async #around(id: CollectionId, records: ReadonlySet<string>, { commit, erases }: Around): Promise<void> {
    const behind = followersOf(this.#context.account.state, id, records)
    if (!behind.length) return commit()
    await this.#note.begin(behind.map(one => one.id))
    const due = new Set(behind)
    const follow = async (entry: SelectionEntry): Promise<void> => {
      await this.#follow(entry, { isWanted: record => records.has(record), erases })
      due.delete(entry)
      await this.#note.end(entry.id)
      if (this.#note.debt(entry.id).isOwed) await trying(() => this.#makeUp(entry.id, entry))
    }
    try {
      await commit()
      for (const entry of behind) await (erases ? follow(entry) : trying(() => follow(entry)))
    } finally {
      for (const entry of due) this.#note.leave(entry.id)
    }
  }

  async #follow(entry: SelectionEntry, how: BringUp): Promise<void> {
    try {
      await bringUp(this.#collections, entry, this.#copying(entry), this.#stamp, how)
    } catch (error) {
      if (!(await this.#isEnded(entry, error))) throw error
    }
  }

  /** Whatever was left behind, of all its originals. */
  async #makeUp(id: Uint8Array, entry: SelectionEntry | undefined): Promise<void> {
    const { left } = this.#note.debt(id)
    if (entry) await this.#follow(entry, { sweeps: true })
    await this.#note.madeUp(id, left)
  }

  /** By another device meanwhile, which deletes it: what this one has just stored goes too. */
  async #isEnded({ id }: SelectionEntry, error: unknown): Promise<boolean> {
    const { account, pod } = this.#context
    if (!isCode(error, 'rolled-back', 'not-granted')) return false
    await account.refresh()
    if (account.state.selections.some(one => equal(one.id, id) && one.state !== 'ending')) return false
    await deleteSelection(pod, collectionUrl(pod.storage, id))
    return true
  }

  /**
   * What another device wrote that knew nothing of those that follow, or died after: of the folders that `isLookedAt` says, and of
   * records that changed since this opening saw them last.
   */
  async catchUp(isLookedAt: (folder: CollectionId) => boolean): Promise<void> {
    for (const entry of this.#context.account.state.selections)
      if (entry.follows && entry.state === 'standing') await trying(() => this.#catchUp(entry, isLookedAt))
  }

  async #catchUp(entry: SelectionEntry, isLookedAt: (folder: CollectionId) => boolean): Promise<void> {
    const now = new Map<string, string>()
    for (const { collection, records } of originalsOf(entry).filter(one => isLookedAt(one.collection))) {
      const { index } = await this.#collections.open(collection)
      for (const record of records) now.set(record, stampsOf(index.row(record)))
    }
    const known = this.#known.get(collectionOf(entry)) ?? new Map<string, string>()
    const isWanted = (record: RecordId): boolean => now.has(record) && now.get(record) !== known.get(record)
    if (![...now.keys()].some(record => isWanted(record as RecordId))) return
    await this.#follow(entry, { isWanted })
    this.#known.set(collectionOf(entry), new Map([...known, ...now]))
  }

  /** Once a day at most: an opening that knows nothing yet reads every original. */
  async tidy(): Promise<void> {
    await this.resume()
    const { clock } = this.#context
    const since = clock() - ((await this.#note.lookedAt()) ?? -Infinity)
    if (since >= 0 && since < DAY) return // a clock that was ahead makes it due too
    await this.catchUp(() => true)
    await this.#note.looked(clock())
  }

  lock(): void {
    this.#known.clear()
    this.#note.lock()
  }

  /** After a crash or on another device: what was begun is finished, and what nobody may read any more goes. */
  async resume(): Promise<void> {
    const { account } = this.#context
    for (const id of await this.#note.read()) {
      const entry = account.state.selections.find(one => equal(one.id, id) && one.state === 'standing')
      await trying(() => this.#makeUp(id, entry))
    }
    for (const entry of account.state.selections)
      if (entry.kept && entry.state === 'making') await trying(() => this.fill(collectionOf(entry)))
    await this.endUnused()
  }

  /** Those whose last grant ended are no more, from the account on; and those that were being ended are deleted. */
  async endUnused(): Promise<void> {
    const { account } = this.#context
    await trying(async () => {
      if (!unused(account.state).length) return
      await account.change(state => unused(state).reduce((next, { id }) => moved(next, id, 'ending'), state))
    })
    for (const entry of account.state.selections) if (entry.state === 'ending') await trying(() => this.#drop(entry))
  }

  async #drop(entry: SelectionEntry): Promise<void> {
    const { account, pod } = this.#context
    this.#collections.forget(collectionOf(entry))
    await deleteSelection(pod, collectionUrl(pod.storage, entry.id))
    account.defer(state => without(state, entry.id))
  }

  #entry(id: CollectionId): SelectionEntry {
    const entry = this.of(id)
    if (!entry) throw new AlveoleError('not-granted', 'no such selection')
    return entry
  }

  readonly #stamp = (): number => this.#context.hlc.next()

  #copying(entry: SelectionEntry): Copying {
    const { pod } = this.#context
    const to = collectionUrl(pod.storage, entry.id)
    if (!entry.pseudonyms) return plainCopying((ref, from) => this.#files.copy(from, to, ref))
    let stamp = 0
    return deidentifiedCopying({
      key: entry.pseudonyms,
      records: new Set(originalsOf(entry).flatMap(({ records }) => records)),
      stamp: () => (stamp ||= this.#stamp()),
      storeFile: (ref, meta, from) => this.#files.storeAnew(from, to, ref, meta),
    })
  }
}

/** A commit, and whether it leaves nothing of the records. */
export interface Around {
  commit(): Promise<void>
  erases: boolean
}

const stampsOf = (row: Row | undefined): string =>
  (row?.entries ?? []).map(({ facet, stamp }) => `${facet} ${stamp}`).join()
