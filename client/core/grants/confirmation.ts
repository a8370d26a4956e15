/**
 * A device that was just let in has seen nothing of this vault before: the account it is served may be an old one, whose grants
 * ended since (A31). It seals nothing new under the grants that it found there until the person confirms them.
 */
import { bool, decode, encode, equal, id16, list, optional, struct } from '#crypto'
import type { AccountState, GrantEntry } from '../account-state.ts'
import { hasMark, isNewestSeen, seenVector } from '../marks.ts'
import { accountUrl } from '../paths.ts'
import type { Store } from '../store.ts'

const KEY = 'unconfirmed'
/** `grants` is null while the device is being let in: whatever it finds waits. `confirmed`: they do not, and get what waited. */
export const suspension = struct({ grants: optional(list(id16)), confirmed: bool })

/** Before anything is sealed to a device without marks. */
export const suspendAll = (store: Store): Promise<void> =>
  store.set(KEY, encode(suspension, { grants: null, confirmed: false }))

/** Once it is in: what waits is what the account said then; what is given from now on does not. */
export async function suspendFound(store: Store, { grants }: AccountState, now: number): Promise<void> {
  if (!(await store.get(KEY))) return
  const open = grants.filter(({ state, until }) => state !== 'ended' && state !== 'ending' && now < until)
  const found = { grants: open.map(({ id }) => id), confirmed: false }
  await store.set(KEY, open.length ? encode(suspension, found) : null)
}

export async function confirmGrants(store: Store): Promise<void> {
  const stored = await store.get(KEY)
  if (stored) await store.set(KEY, encode(suspension, { ...decode(suspension, stored), confirmed: true }))
}

/** Once they have what waited. */
export const endConfirmation = (store: Store): Promise<void> => store.set(KEY, null)

/**
 * Whether another device of the same person vouches for what this one found: it waits for nothing itself, and has seen no newer
 * account, so that no grant which it knows to be over was shown here as live.
 */
export async function vouchesFor(other: Store, store: Store, storage: string): Promise<boolean> {
  const found = await seenVector(store, accountUrl(storage))
  if (!found || (await other.get(KEY)) || !(await hasMark(other, accountUrl(storage)))) return false
  return isNewestSeen(other, accountUrl(storage), found)
}

/** Tells which grants wait for a confirmation on this device. */
export const suspendedGrants = (store: Store): Promise<(grant: GrantEntry) => boolean> => kept(store, false)

/** Tells which ones were confirmed and may lack what was written before. */
export const confirmedGrants = (store: Store): Promise<(grant: GrantEntry) => boolean> => kept(store, true)

async function kept(store: Store, confirmed: boolean): Promise<(grant: GrantEntry) => boolean> {
  const stored = await store.get(KEY)
  const found = stored && decode(suspension, stored)
  if (!found || found.confirmed !== confirmed) return () => false
  return ({ id }) => !found.grants || found.grants.some(grant => equal(grant, id))
}
