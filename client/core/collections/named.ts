/** What counts in a collection's folder: whatever the newest head names, and the files that its cells refer to. */
import { isCode, openSegment, toBase64Url, type Cell } from '#crypto'
import { blobsIn } from '../blob-refs.ts'
import { objectsOf } from '../blobs/parts.ts'
import { inParallel } from '../parallel.ts'
import type { BlobRef, RecordId } from '../types.ts'
import type { CellIndex, Placed } from './cell-index.ts'
import type { HeadState } from './own-collection.ts'
import { listSegments, type Place } from './sections.ts'

/** Names of objects: 22 characters of base64url. Those of grants' pages that stand apart are not among them. */
export async function namedByHead(place: Place, { head, manifest }: HeadState): Promise<Set<string>> {
  if (!head || !manifest) return new Set()
  const { tail } = head.parts
  const ids = [
    ...(await listSegments(place, manifest)).map(({ sealId }) => sealId),
    ...manifest.pages.map(({ sealId }) => sealId),
    ...(head.header.keyring ? [head.header.keyring.sealId] : []),
    ...(tail.length ? [openSegment(tail, place.owner, place.id, manifest.tail).sealId] : []), // may be stored as it is
  ]
  return new Set(ids.map(toBase64Url))
}

/** Those that cells refer to; the deleted records' go with them. */
export async function namedByCells(place: Place, index: CellIndex, cells: Iterable<Cell>): Promise<Set<string>> {
  const blobs = new Map<string, BlobRef>()
  for (const { record, properties } of cells) {
    if (!properties || index.isDeleted(record as RecordId)) continue
    for (const ref of blobsIn(properties)) blobs.set(`${ref.blob} ${ref.page?.name}`, ref)
  }
  const current = namedFiles(index)
  const objects = await inParallel([...blobs.values()], ref =>
    objectsOf(place.pod, place.container, ref).catch((error: unknown) => {
      // What was sealed anew since is deleted, the page that listed it too
      if (ref.page && !current.has(ref.blob) && isCode(error, 'tampered')) return [ref.page]
      throw error
    }),
  )
  return new Set(objects.flat().map(({ name }) => name))
}

/** The newest cells that refer to files, of records that are not deleted. */
export const cellsWithFiles = (index: CellIndex): Placed[] =>
  [...index.newest()].filter(
    ({ record, properties }) => blobsIn(properties).length > 0 && !index.isDeleted(record as RecordId),
  )

/** The ids of the files that records refer to now. */
export const namedFiles = (index: CellIndex): Set<string> =>
  new Set(cellsWithFiles(index).flatMap(({ properties }) => blobsIn(properties).map(({ blob }) => blob)))
