/**
 * The Store port in a folder: one table of an SQLite file, which makes each `set` atomic and durable for a single flush of its
 * log. Keys stand in it by their SHA-256, so that a stolen folder does not list what was read; what is replaced is wiped when
 * the log is folded in.
 */
import { createHash } from 'node:crypto'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Store } from '#core'
import { asDiskError } from './durable-file.ts'

/** How long to wait for another process that is just writing; commands take turns by lock.ts anyway. */
const PATIENCE_MS = 5_000

export function deviceStore(folder: string): Store {
  const database = disk(() => opened(folder))
  const [select, replace, remove] = [
    database.prepare('SELECT value FROM kept WHERE key = ?'),
    database.prepare('INSERT OR REPLACE INTO kept VALUES (?, ?)'),
    database.prepare('DELETE FROM kept WHERE key = ?'),
  ]
  const nameOf = (key: string): Uint8Array => createHash('sha256').update(key).digest()
  return {
    get: async key => (disk(() => select.get(nameOf(key)))?.['value'] as Uint8Array | undefined) ?? null,
    set: async (key, value) => void disk(() => (value ? replace.run(nameOf(key), value) : remove.run(nameOf(key)))),
  }
}

function opened(folder: string): DatabaseSync {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, 'kept.sqlite')
  closeSync(openSync(path, 'a', 0o600)) // for its owner only; the log beside takes the same rights
  const database = new DatabaseSync(path, { timeout: PATIENCE_MS })
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA secure_delete = ON;
    CREATE TABLE IF NOT EXISTS kept (key BLOB PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID`)
  return database
}

function disk<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw asDiskError(error)
  }
}
