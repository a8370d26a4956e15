/**
 * Garbage (protocol §5): what stands in a collection's folder and neither a head nor a cell names. It goes after this device
 * itself has seen it so for a week, by its own clock. A head condemns it first, so that no commit of any device lists it from
 * then on; then it is deleted, by whichever device; a day later a head forgets it.
 */
import {
  decode,
  encode,
  fromBase64Url,
  hasHeader,
  isCode,
  pagesApart,
  struct,
  toBase64Url,
  uint,
  type Of,
} from '#crypto'
import { blobsIn } from '../blob-refs.ts'
import { inParallel } from '../parallel.ts'
import type { Pod } from '../pod.ts'
import { lasting, since, sinceWhen, type Since } from '../since.ts'
import type { Store } from '../store.ts'
import { namedByFiles, namedByHead } from './named.ts'
import type { Standing } from './how.ts'
import type { OwnCollection } from './own-collection.ts'
import { cellsWithFiles, filesEver } from './own-files.ts'
import type { Condemnation } from './prepare.ts'
import { fetchNamed } from './sections.ts'

const DAY = 24 * 3600_000
const WEEK = 7 * DAY
/** Condemned at once: a head stays small. */
const MOST = 256

/** What this device has seen: since when an object is named nowhere, since when a condemned one is gone. */
export const garbageSeen = struct({ at: uint, unnamed: since, gone: since })
type Seen = Of<typeof garbageSeen>

/** What the server lists, by name: an object of the folder itself, or a part of a file in a folder below. */
interface Stored {
  url: string
  isPart: boolean
}

export interface Collector {
  container: string
  open(): Promise<OwnCollection>
  store: Store
  clock: () => number
  /** Though a look was taken within a day: a person asked for it. */
  always: boolean
  /** Swaps a head that says so; `condemn` is asked anew at each attempt. */
  commit(collection: OwnCollection, condemn: (on: Standing) => Promise<Condemnation | null>): Promise<void>
}

/** Of a folder's objects that nothing names: how many wait for their week, and how many went. */
export interface Collected {
  waiting: number
  removed: number
}

/** null: looked at within a day. */
export async function collectGarbage(by: Collector): Promise<Collected | null> {
  const { container, open, store, clock, commit } = by
  const key = `garbage ${container}`
  const before = await readSeen(store, key)
  const now = clock()
  if (!by.always && before && before.at <= now && now - before.at < DAY) return null
  const collection = await open()
  const { pod } = collection.place
  const stored = await listStored(pod, container, { withParts: true })
  await collection.refresh() // after the list: whatever was named meanwhile is seen as named
  const unnamed = await collection.reading(() => unnamedOf(collection, stored))
  const condemned = condemnedBy(collection.state)
  const seen: Seen = {
    at: now,
    unnamed: sinceWhen([...unnamed], before?.unnamed, now),
    gone: sinceWhen(
      [...condemned].filter(name => !stored.has(name)),
      before?.gone,
      now,
    ),
  }
  await store.set(key, encode(garbageSeen, seen))
  const due = await collection.reading(() => dueOf(collection, stored, seen.unnamed, now))
  const forget = new Set(lasting(seen.gone, now, DAY))
  if (due.length || forget.size) await commit(collection, on => condemnation(on, stored, unnamed, due, forget))
  const going = condemnedBy(collection.state)
  const removed = await remove(pod, stored, going)
  return { waiting: await countWaiting(collection, unnamed.difference(going)), removed }
}

/** Without the pages of the newest keyring, whose names nobody but their readers knows. */
async function countWaiting(collection: OwnCollection, unnamed: ReadonlySet<string>): Promise<number> {
  return unnamed.size && Math.max(0, unnamed.size - (await countApart(collection)))
}

const condemnedBy = ({ manifest }: Standing['state']): Set<string> => new Set(manifest?.condemned.map(toBase64Url))

async function readSeen(store: Store, key: string): Promise<Seen | null> {
  const stored = await store.get(key)
  return stored && decode(garbageSeen, stored)
}

const NAME = /^([A-Za-z0-9_-]{22})\.alv$/
const FOLDER = /^[A-Za-z0-9_-]{22}\/$/

/** Only what has the shape of our names: whatever else stands there is somebody else's. */
export async function listStored(
  pod: Pod,
  container: string,
  { withParts }: { withParts: boolean },
): Promise<Map<string, Stored>> {
  const inside = async (folder: string): Promise<string[]> =>
    ((await pod.list(folder)) ?? []).filter(url => url.startsWith(folder)).map(url => url.slice(folder.length))
  const top = await inside(container)
  const folders = withParts ? top.filter(name => FOLDER.test(name)).map(name => container + name) : []
  const parts = await inParallel(folders, async folder =>
    (await inside(folder)).map(name => [folder, name, true] as const),
  )
  const all = [...top.map(name => [container, name, false] as const), ...parts.flat()]
  return new Map(
    all.flatMap(([folder, file, isPart]) => {
      const [, name] = NAME.exec(file) ?? []
      return name ? [[name, { url: folder + file, isPart }]] : []
    }),
  )
}

