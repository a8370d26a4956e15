/**
 * Back through the log of a circle, page by page, as far as somebody has to: to the newest checkpoint, or to the newest entry
 * that this device, the account or an invitation knows (SPEC N7).
 */
import {
  archivePage,
  AlveoleError,
  equal,
  hash,
  isChain,
  unsafeGroupEntry,
  unsafePoint,
  type Archived,
  type ChainPoint,
  type GroupLogPart,
  type Reference,
} from '#crypto'
import { readObjects, type Place } from './objects.ts'

export interface Walked {
  /** Oldest first, each the one before the next. */
  entries: Uint8Array[]
  /** Those that were read, newest first. */
  pages: Archived[]
  /** What comes before. */
  before: Reference | null
}

/** Until the entry of that index is among them; all the way for 0. */
export async function walkBack(place: Place, group: Uint8Array, part: GroupLogPart, index: number): Promise<Walked> {
  let { entries, archive: before } = part
  const pages: Archived[] = []
  while (unsafePoint(entries[0]!).index > index) {
    if (!before)
      throw new AlveoleError('tampered', 'a group log without its beginning', { detail: { group: place.url } })
    const page = await readObjects(place, archivePage.read(group, before))
    if (!page.entries.length) throw new AlveoleError('tampered', 'an empty page', { detail: { group: place.url } })
    entries = [...page.entries, ...entries]
    pages.push(page)
    before = page.before
  }
  if (!isChain(entries)) throw new AlveoleError('tampered', 'a broken chain', { detail: { group: place.url } })
  return { entries, pages, before }
}

/** The newest checkpoint's entry; null: none yet. */
export function checkpointIn({ checkpoint, entries }: GroupLogPart): Uint8Array | null {
  return entries.findLast(entry => unsafeGroupEntry(entry).body.type === 'checkpoint') ?? checkpoint
}

/** Entries after one of them. */
export const after = (entries: readonly Uint8Array[], index: number): Uint8Array[] =>
  entries.slice(Math.max(0, index + 1 - unsafePoint(entries[0]!).index))

/** Throws where the log does not have this entry at its place. */
export function checkHas(entries: readonly Uint8Array[], { index, hash: expected }: ChainPoint, group: string): void {
  const entry = entries[index - unsafePoint(entries[0]!).index]
  if (!entry) throw new AlveoleError('rolled-back', 'a group log that lost entries', { detail: { group } })
  if (!equal(hash(entry), expected))
    throw new AlveoleError('forked', 'a group log that differs from the one seen', { detail: { group } })
}
