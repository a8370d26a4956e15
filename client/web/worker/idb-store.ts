/** The core's Store port on IndexedDB: `set` resolves once the browser has it on disk, and is atomic per key. */
import type { Store } from '../../core/store.ts'
import { database } from './database.ts'

export function idbStore(webId: string): Store {
  const place = (key: string): string => `${webId}|${key}`
  return {
    get: async key => (await (await database()).get('vault', place(key))) ?? null,
    set: async (key, value) => {
      const change = (await database()).transaction('vault', 'readwrite', { durability: 'strict' })
      if (value) await change.store.put(new Uint8Array(value), place(key))
      else await change.store.delete(place(key))
      await change.done
    },
  }
}
