/**
 * A device that was just let in has seen nothing of this vault before: the account it is served may be an old one, whose grants
 * ended since (A31). It seals nothing new under the grants that it found there until the person confirms them.
 */
import { decode, encode, equal, id16, list, optional, struct } from '#crypto'
import type { AccountState, GrantEntry } from '../account-state.ts'
import type { Store } from '../store.ts'

const KEY = 'unconfirmed'
/** null while the device is being let in: whatever it finds waits. */
const format = struct({ grants: optional(list(id16)) })

/** Before anything is sealed to a device without marks. */
export const suspendAll = (store: Store): Promise<void> => store.set(KEY, encode(format, { grants: null }))

/** Once it is in: what waits is what the account said then; what is given from now on does not. */
export async function suspendFound(store: Store, { grants }: AccountState, now: number): Promise<void> {
  if (!(await store.get(KEY))) return
  const open = grants.filter(({ state, until }) => state !== 'ended' && state !== 'ending' && now < until)
  await store.set(KEY, open.length ? encode(format, { grants: open.map(({ id }) => id) }) : null)
}

export const confirmGrants = (store: Store): Promise<void> => store.set(KEY, null)

/** Tells which grants wait for a confirmation on this device. */
export async function suspendedGrants(store: Store): Promise<(grant: GrantEntry) => boolean> {
  const stored = await store.get(KEY)
  if (!stored) return () => false
  const { grants } = decode(format, stored)
  return ({ id }) => !grants || grants.some(grant => equal(grant, id))
}
