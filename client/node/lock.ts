/**
 * One process of a device at a time: they share commit counters and high-water marks (protocol §5). The lock is the
 * operating system's, through SQLite's file lock, so it ends with its process however that dies: no pid to guess about.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { AlveoleError } from '#crypto'

const SQLITE_BUSY = 5
const POLL = 100

/** Waits for its turn; `onWait` is called once if there is somebody before. Gives what ends it. */
export async function lockFolder(
  folder: string,
  options: { onWait?: () => void; signal?: AbortSignal } = {},
): Promise<() => void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const database = new DatabaseSync(join(folder, 'lock'), { timeout: 0 })
  let waited = false
  while (!taken(database)) {
    if (!waited) options.onWait?.()
    waited = true
    await pause(POLL)
    if (!options.signal?.aborted) continue
    database.close()
    throw new AlveoleError('cancelled')
  }
  return () => database.isOpen && database.close()
}

function taken(database: DatabaseSync): boolean {
  try {
    database.exec('BEGIN EXCLUSIVE')
    return true
  } catch (error) {
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return false
    database.close()
    throw error
  }
}
