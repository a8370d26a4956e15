/** What the account says of the folders' heads: the versions that it cites (SPEC H10), and the newest records in them (SPEC Q6). */
import { equal, fromBase64Url, order, toBase64Url, toHex, type Vector } from '#crypto'
import type { Checkpoint } from '../account-state.ts'
import type { Context } from '../context.ts'
import { isFolder } from '../selections/entries.ts'
import { checkCheckpoint, isNewestSeen } from '../marks.ts'
import { headUrl } from '../paths.ts'
import type { CollectionId, RecordId } from '../types.ts'
import { cite, isTold, ListedFolder, newestOf } from './newest.ts'
import type { OwnCollection } from './own-collection.ts'

export class Checkpoints {
  readonly #context: Context
  /** Those of which something was committed since their newest records were listed. */
  readonly #unlisted = new Set<OwnCollection>()

  constructor(context: Context) {
    this.#context = context
  }

  #of(id: Uint8Array): Checkpoint | undefined {
    return this.#context.account.state.checkpoints.find(one => equal(one.collection, id))
  }

  /** To be taken before the head is asked for: another one may stand, and be cited, right after. */
  cited(id: Uint8Array): Vector | undefined {
    return this.#of(id)?.vector
  }

  /** Throws where the head that the pod serves is older than, or beside, the one that the account cited before it was asked for. */
  check({ place, state, isStale }: OwnCollection, cited: Vector | undefined): void {
    if (isStale) return // no host's word, but this device's own copy
    checkCheckpoint(headUrl(place.container), state.head?.header.vector ?? null, cited)
  }

  /** Whether the account knows no newer head than is here. */
  isCurrent({ place, state }: OwnCollection): boolean {
    const how = order(state.head?.header.vector ?? [], this.cited(place.id) ?? [])
    return how === 'equal' || how === 'after'
  }

  /** Whether the account knows a newer head than is here. */
  isBehind({ place, state }: OwnCollection): boolean {
    return order(state.head?.header.vector ?? [], this.cited(place.id) ?? []) === 'before'
  }

  /** After a commit. Rides along with the account's next write: what later devices must find at least. */
  put(collection: OwnCollection): void {
    const isCited = this.#cite(collection, { rows: [], more: true })
    const isListed = isFolder(this.#context.account.state, collection.id) // copies are in nobody's lists
    if (isCited && isListed) this.#unlisted.add(collection)
  }

  /** Before the account is written after a burst: to look through all rows at each commit would cost more than the commit. */
  async list(): Promise<void> {
    for (const collection of this.#unlisted) {
      this.#unlisted.delete(collection)
      await collection.between(() => this.#cite(collection, newestOf(collection.index)))
    }
  }

  #cite({ place, state }: OwnCollection, newest: Pick<Checkpoint, 'rows' | 'more'>): boolean {
    const vector = state.head?.header.vector
    if (!vector) return false
    const holders = state.owner?.holders.map(({ grant }) => grant) ?? []
    const fresh = { collection: place.id, vector, ...newest, holders }
    this.#context.account.defer(account => ({ ...account, checkpoints: cite(account.checkpoints, fresh) }))
    return true
  }

  /** The grants that the newest epoch of the head that the account cites is given to. */
  holdersOf(id: Uint8Array): readonly Uint8Array[] {
    return this.#of(id)?.holders ?? []
  }

  /** null where the account does not tell, or this device has seen a newer head than it cites. */
  async listed(id: CollectionId, url: string): Promise<ListedFolder | null> {
    const cited = this.#of(fromBase64Url(id))
    if (!cited || !isTold(cited)) return null
    return (await isNewestSeen(this.#context.store, headUrl(url), cited.vector)) ? new ListedFolder(cited) : null
  }

  /** The folder of which the account lists this record. */
  folderOf(record: RecordId): CollectionId | null {
    const found = this.#context.account.state.checkpoints.find(({ rows }) =>
      rows.some(row => toHex(row.record) === record),
    )
    return found ? (toBase64Url(found.collection) as CollectionId) : null
  }

  lock(): void {
    this.#unlisted.clear()
  }
}
