/**
 * A selection brought to what its originals are (SPEC Z3): cells that differ are written in one commit, of files those that are
 * missing are stored before it and those that are left over deleted after it; what was deleted is erased from the copy, versions and
 * files too. Done again, or by two devices at once, it comes to the same.
 */
import { isWithin } from '#vocab'
import type { SelectionEntry } from '../account-state.ts'
import { blobsIn } from '../blob-refs.ts'
import { deleteObjects } from '../blobs/reencrypt.ts'
import { tombstones } from '../records.ts'
import type { Placed } from '../collections/cell-index.ts'
import type { Collections } from '../collections/collections.ts'
import type { OwnCollection } from '../collections/own-collection.ts'
import { filesEver, filesNow } from '../collections/own-files.ts'
import type { Write } from '../collections/pack.ts'
import { inParallel } from '../parallel.ts'
import type { BlobRef, RecordId } from '../types.ts'
import type { Copying } from './copying.ts'
import { collectionOf, originalsOf } from './entries.ts'

interface Difference {
  writes: Write[]
  /** Copies of records that were deleted. */
  deleted: RecordId[]
  /** That the copy refers to now, and will not. */
  leaves: BlobRef[]
}

export interface BringUp {
  /** Which originals are looked at. */
  isWanted?: (record: RecordId) => boolean
  /** Earlier attempts may have left files that the copy refers to no more. */
  sweeps?: boolean
  /** What is deleted already is erased once more: an earlier attempt may have stopped before all of it was gone. */
  erases?: boolean
}

export async function bringUp(
  own: Collections,
  entry: SelectionEntry,
  copying: Copying,
  nextStamp: () => number,
  how: BringUp = {},
): Promise<void> {
  const id = collectionOf(entry)
  const copy = await own.open(id)
  const { writes, deleted, leaves } = await differenceOf(own, entry, copying, copy, how)
  if (writes.length) await own.write(id, inNoOrder(writes))
  if (deleted.length)
    await own.erase(
      id,
      deleted.flatMap(record => tombstones(copy, record, nextStamp())),
    )
  if (leaves.length || how.sweeps) await deleteFiles(copy, how.sweeps ? await everReferred(copy) : leaves)
}

async function differenceOf(
  own: Collections,
  entry: SelectionEntry,
  copying: Copying,
  copy: OwnCollection,
  { isWanted = () => true, erases = false }: BringUp,
): Promise<Difference> {
  const found: Difference = { writes: [], deleted: [], leaves: [] }
  const has = (cell: Placed): boolean => entry.facets.some(facet => isWithin(cell.facet, facet))
  for (const { collection, records } of originalsOf(entry)) {
    const wanted = records.filter(isWanted)
    if (!wanted.length) continue // a folder that does not answer is in nobody else's way
    const original = await own.open(collection)
    for (const record of wanted) {
      const [row, there] = [original.index.row(record), copy.index.row(copying.idOf(record))]
      if (row?.isDeleted && there && (erases || !there.isDeleted)) found.deleted.push(there.id)
      if (!row || row.isDeleted || there?.isDeleted) continue // of one that is not known here nothing follows
      const current = there ? await copy.cells(there.id) : []
      const { container } = original.place
      const writes = await copying.writes((await original.cells(record)).filter(has), current, container)
      await addWrites(found, writes, current, ref => copying.copyFile(ref, container))
    }
  }
  return found
}

/** Files come before the commit that refers to them. */
async function addWrites(
  found: Difference,
  writes: readonly Write[],
  current: readonly Placed[],
  copyFile: (ref: BlobRef) => Promise<void>,
): Promise<void> {
  const had = new Map(current.flatMap(({ properties }) => blobsIn(properties)).map(ref => [ref.blob, ref]))
  const replaced = new Set(writes.map(({ facet }) => facet))
  const kept = current.filter(({ facet }) => !replaced.has(facet))
  const will = [...writes, ...kept].flatMap(({ properties }) => blobsIn(properties))
  for (const ref of will) if (!had.has(ref.blob)) await copyFile(ref)
  for (const { blob } of will) had.delete(blob)
  found.leaves.push(...had.values())
  found.writes.push(...writes)
}

/** By ids, of which pseudonyms are random: neither originals nor the order in which they were chosen. */
const inNoOrder = (writes: readonly Write[]): Write[] => writes.toSorted((a, b) => (a.record < b.record ? -1 : 1))

async function everReferred(copy: OwnCollection): Promise<BlobRef[]> {
  const ever = (await copy.reading(() => filesEver(copy))) ?? [] // or a newer program wrote here: it knows better
  return [...new Map(ever.map(({ ref }) => [`${ref.blob} ${ref.page?.name}`, ref])).values()]
}

/** No commit brings a reference back without looking whether its parts are there (collections/files-needed.ts). */
async function deleteFiles(copy: OwnCollection, refs: readonly BlobRef[]): Promise<void> {
  const named = await filesNow(copy)
  await inParallel(
    refs.filter(({ blob }) => !named.has(blob)),
    ref => deleteObjects(copy.place, ref),
  )
}
