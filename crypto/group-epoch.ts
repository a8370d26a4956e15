/**
 * The secret of one group epoch, and what derives from it (SPEC T3, T4). How it reaches the members is key-tree.ts's.
 *
 *   previous = [ envelope(group key of the next, group ‖ epoch, secret), … ]   oldest first, up to the newest but one
 */
import { encode, struct, uint } from './codec.ts'
import { open, seal } from './envelope.ts'
import { tampered } from './errors.ts'
import { label } from './labels.ts'
import { hash32 } from './object.ts'
import { none } from './padding.ts'
import { kdf, kemPublic, KEY_BYTES, random } from './primitives.ts'

export interface GroupEpoch {
  number: number
  secret: Uint8Array
}

export const drawGroupEpoch = (number: number): GroupEpoch => ({ number, secret: random(KEY_BYTES) })
/** Opens the log and the feed of the epoch. */
export const groupKey = ({ secret }: GroupEpoch): Uint8Array => kdf(secret, label.groupKey)
/** X-Wing seed: grants to the group are sealed to its public key. */
export const groupKemSeed = ({ secret }: GroupEpoch): Uint8Array => kdf(secret, label.groupKem)
export const groupKem = (epoch: GroupEpoch): Uint8Array => kemPublic(groupKemSeed(epoch))

const context = struct({ group: hash32, epoch: uint })

/** Each older secret under its next: a key seals one thing for this purpose. */
export const wrapPrevious = (group: Uint8Array, older: GroupEpoch, next: GroupEpoch): Uint8Array =>
  seal(groupKey(next), label.groupPrevious, encode(context, { group, epoch: older.number }), older.secret, none)

/** The epochs, oldest first, that hang together with the newest. */
export function unwrapPrevious(group: Uint8Array, newest: GroupEpoch, previous: Uint8Array[]): GroupEpoch[] {
  if (previous.length >= newest.number) return tampered('more group epochs than there were')
  const epochs = [newest]
  for (const sealed of previous.toReversed()) {
    const next = epochs[0]!
    const number = next.number - 1
    const header = encode(context, { group, epoch: number })
    const secret = open(groupKey(next), label.groupPrevious, header, sealed, none)
    epochs.unshift({ number, secret: secret.length === KEY_BYTES ? secret : tampered('a group secret has 32 bytes') })
  }
  return epochs
}
