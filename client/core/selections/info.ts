/** Selections as programs see them, and what a vault lets programs do with them. */
import type { AccountState, SelectionEntry } from '../account-state.ts'
import { grantIri } from '../grants/grant-id.ts'
import type { GrantId, RecordId, SelectionInfo } from '../types.ts'
import { collectionOf, isRead, originalsOf } from './entries.ts'
import type { Selections } from './selections.ts'

/** As a vault offers them to programs. */
export interface VaultSelections extends Pick<Selections, 'make' | 'list' | 'end'> {
  /** Grants of a copy of this record as it was, which stays on the server, and shared, whatever becomes of the record. */
  keptIn(record: RecordId): GrantId[]
}

export const vaultSelections = (selections: Selections): VaultSelections => ({
  make: request => selections.make(request),
  list: () => selections.list(),
  end: id => selections.end(id),
  keptIn: record =>
    selections
      .list()
      .filter(({ follows, records }) => !follows && records.includes(record))
      .flatMap(({ grants }) => grants),
})

export const infoOf = ({ grants }: AccountState, entry: SelectionEntry): SelectionInfo => ({
  collection: collectionOf(entry),
  records: originalsOf(entry).flatMap(({ records }) => records),
  facets: entry.facets,
  follows: entry.follows,
  deidentified: entry.pseudonyms !== null,
  grants: grants.filter(grant => isRead(grant, entry)).map(({ id }) => grantIri(id)),
})
