/**
 * The stored files that a write refers to. What nothing named for a week may be gone (protocol §5, Garbage): unless this opening
 * stored it less than a day ago, or the record refers to it already, it is looked for again before a commit relies on it.
 */
import { AlveoleError } from '#crypto'
import { blobsIn, type Part } from '../blob-refs.ts'
import type { Folders } from '../blobs/folders.ts'
import { objectsOf } from '../blobs/parts.ts'
import type { BlobRef, RecordId } from '../types.ts'
import type { OwnCollection } from './own-collection.ts'
import type { Write } from './pack.ts'
import type { Place } from './sections.ts'

/** Names of their objects; throws `not-granted` where some are not there. */
export async function filesNeeded(
  { place, index }: OwnCollection,
  writes: readonly Write[],
  { isRecent }: Folders,
): Promise<Set<string>> {
  const needed = new Set<string>()
  for (const { record, facet, properties } of writes) {
    const refs = blobsIn(properties)
    if (!refs.length) continue
    const old = index.cells(record as RecordId).find(cell => cell.facet === facet)
    const known = new Set(blobsIn(old?.properties ?? null).map(({ blob }) => blob))
    for (const ref of refs.filter(({ blob }) => !known.has(blob))) {
      for (const { name } of await objectsThere(place, ref, isRecent)) needed.add(name)
    }
  }
  return needed
}

async function objectsThere(place: Place, ref: BlobRef, isRecent: Folders['isRecent']): Promise<Part[]> {
  const first = ref.page ? [ref.page] : (ref.parts ?? [])
  if (first.every(({ folder }) => isRecent(folder))) return first
  await checkThere(place, first)
  const objects = await objectsOf(place.pod, place.container, ref)
  if (ref.page) await checkThere(place, objects)
  return objects
}

async function checkThere({ pod, container }: Place, objects: readonly Part[]): Promise<void> {
  for (const [folder, parts] of Map.groupBy(objects, part => part.folder)) {
    const at = `${container}${folder}/`
    const there = /^[A-Za-z0-9_-]{22}$/.test(folder) ? new Set(await pod.list(at)) : new Set()
    if (!parts.every(({ name }) => there.has(`${at}${name}.alv`)))
      throw new AlveoleError('not-granted', 'a record of a file that is not stored here')
  }
}
