/** The files that the cells of a collection of one's own refer to. */
import { blobsIn } from '../blob-refs.ts'
import type { BlobRef } from '../types.ts'
import type { Placed } from './cell-index.ts'
import type { Standing } from './how.ts'

/** The newest cells that refer to files, of records that are not deleted. */
export async function cellsWithFiles(collection: Standing): Promise<Placed[]> {
  const found: Placed[] = []
  for (const { id, isDeleted } of collection.index.rows())
    if (!isDeleted) found.push(...(await collection.cells(id)).filter(({ properties }) => blobsIn(properties).length))
  return found
}

/** The ids of the files that records refer to now. */
export async function filesNow(collection: Standing): Promise<Set<string>> {
  const cells = await cellsWithFiles(collection)
  return new Set(cells.flatMap(({ properties }) => blobsIn(properties).map(({ blob }) => blob)))
}

/** Those of every listed cell, by whose they are; null where some cells do not open. */
export async function filesEver(collection: Standing): Promise<{ record: string; ref: BlobRef }[] | null> {
  const found: { record: string; ref: BlobRef }[] = []
  for await (const { sections, partly } of collection.listed()) {
    if (partly) return null
    for (const { record, properties } of sections.flatMap(({ cells }) => cells))
      for (const ref of blobsIn(properties)) found.push({ record, ref })
  }
  return found
}
