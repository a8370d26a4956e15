/** What counts in a collection's folder: whatever the newest head names, and the files that its cells refer to. */
import { openSegment, toBase64Url } from '#crypto'
import { objectsOf } from '../blobs.ts'
import { inParallel } from '../parallel.ts'
import type { BlobRef } from '../types.ts'
import type { OwnCollection } from './own-collection.ts'
import type { OwnIndex } from './own-index.ts'
import type { Place } from './sections.ts'

/** Names of objects: 22 characters of base64url. Those of grants' pages that stand apart are not among them. */
export async function namedByHead({ place, reader, state }: OwnCollection): Promise<Set<string>> {
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
  { pod, container }: Place,
  index: OwnIndex,
  files: Iterable<{ record: string; ref: BlobRef }>,
): Promise<Set<string>> {
  const blobs = new Map<string, BlobRef>()
  for (const { record, ref } of files)
    if (!index.row(record)?.isDeleted) blobs.set(`${ref.blob} ${ref.page?.name}`, ref)
  const objects = await inParallel([...blobs.values()], ref => objectsOf(pod, container, ref))
  return new Set(objects.flat().map(({ name }) => name))
}
