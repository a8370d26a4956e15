/** What counts in a collection's folder: whatever the newest head names, and the files that its cells refer to. */
import { isCode, openSegment, toBase64Url } from '#crypto'
import { blobsIn } from '../blob-refs.ts'
import { objectsOf } from '../blobs/parts.ts'
import { inParallel } from '../parallel.ts'
import type { BlobRef, RecordId } from '../types.ts'
import type { CellIndex } from './cell-index.ts'
import type { Standing } from './how.ts'
import { filesNow } from './own-files.ts'

/** Names of objects: 22 characters of base64url. Those of grants' pages that stand apart are not among them. */
export async function namedByHead({ place, reader, state }: Standing): Promise<Set<string>> {
  const { head, owner, manifest } = state
  if (!head || !owner || !manifest) return new Set()
  const { tail } = head.parts
  const ids = [
    ...(await reader.list(manifest)).map(({ sealId }) => sealId),
    ...manifest.pages.map(({ sealId }) => sealId),
    ...owner.index.runs.map(({ run }) => run.sealId),
    ...(head.header.keyring ? [head.header.keyring.sealId] : []),
    ...(tail.length ? [openSegment(tail, place.owner, place.id, manifest.tail).sealId] : []), // may be stored as it is
  ]
  return new Set(ids.map(toBase64Url))
}

/** Those of files; the deleted records' go with them. */
export async function namedByFiles(
  collection: Standing,
  files: Iterable<{ record: string; ref: BlobRef }>,
): Promise<Set<string>> {
  const { place, index } = collection
  const blobs = new Map<string, BlobRef>()
  for (const { record, ref } of files)
    if (!index.row(record)?.isDeleted) blobs.set(`${ref.blob} ${ref.page?.name}`, ref)
  const current = await filesNow(collection)
  const objects = await inParallel([...blobs.values()], ref =>
    objectsOf(place.pod, place.container, ref).catch((error: unknown) => {
      // What was sealed anew since is deleted, the page that listed it too
      if (ref.page && !current.has(ref.blob) && isCode(error, 'tampered')) return [ref.page]
      throw error
    }),
  )
  return new Set(objects.flat().map(({ name }) => name))
}

/** The ids of the files that records refer to now, of somebody else's collection. */
export const namedFiles = (index: CellIndex): Set<string> =>
  new Set(
    [...index.newest()]
      .filter(({ record }) => !index.isDeleted(record as RecordId))
      .flatMap(({ properties }) => blobsIn(properties).map(({ blob }) => blob)),
  )
