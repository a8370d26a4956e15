/**
 * High-water marks and counters follow a vault that moved: it is the same vault, and an older state of it is one at the new place
 * too (SPEC H6). A device notices when it opens the vault elsewhere than the last time.
 */
import { fromUtf8, utf8 } from '#crypto'
import type { AccountState } from '../account-state.ts'
import { carryMark } from '../marks.ts'
import { everyCollection } from '../selections/entries.ts'
import { accountUrl, collectionUrl, headUrl } from '../paths.ts'
import type { Store } from '../store.ts'

const KEY = 'storage'

/** Before the account is read. */
export async function followAccount(store: Store, storage: string): Promise<void> {
  const last = await lastStorage(store)
  if (last && last !== storage) await carryMark(store, accountUrl(last), accountUrl(storage))
}

/** Before any head is read. */
export async function followCollections(store: Store, storage: string, state: AccountState): Promise<void> {
  const last = await lastStorage(store)
  if (last === storage) return
  for (const { id } of last ? everyCollection(state) : [])
    await carryMark(store, headUrl(collectionUrl(last!, id)), headUrl(collectionUrl(storage, id)))
  await rememberStorage(store, storage)
}

export const rememberStorage = (store: Store, storage: string): Promise<void> => store.set(KEY, utf8(storage))

async function lastStorage(store: Store): Promise<string | null> {
  const stored = await store.get(KEY)
  return stored && fromUtf8(stored)
}
