/** A grant's entry in the account: which state follows which, what it reaches, and how entries are edited (SPEC A8). */
import { equal, toBase64Url } from '#crypto'
import type { AccountState, GrantEntry } from '../account-state.ts'
import { withLine } from '../journal.ts'
import type { JournalLine } from '../types.ts'
import { grantIri } from './grant-id.ts'

const ORDER = ['giving', 'live', 'ending', 'ended']
/** A grant's state only moves forward (protocol §5). */
export const rank = (state: GrantEntry['state']): number => ORDER.indexOf(state)

/** The end date ends a grant, whatever the account says: no server and no device has to be asked. */
export const isOver = ({ state, until }: GrantEntry, now: number): boolean =>
  rank(state) >= rank('ending') || until <= now

/** Each once. */
export const distinct = (collections: readonly Uint8Array[]): Uint8Array[] => [
  ...new Map(collections.map(id => [toBase64Url(id), id])).values(),
]

/** The collections that an entry says something of: those it gives, and those whose keys or rules may say otherwise still. */
export const reaches = ({ collections, behind }: GrantEntry): Uint8Array[] => distinct([...collections, ...behind])

export const entryOf = (grants: readonly GrantEntry[], id: Uint8Array): GrantEntry | undefined =>
  grants.find(grant => equal(grant.id, id))

export const withEntries = (
  state: AccountState,
  ids: readonly Uint8Array[],
  edit: (entry: GrantEntry) => GrantEntry,
): AccountState => ({
  ...state,
  grants: state.grants.map(grant => (ids.some(id => equal(id, grant.id)) ? edit(grant) : grant)),
})

export const withGrantLine = (
  state: AccountState,
  at: number,
  what: JournalLine['what'],
  { id, to }: GrantEntry,
): AccountState => withLine(state, { at, what, object: grantIri(id), who: to })
