/**
 * The core's ObjectStore port on IndexedDB, in a database of its own: what is in it may go. One tab holds the vault at a time
 * (only-one.ts), so that the sum of what is kept is known here. Where the browser gives no more room, the older half goes.
 */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import { OBJECTS_LIMIT, type ObjectStore, type ObjectStoreOptions } from '../../core/object-store.ts'

/** A use is noted where the last one noted is older: most reads write nothing. */
const HOUR = 3600_000

interface Schema extends DBSchema {
  objects: { key: string; value: Uint8Array<ArrayBuffer> }
  /** Apart from the objects: noting a use must not write the whole object again. */
  used: { key: string; value: { size: number; at: number }; indexes: { oldest: number } }
}
type Database = IDBPDatabase<Schema>

export function idbObjects(
  webId: string,
  { limit = OBJECTS_LIMIT, clock = Date.now }: ObjectStoreOptions = {},
): ObjectStore {
  const place = (url: string): string => `${webId}|${url}`
  let opening: Promise<Objects> | undefined
  const objects = (): Promise<Objects> => (opening ??= openObjects())
  return {
    limit,
    has: async url => (await objects()).use(place(url), clock()),
    get: async url => (await objects()).read(place(url), clock()),
    async put(url, bytes) {
      const kept = await objects()
      if (bytes.length > limit) return kept.remove(place(url))
      await kept.write(place(url), new Uint8Array(bytes), clock(), limit)
    },
    delete: async url => (await objects()).remove(place(url)),
    size: async () => (await objects()).size,
  }
}

async function openObjects(): Promise<Objects> {
  const database = await openDB<Schema>('alveole-objects', 1, {
    upgrade(db) {
      db.createObjectStore('objects')
      db.createObjectStore('used').createIndex('oldest', 'at')
    },
  })
  const sizes = await database.getAll('used')
  return new Objects(database, { objects: sizes.length, bytes: sizes.reduce((sum, { size }) => sum + size, 0) })
}

class Objects {
  readonly #database: Database
  readonly #size: { objects: number; bytes: number }

  constructor(database: Database, size: { objects: number; bytes: number }) {
    this.#database = database
    this.#size = size
  }

  get size(): { objects: number; bytes: number } {
    return { ...this.#size }
  }

  async read(key: string, now: number): Promise<Uint8Array<ArrayBuffer> | null> {
    const [bytes] = await Promise.all([this.#database.get('objects', key), this.use(key, now)])
    return bytes ?? null
  }

  /** Whether it is there. */
  async use(key: string, now: number): Promise<boolean> {
    const use = await this.#database.get('used', key)
    if (use && use.at < now - HOUR) await this.#database.put('used', { ...use, at: now }, key).catch(ifFull)
    return use !== undefined
  }

  /** And what was used longest ago goes, until all is within the limit. */
  async write(key: string, bytes: Uint8Array<ArrayBuffer>, now: number, limit: number): Promise<void> {
    await this.remove(key)
    await this.#shrink(limit - bytes.length)
    try {
      await this.#add(key, bytes, now)
    } catch (error) {
      ifFull(error)
      await this.#shrink(this.#size.bytes / 2)
      await this.#add(key, bytes, now).catch(ifFull) // without it, then
    }
  }

  async #add(key: string, bytes: Uint8Array<ArrayBuffer>, at: number): Promise<void> {
    const change = this.#database.transaction(['objects', 'used'], 'readwrite')
    await Promise.all([
      change.objectStore('objects').put(bytes, key),
      change.objectStore('used').put({ size: bytes.length, at }, key),
      change.done,
    ])
    this.#count(1, bytes.length)
  }

  async remove(key: string): Promise<void> {
    const change = this.#database.transaction(['objects', 'used'], 'readwrite')
    const old = await change.objectStore('used').get(key)
    if (old) await Promise.all([change.objectStore('objects').delete(key), change.objectStore('used').delete(key)])
    await change.done
    if (old) this.#count(-1, -old.size)
  }

  async #shrink(to: number): Promise<void> {
    while (this.#size.bytes > to) {
      const oldest = await this.#database.transaction('used').store.index('oldest').openKeyCursor()
      if (!oldest) return
      await this.remove(oldest.primaryKey)
    }
  }

  #count(objects: number, bytes: number): void {
    this.#size.objects += objects
    this.#size.bytes += bytes
  }
}

function ifFull(error: unknown): void {
  if (!(error instanceof DOMException) || error.name !== 'QuotaExceededError') throw error
}
