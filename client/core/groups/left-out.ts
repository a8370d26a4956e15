/**
 * What a head proves that has no leaf of ours. Whoever asked to join is not admitted yet; whoever was a member is removed, if a
 * steward signed it in a newer epoch than any seen here. Anything else is the host's doing: an older head, another
 * circle's, one of its own making; a circle is not left, nor dropped by who shares with it, on such a word (A34).
 */
import {
  AlveoleError,
  decode,
  deviceKey,
  encode,
  equal,
  label,
  list,
  struct,
  text,
  uint,
  unsafeGroupHeader,
  verifySigned,
  type GroupState,
} from '#crypto'
import type { GroupEntry } from '../account-state.ts'
import type { Context } from '../context.ts'
import type { Store } from '../store.ts'

export const standing = struct({ epoch: uint, stewards: list(text) })
const keyOf = (url: string): string => `standing ${url}`

/** What this device saw last in the log. */
export function keepStanding(store: Store, url: string, { epoch, stewards }: GroupState): Promise<void> {
  return store.set(keyOf(url), encode(standing, { epoch, stewards: [...stewards.keys()].sort() }))
}

/**
 * Throws where the head does not prove that we are not, or no longer, a member: `tampered`, `rolled-back`, or `not-granted` where
 * it may be that a steward could not seal to us and left us out for now.
 */
export async function checkLeftOut({ people, store }: Context, entry: GroupEntry, head: Uint8Array): Promise<void> {
  const { group, owner, epoch } = unsafeGroupHeader(head)
  if (!equal(group, entry.id)) throw new AlveoleError('tampered', 'the head of another group')
  const stored = await store.get(keyOf(entry.url))
  if (!stored && entry.state === 'pending') return // asked to join
  const known = stored ? decode(standing, stored) : { epoch: 0, stewards: [entry.steward] }
  if (!known.stewards.includes(owner)) throw new AlveoleError('tampered', 'a head by nobody known for a steward')
  const { identity } = await people.find(owner)
  verifySigned(head, label.groupHead, signer => deviceKey(identity, signer))
  if (epoch > known.epoch) return
  throw new AlveoleError(epoch < known.epoch ? 'rolled-back' : 'not-granted', 'a head without us, of no newer epoch')
}