async function unnamedOf(collection: OwnCollection, stored: Map<string, Stored>): Promise<Set<string>> {
  const hasParts = [...stored.values()].some(({ isPart }) => isPart)
  const files = hasParts ? await namedByNewest(collection) : new Set()
  const named = await namedByHead(collection)
  const condemned = condemnedBy(collection.state)
  return new Set([...stored.keys()].filter(name => !named.has(name) && !files.has(name) && !condemned.has(name)))
}

/** The files of all records that are there. */
async function namedByNewest(collection: Standing): Promise<Set<string>> {
  const cells = await cellsWithFiles(collection)
  return namedByFiles(
    collection,
    cells.flatMap(({ record, properties }) => blobsIn(properties).map(ref => ({ record, ref }))),
  )
}

/** For a week; of files' parts only those that no listed cell at all refers to, and none where some cells do not open. */
async function dueOf(
  collection: OwnCollection,
  stored: Map<string, Stored>,
  unnamed: Since,
  now: number,
): Promise<string[]> {
  const due = lasting(unnamed, now, WEEK)
  const objects = due.filter(name => !stored.get(name)!.isPart)
  const parts = due.filter(name => stored.get(name)!.isPart)
  if (!parts.length) return objects.slice(0, MOST)
  const listed = await filesEver(collection)
  const files = listed && (await namedByFiles(collection, listed))
  return [...objects, ...parts.filter(name => files && !files.has(name))].slice(0, MOST)
}

/** On whatever head there is now: other devices may have named something since. */
async function condemnation(
  on: Standing,
  stored: Map<string, Stored>,
  unnamed: ReadonlySet<string>,
  due: readonly string[],
  forget: ReadonlySet<string>,
): Promise<Condemnation | null> {
  const { place, state } = on
  const named = await namedByHead(on)
  const files = due.some(name => stored.get(name)!.isPart) ? await namedByNewest(on) : new Set()
  const left = due.filter(name => !named.has(name) && !files.has(name))
  const apart = await countApart(on)
  const objects = [...unnamed].filter(name => !stored.get(name)!.isPart && !named.has(name))
  const pages = apart ? await pagesAmong(place.pod, objects, stored) : new Set()
  const areOnes = pages.size <= apart // of the newest keyring
  const ids = left.filter(name => !areOnes || !pages.has(name))
  const kept = (state.manifest?.condemned ?? []).filter(id => !forget.has(toBase64Url(id)))
  if (!ids.length && kept.length === (state.manifest?.condemned.length ?? 0)) return null
  return { ids: [...kept, ...ids.map(fromBase64Url)], rekeys: ids.some(name => pages.has(name)) }
}

/** Pages of grants in objects of their own, whose names the keyring hides from its owner too. */
async function countApart({ place, state: { head } }: Standing): Promise<number> {
  const keyring = head?.header.keyring
  return keyring ? pagesApart(await fetchNamed(place, keyring.sealId, keyring.hash)) : 0
}

/** Which may be such pages: of this keyring or of one before, nothing tells. */
async function pagesAmong(pod: Pod, names: readonly string[], stored: Map<string, Stored>): Promise<Set<string>> {
  const found = await inParallel(names, async name => {
    const reply = await pod.get(stored.get(name)!.url, { fresh: true })
    return reply && !hasHeader(reply.body) ? [name] : []
  })
  return new Set(found.flat())
}

/** How many it was. */
async function remove(pod: Pod, stored: Map<string, Stored>, condemned: ReadonlySet<string>): Promise<number> {
  const gone = [...stored].filter(([name]) => condemned.has(name))
  await inParallel(gone, ([, { url }]) => pod.delete(url))
  const left = new Set([...stored].filter(([name]) => !condemned.has(name)).map(([, { url }]) => folderOf(url)))
  const emptied = new Set(gone.filter(([, { isPart }]) => isPart).map(([, { url }]) => folderOf(url)))
  for (const folder of emptied.difference(left)) await removeFolder(pod, folder)
  return gone.length
}

const folderOf = (url: string): string => url.slice(0, url.lastIndexOf('/') + 1)

/** Something may have been put there meanwhile: a server deletes empty folders only. */
export async function removeFolder(pod: Pod, folder: string): Promise<void> {
  await pod.delete(folder).catch((error: unknown) => {
    if (!isCode(error, 'conflict')) throw error
  })
}
