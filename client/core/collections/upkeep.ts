/** Keeping a collection small where commits alone do not: many epochs are put together, what is mostly superseded is sealed anew. */
import { wornSegments } from './compaction.ts'
import type { How, OwnCollection } from './own-collection.ts'

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

export async function compact(collection: OwnCollection, commit: Commit): Promise<void> {
  const { state, index, reader, runs } = collection
  if (!state.owner || !state.manifest) return
  const isCrowded = await relieve(collection, commit)
  const worn = wornSegments(await reader.list(state.manifest), index, runs)
  if (!isCrowded && worn.length)
    await commit(collection, { rewrite: async () => ({ inputs: worn, erased: new Set() }) })
}
