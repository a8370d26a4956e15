/**
 * The ObjectStore port in a folder: an SQLite file beside the device's own (device-store.ts), readable by its owner only. URLs
 * stand in it by their SHA-256. Being a cache, it does not wait for the disk at each put (WAL at NORMAL survives the end of a
 * program, and is whole after a power cut), and where it is damaged it begins anew.
 */
import { createHash } from 'node:crypto'
import { closeSync, mkdirSync, openSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { OBJECTS_LIMIT, type ObjectStore, type ObjectStoreOptions } from '../core/object-store.ts'
import { asDiskError } from './durable-file.ts'

const PATIENCE_MS = 5_000
/** A use is noted where the last one noted is older: most reads write nothing. */
const HOUR = 3600_000
/** SQLite's result codes CORRUPT, NOTADB and IOERR_SHORT_READ: what the file says is not so. */
const DAMAGED = [11, 26]
const CUT = 522

export function sqliteObjects(
  folder: string,
  { limit = OBJECTS_LIMIT, clock = Date.now }: ObjectStoreOptions = {},
): ObjectStore {
  let table = opened(folder)
  const disk = async <T>(work: (table: Table) => T): Promise<T> => {
    try {
      return work(table)
    } catch (error) {
      if (!isDamage(error)) throw asDiskError(error)
      table.close()
      removeFrom(folder)
      table = opened(folder)
      return work(table)
    }
  }
  return {
    limit,
    has: url => disk(table => table.use(nameOf(url), clock())),
    get: url => disk(table => table.read(nameOf(url), clock())),
    put: (url, bytes) => disk(table => table.write(nameOf(url), bytes, clock(), limit)),
    delete: url => disk(table => table.remove(nameOf(url))),
    size: () => disk(table => table.size()),
  }
}

class Table {
  readonly #database: DatabaseSync
  readonly #statements

  constructor(database: DatabaseSync) {
    this.#database = database
    this.#statements = {
      select: database.prepare('SELECT bytes, at FROM objects JOIN used USING (name) WHERE name = ?'),
      usedAt: database.prepare('SELECT at FROM used WHERE name = ?'),
      touch: database.prepare('UPDATE used SET at = ? WHERE name = ?'),
      use: database.prepare('INSERT OR REPLACE INTO used VALUES (?, ?, ?)'),
      insert: database.prepare('INSERT OR REPLACE INTO objects VALUES (?, ?)'),
      forget: database.prepare('DELETE FROM used WHERE name = ?'),
      remove: database.prepare('DELETE FROM objects WHERE name = ?'),
      oldest: database.prepare('SELECT name FROM used ORDER BY at, rowid LIMIT 1'),
      sum: database.prepare('SELECT count(*) AS objects, coalesce(sum(size), 0) AS bytes FROM used'),
    }
  }

  read(name: Uint8Array, now: number): Uint8Array<ArrayBuffer> | null {
    const found = this.#statements.select.get(name) as { bytes: Uint8Array<ArrayBuffer>; at: number } | undefined
    if (found && found.at < now - HOUR) this.#statements.touch.run(now, name)
    return found?.bytes ?? null
  }

  /** Whether it is there. */
  use(name: Uint8Array, now: number): boolean {
    const found = this.#statements.usedAt.get(name) as { at: number } | undefined
    if (found && found.at < now - HOUR) this.#statements.touch.run(now, name)
    return found !== undefined
  }

  /** And what was used longest ago goes, until all is within the limit. */
  write(name: Uint8Array, bytes: Uint8Array, now: number, limit: number): void {
    if (bytes.length > limit) return this.remove(name)
    this.#atOnce(() => {
      this.#statements.use.run(name, bytes.length, now)
      this.#statements.insert.run(name, bytes)
      while (this.size().bytes > limit) this.#remove(this.#statements.oldest.get()!['name'] as Uint8Array)
    })
  }

  remove(name: Uint8Array): void {
    this.#atOnce(() => this.#remove(name))
  }

  #remove(name: Uint8Array): void {
    this.#statements.forget.run(name)
    this.#statements.remove.run(name)
  }

  size(): { objects: number; bytes: number } {
    return { ...this.#statements.sum.get() } as { objects: number; bytes: number }
  }

  #atOnce(work: () => void): void {
    this.#database.exec('BEGIN IMMEDIATE')
    try {
      work()
      this.#database.exec('COMMIT')
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK') // a full disk ends it by itself
      throw error
    }
  }

  close(): void {
    this.#database.close()
  }
}

const nameOf = (url: string): Uint8Array => createHash('sha256').update(url).digest()
const fileIn = (folder: string): string => join(folder, 'objects.sqlite')
function isDamage(error: unknown): boolean {
  const { errcode = 0 } = error as { errcode?: number }
  return errcode === CUT || DAMAGED.includes(errcode & 255)
}

function removeFrom(folder: string): void {
  for (const tail of ['', '-wal', '-shm']) rmSync(fileIn(folder) + tail, { force: true })
}

function opened(folder: string): Table {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  closeSync(openSync(fileIn(folder), 'a', 0o600)) // the log beside takes the same rights
  const database = new DatabaseSync(fileIn(folder), { timeout: PATIENCE_MS })
  try {
    // Two tables: noting a use must not write the whole object again.
    database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL;
      CREATE TABLE IF NOT EXISTS used (name BLOB PRIMARY KEY, size INTEGER NOT NULL, at INTEGER NOT NULL) STRICT;
      CREATE INDEX IF NOT EXISTS oldest ON used (at);
      CREATE TABLE IF NOT EXISTS objects (name BLOB PRIMARY KEY, bytes BLOB NOT NULL) STRICT`)
    return new Table(database)
  } catch (error) {
    database.close()
    if (!isDamage(error)) throw asDiskError(error)
    removeFrom(folder)
    return opened(folder)
  }
}
