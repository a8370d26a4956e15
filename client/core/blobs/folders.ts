/** Names of the folders that parts of files are stored in: a new one when the last is full. Shared by all blobs of one opening. */
import { random, toBase64Url } from '#crypto'

/** Containers stay under 256 entries. */
const FOLDER_ENTRIES = 256
/** Milliseconds; what was stored longer ago is looked for again before anything refers to it (protocol §5, Garbage). */
const RECENT = 24 * 3600_000

export type Folders = (() => string) & {
  /** Whether all that stands in it was stored by this opening, less than a day ago. */
  isRecent(folder: string): boolean
}

export function folders(clock: () => number = Date.now): Folders {
  const drawn = new Map<string, number>()
  let [name, entries] = ['', FOLDER_ENTRIES]
  const isRecent = (folder: string): boolean => clock() - (drawn.get(folder) ?? -Infinity) < RECENT
  const next = (): string => {
    if (entries === FOLDER_ENTRIES || !isRecent(name)) {
      ;[name, entries] = [toBase64Url(random(16)), 0]
      drawn.set(name, clock())
    }
    entries++
    return name
  }
  return Object.assign(next, { isRecent })
}
