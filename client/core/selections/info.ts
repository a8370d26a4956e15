/** Selections as programs see them, and what a vault lets programs do with them. */
import type { AccountState, SelectionEntry } from '../account-state.ts'
import { grantIri } from '../grants/grant-id.ts'
import type { SelectionInfo } from '../types.ts'
import { collectionOf, isRead, originalsOf } from './entries.ts'
import type { Selections } from './selections.ts'

/** As a vault offers them to programs. */
export type VaultSelections = Pick<Selections, 'make' | 'list' | 'end'>

export const vaultSelections = (selections: Selections): VaultSelections => ({
  make: request => selections.make(request),
  list: () => selections.list(),
  end: id => selections.end(id),
})

export const infoOf = ({ grants }: AccountState, entry: SelectionEntry): SelectionInfo => ({
  collection: collectionOf(entry),
  records: originalsOf(entry).flatMap(({ records }) => records),
  facets: entry.facets,
  follows: entry.follows,
  deidentified: entry.pseudonyms !== null,
  grants: grants.filter(grant => isRead(grant, entry)).map(({ id }) => grantIri(id)),
})
