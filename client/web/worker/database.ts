/**
 * What this browser keeps, in IndexedDB: who is signed in, the vault's own device store, and a key that seals what is
 * kept. Nothing of a vault's content, and no secret in clear.
 */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import type { Pending, Saved } from './saved.ts'

interface Schema extends DBSchema {
  /** One row each: `saved` and `pending`. */
  session: { key: 'saved' | 'pending'; value: Saved | Pending }
  /** `webId|key` of the Store port. */
  vault: { key: string; value: Uint8Array<ArrayBuffer> }
  /** Non-extractable keys: they can be used here and never read out. */
  keys: { key: string; value: CryptoKey }
}

export type Database = IDBPDatabase<Schema>

let opened: Promise<Database> | undefined

export function database(): Promise<Database> {
  opened ??= openDB<Schema>('alveole', 1, {
    upgrade(db) {
      db.createObjectStore('session')
      db.createObjectStore('vault')
      db.createObjectStore('keys')
    },
  })
  return opened
}
