/**
 * Deleting to the end (protocol §4, §6): what a head names no more, and what is to go with it. Only what can never be named again is
 * deleted: what an earlier head named, since every commit is one on the newest head; and what stood there unnamed before a swap of
 * ours that was won, since whoever stored it lost (SPEC H11). What other devices have just stored for their next head is neither.
 */
import { AlveoleError, hasHeader, isCode } from '#crypto'
import { blobsIn } from '../blob-refs.ts'
import { objectsOf } from '../blobs/parts.ts'
import { inParallel } from '../parallel.ts'
import type { BlobRef } from '../types.ts'
import type { Deletions } from './deletions.ts'
import { facetKeysOf } from './epochs.ts'
import { listStored, removeFolder } from './garbage.ts'
import { namedByFiles, namedByHead } from './named.ts'
import type { Standing } from './how.ts'
import type { OwnCollection } from './own-collection.ts'
import { filesEver } from './own-files.ts'
import { openNamed, type Opened, type Place } from './sections.ts'
import type { Rewrite } from './work.ts'

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1, -'.alv'.length)
const isPart = (path: string): boolean => path.includes('/')

/** All that has to be written anew for records to be gone, and the paths of their files' parts. Every segment has to be read to know. */
export async function erasure(
  { place, reader, state: { owner, manifest, tail, tailPartly } }: Standing,
  records: ReadonlySet<string>,
): Promise<Rewrite & { parts: string[] }> {
  const listed = owner && manifest ? await reader.list(manifest) : []
  const read = await inParallel(listed, async entry => ({
    entry,
    ...lookedAt(await openNamed(place, entry, facetKeysOf(owner!)), records),
  }))
  const all = [...read, lookedAt({ sections: tail, partly: tailPartly }, records)]
  const others = new Set(all.flatMap(one => one.others))
  const theirs = new Map(all.flatMap(one => one.theirs.map(ref => [ref.blob, ref])))
  const files = [...theirs.values()].filter(({ blob }) => !others.has(blob))
  const parts = (await inParallel(files, ref => pathsOf(place, ref))).flat()
  return { inputs: read.filter(({ holds }) => holds).map(({ entry }) => entry), erased: records, parts }
}

interface LookedAt {
  holds: boolean
  /** Files of the records, and ids of others' files. */
  theirs: BlobRef[]
  others: string[]
}

function lookedAt({ sections, partly }: Opened, records: ReadonlySet<string>): LookedAt {
  if (partly) throw new AlveoleError('refused', 'a newer program wrote here') // of these records too, for all that is known
  const cells = sections.flatMap(section => section.cells)
  const [mine, rest] = [
    cells.filter(({ record }) => records.has(record)),
    cells.filter(one => !records.has(one.record)),
  ]
  return {
    holds: mine.length > 0,
    theirs: mine.flatMap(({ properties }) => blobsIn(properties)),
    others: rest.flatMap(({ properties }) => blobsIn(properties).map(({ blob }) => blob)),
  }
}

/** Of a file that was sealed anew since, or that is none of ours, nothing is left that a name is known of. */
async function pathsOf({ pod, container }: Place, ref: BlobRef): Promise<string[]> {
  try {
    return (await objectsOf(pod, container, ref)).map(({ folder, name }) => `${folder}/${name}.alv`)
  } catch (error) {
    if (isCode(error, 'tampered')) return []
    throw error
  }
}

/** Names and addresses of what stands in the collection's folder itself; to be asked before a swap. */
export async function objectsBefore({ pod, container }: Place): Promise<Map<string, string>> {
  const stored = await listStored(pod, container, { withParts: false })
  return new Map([...stored].map(([name, { url }]) => [name, url]))
}

/**
 * After that swap: paths of those that no head names, beside what is `known` to go. Not of grants' pages, whose names only their
 * recipients learn.
 */
export async function leftBehind(
  collection: OwnCollection,
  before: ReadonlyMap<string, string>,
  known: readonly string[],
): Promise<string[]> {
  const { pod, container } = collection.place
  const named = (await namedByHead(collection)).union(new Set(known.map(nameOf)))
  const unnamed = [...before].filter(([name]) => !named.has(name))
  const found = await inParallel(unnamed, async ([, url]) => {
    const reply = await pod.get(url, { fresh: true })
    return reply && hasHeader(reply.body) ? [url.slice(container.length)] : []
  })
  return found.flat()
}

/** Deletes what is noted and no head names. Throws why not all of it went; what did not stays noted. */
export async function deleteNoted(collection: OwnCollection, deletions: Deletions): Promise<void> {
  const { id, place } = collection
  const paths = await deletions.of(id)
  if (!paths.length) return
  await collection.refresh()
  if (collection.isStale) throw new AlveoleError('offline', 'no answer')
  const named = await collection.reading(() => namedNow(collection, paths.some(isPart)))
  const settled = paths.filter(path => named.has(nameOf(path))) // by an attempt that was lost
  const due = paths.filter(path => !named.has(nameOf(path)))
  try {
    await inParallel(due, async path => {
      await place.pod.delete(place.container + path)
      settled.push(path)
    })
  } finally {
    await deletions.forget(id, settled)
  }
  const folders = new Set(due.filter(isPart).map(path => path.slice(0, path.lastIndexOf('/') + 1)))
  await inParallel([...folders], folder => removeFolder(place.pod, place.container + folder))
}

async function namedNow(collection: OwnCollection, withFiles: boolean): Promise<Set<string>> {
  const named = await namedByHead(collection)
  if (!withFiles) return named
  const files = await filesEver(collection)
  if (!files) throw new AlveoleError('refused', 'a newer program wrote here')
  return named.union(await namedByFiles(collection, files))
}
