/**
 * Keeping a collection small where commits alone do not: many epochs are put together, what is mostly superseded is sealed anew,
 * tombstones end.
 */
import { wornSegments } from './compaction.ts'
import type { How } from './how.ts'
import type { OwnCollection } from './own-collection.ts'
import { dueTombstones, endTombstones } from './tombstones.ts'

/** So many epochs are put together. */
const MANY_EPOCHS = 64

/** A commit without cells. */
export type Commit = (collection: OwnCollection, how: How) => Promise<void>

/** Whether there were many epochs. */
export async function relieve(collection: OwnCollection, commit: Commit): Promise<boolean> {
  if ((collection.state.owner?.epochs.length ?? 0) <= MANY_EPOCHS) return false
  await commit(collection, { merging: { before: Infinity, atLeast: 2 } })
  return true
}

/** `now`: milliseconds since 1970. */
export async function compact(collection: OwnCollection, commit: Commit, now: number): Promise<void> {
  const { state } = collection
  if (!state.owner || !state.manifest) return
  const isCrowded = await relieve(collection, commit)
  if (!isCrowded && (await collection.reading(() => wornSegments(collection))))
    await commit(collection, { rewrite: wornSegments })
  const due = dueTombstones(collection, now)
  if (due.size) await commit(collection, { rewrite: (on, decision) => endTombstones(on, due, decision) })
}
