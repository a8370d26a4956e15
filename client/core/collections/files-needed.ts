/**
 * The stored files that a write refers to. What nothing named for a week may be gone (protocol §5, Garbage), and so is what another
 * device sealed anew (R3): unless this opening stored it less than a day ago as a record's first file, or the record refers to it
 * already, it is looked for again before a commit relies on it.
 */
import { AlveoleError } from '#crypto'
import { blobsIn, type Part } from '../blob-refs.ts'
import type { Folders } from '../blobs/folders.ts'
import { objectsOf } from '../blobs/parts.ts'
import { inParallel } from '../parallel.ts'
import type { BlobRef } from '../types.ts'
import type { Standing } from './how.ts'
import type { Write } from './pack.ts'
import type { Place } from './sections.ts'

/** Names of their objects; throws `not-granted` where some are not there. To be asked anew at each attempt to commit. */
export async function filesNeeded(
  collection: Standing,
  writes: readonly Write[],
  folders: Folders,
): Promise<Set<string>> {
  const needed: Part[] = []
  const unsure: BlobRef[] = []
  for (const { record, facet, properties } of writes) {
    const refs = blobsIn(properties)
    if (!refs.length) continue
    const old = (await collection.cells(record)).find(cell => cell.facet === facet)
    const known = new Set(blobsIn(old?.properties ?? null).map(({ blob }) => blob))
    for (const ref of refs.filter(({ blob }) => !known.has(blob))) {
      const objects = firstOf(ref)
      if (!known.size && objects.every(({ name }) => folders.isRecent(name))) needed.push(...objects)
      else unsure.push(ref)
    }
  }
  needed.push(...(await objectsThere(collection.place, unsure)))
  return new Set(needed.map(({ name }) => name))
}

const firstOf = ({ page, parts }: BlobRef): readonly Part[] => (page ? [page] : (parts ?? []))

async function objectsThere(place: Place, refs: readonly BlobRef[]): Promise<Part[]> {
  await checkThere(
    place,
    refs.flatMap(({ page }) => page ?? []),
  )
  const objects = (await inParallel(refs, ref => objectsOf(place.pod, place.container, ref))).flat()
  await checkThere(place, objects)
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
