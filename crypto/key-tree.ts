/**
 * How a group's epoch secret reaches its members (SPEC T1–T4).
 *
 *   wraps = [ leaves, nodes, pages ]
 *   leaf  = [ id, X-Wing ciphertext ‖ envelope(group ‖ epoch ‖ id, secret) ]
 *   id    = first 16 bytes of BLAKE2b(frame("group leaf", group ‖ member's X-Wing public key))
 *
 * A flat tree: every member is a leaf under the root, nodes and pages are empty. Deeper trees fill nodes (the top levels)
 * and pages (the rest) of the same structure.
 */
import { concat, equal } from './bytes.ts'
import { bytes, encode, list, struct, uint, type Of } from './codec.ts'
import { tampered } from './errors.ts'
import { open, seal } from './envelope.ts'
import { reference } from './head.ts'
import { openWith, sealTo } from './kem.ts'
import { label } from './labels.ts'
import { hash32, id16 } from './object.ts'
import { none } from './padding.ts'
import { kdf, kemPublic, namedHash, random } from './primitives.ts'

export const groupWraps = struct({
  leaves: list(struct({ id: id16, sealed: bytes })),
  nodes: list(struct({ index: uint, sealed: bytes })),
  pages: list(reference),
})
export type GroupWraps = Of<typeof groupWraps>
const context = struct({ group: hash32, epoch: uint })

/** The secret of one group epoch; everything else of it derives from it. */
export interface GroupEpoch {
  number: number
  secret: Uint8Array
}

export const drawGroupEpoch = (number: number): GroupEpoch => ({ number, secret: random(32) })
/** Opens the log, the catalogue and the feed of the epoch. */
export const groupKey = (epoch: GroupEpoch): Uint8Array => kdf(epoch.secret, label.groupKey)
/** X-Wing seed: grants to the group are sealed to its public key. */
export const groupKemSeed = (epoch: GroupEpoch): Uint8Array => kdf(epoch.secret, label.groupKem)
export const groupKem = (epoch: GroupEpoch): Uint8Array => kemPublic(groupKemSeed(epoch))

const leafId = (group: Uint8Array, kem: Uint8Array): Uint8Array =>
  namedHash(label.groupLeaf, concat(group, kem)).slice(0, 16)
const contextOf = (group: Uint8Array, epoch: number): Uint8Array => encode(context, { group, epoch })

export function wrapGroupEpoch(group: Uint8Array, epoch: GroupEpoch, members: Uint8Array[]): GroupWraps {
  const header = contextOf(group, epoch.number)
  const leaves = members.map(kem => {
    const id = leafId(group, kem)
    return { id, sealed: sealTo(kem, label.groupWrap, concat(header, id), epoch.secret, none) }
  })
  return { leaves, nodes: [], pages: [] }
}

/** null where no leaf is ours: not a member, or not of this epoch. */
export function unwrapGroupEpoch(
  group: Uint8Array,
  epoch: number,
  wraps: GroupWraps,
  seed: Uint8Array,
): GroupEpoch | null {
  const id = leafId(group, kemPublic(seed))
  const leaf = wraps.leaves.find(candidate => equal(candidate.id, id))
  if (!leaf) return null
  const secret = openWith(seed, label.groupWrap, concat(contextOf(group, epoch), id), leaf.sealed, none)
  return { number: epoch, secret: checked(secret) }
}

/** Each older secret under its next: a key seals one thing for this purpose. */
export const wrapPrevious = (group: Uint8Array, older: GroupEpoch, next: GroupEpoch): Uint8Array =>
  seal(groupKey(next), label.groupPrevious, contextOf(group, older.number), older.secret, none)

/** All epochs, oldest first, from the newest and the chain of older ones. */
export function unwrapPrevious(group: Uint8Array, newest: GroupEpoch, previous: Uint8Array[]): GroupEpoch[] {
  if (previous.length >= newest.number) return tampered('more group epochs than there were')
  const epochs = [newest]
  for (const sealed of previous.toReversed()) {
    const next = epochs[0]!
    const number = next.number - 1
    const secret = checked(open(groupKey(next), label.groupPrevious, contextOf(group, number), sealed, none))
    epochs.unshift({ number, secret })
  }
  return epochs
}

const checked = (secret: Uint8Array): Uint8Array =>
  secret.length === 32 ? secret : tampered('a group secret has 32 bytes')
