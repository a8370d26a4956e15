/** What the account says of selections (SPEC Z1): which collections are copies, of which records, and how far each has come. */
import { equal, toBase64Url, toHex } from '#crypto'
import type { AccountState, GrantEntry, SelectionEntry } from '../account-state.ts'
import type { CollectionId, RecordId } from '../types.ts'

export const collectionOf = ({ id }: SelectionEntry): CollectionId => toBase64Url(id) as CollectionId

/** Null: none, or it is being ended, and nobody opens it any more. */
export const selectionNamed = ({ selections }: AccountState, id: CollectionId): SelectionEntry | null =>
  selections.find(entry => collectionOf(entry) === id && entry.state !== 'ending') ?? null

/** Not a selection, nor one that is no more. */
export const isFolder = ({ collections }: AccountState, id: CollectionId): boolean =>
  collections.some(entry => toBase64Url(entry.id) === id)

/** Whatever has a head: folders, and selections until they are ended. */
export const everyCollection = ({ collections, selections }: AccountState): { id: Uint8Array; name: string }[] => [
  ...collections,
  ...selections.filter(({ state }) => state !== 'ending').map(({ id }) => ({ id, name: toBase64Url(id) })),
]

export const originalsOf = ({ originals }: SelectionEntry): { collection: CollectionId; records: RecordId[] }[] =>
  originals.map(({ collection, records }) => ({
    collection: toBase64Url(collection) as CollectionId,
    records: records.map(record => toHex(record) as RecordId),
  }))

/** Those of which this collection has some of the originals. */
export const followersOf = (
  { selections }: AccountState,
  collection: CollectionId,
  records: ReadonlySet<string>,
): SelectionEntry[] =>
  selections.filter(
    entry =>
      entry.follows &&
      entry.state === 'standing' &&
      originalsOf(entry).some(one => one.collection === collection && one.records.some(id => records.has(id))),
  )

/** By a grant that is not over. */
export const isRead = ({ state, collections }: GrantEntry, { id }: SelectionEntry): boolean =>
  state !== 'ended' && collections.some(one => equal(one, id))

/** That nobody may read, and nobody wants kept. */
export const unused = ({ selections, grants }: AccountState): SelectionEntry[] =>
  selections.filter(entry => !entry.kept && entry.state !== 'ending' && !grants.some(grant => isRead(grant, entry)))

const ORDER = ['making', 'standing', 'ending']

/** Its state only moves forward, whichever device says so. */
export const moved = (state: AccountState, id: Uint8Array, to: SelectionEntry['state']): AccountState => ({
  ...state,
  selections: state.selections.map(entry =>
    equal(entry.id, id) && ORDER.indexOf(entry.state) < ORDER.indexOf(to) ? { ...entry, state: to } : entry,
  ),
})

/** Once nothing of it stands any more. */
export const without = (state: AccountState, id: Uint8Array): AccountState => ({
  ...state,
  selections: state.selections.filter(entry => !equal(entry.id, id)),
  checkpoints: state.checkpoints.filter(({ collection }) => !equal(collection, id)),
  grants: state.grants.map(grant => ({ ...grant, behind: grant.behind.filter(one => !equal(one, id)) })),
})
