/** Which of one's own folders, and which records in them, hold something within some facets: as their indexes tell. */
import { isWithin } from '#vocab'
import { inParallel } from '../parallel.ts'
import type { CollectionId, RecordId } from '../types.ts'
import type { Collections } from './collections.ts'
import type { OwnIndex } from './own-index.ts'

/** All, where none does. */
export async function foldersHolding(own: Collections, facets: readonly string[]): Promise<CollectionId[]> {
  const all = await own.openAll()
  const holding = all.filter(({ index }) => recordsIn(index, facets).next().value)
  return (holding.length ? holding : all).map(({ id }) => id)
}

export async function recordsHolding(
  own: Collections,
  facets: readonly string[],
  within?: readonly CollectionId[],
): Promise<RecordId[]> {
  const open = within ? await inParallel(within, id => own.open(id)) : await own.openAll()
  return open.flatMap(({ index }) => [...recordsIn(index, facets)])
}

function* recordsIn(index: Pick<OwnIndex, 'rows'>, facets: readonly string[]): Generator<RecordId> {
  for (const { id, summary } of index.rows()) {
    const { kind, facets: leaves } = summary
    if (kind !== null && leaves.some(leaf => facets.some(facet => isWithin(leaf, facet)))) yield id
  }
}
