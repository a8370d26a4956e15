/**
 * The head of a group, in the pod that hosts it (SPEC N9–N12).
 *
 *   signed( [ header, log part ] )
 *   header   = [version, "group", signing steward, seal id, group, epoch, root of the key tree, stewards' object, previous epochs]
 *   log part = envelope(group key of `epoch`, header, [checkpoint | null, archive | null, newest entries]), in steps of 512 bytes
 */
import { equal, toHex } from './bytes.ts'
import { bytes, decode, encode, list, optional, struct, uint, type Of } from './codec.ts'
import { open, seal } from './envelope.ts'
import { tampered } from './errors.ts'
import { groupKem, groupKey, type GroupEpoch } from './group-epoch.ts'
import type { GroupState } from './group-entry.ts'
import { label } from './labels.ts'
import { drawSealId, hash32, headerStart, id16, type Unsealed } from './object.ts'
import { steps } from './padding.ts'
import { hash } from './primitives.ts'
import { reference } from './reference.ts'
import { signBytes, unsafeUnverified, verifySigned, type Signer } from './signed.ts'

const header = struct({
  ...headerStart('group'),
  group: hash32,
  epoch: uint,
  /** A page of the key tree (key-tree.ts) that stands in the head. */
  tree: bytes,
  /** Where the steward key is, sealed to each steward (enrolment.ts). */
  stewards: struct({ sealId: id16, hash: hash32 }),
  previous: list(bytes),
})
const object = struct({ header: bytes, log: bytes })
const logPart = struct({
  /** The newest checkpoint's entry; null where it stands among `entries`, or there is none. */
  checkpoint: optional(bytes),
  /** The entries before (archive.ts); null: these are all. */
  archive: optional(reference),
  entries: list(bytes),
})
const logPadding = steps(512)

export type GroupHeader = Of<typeof header>
export type GroupLogPart = Of<typeof logPart>

export function sealGroupHead(
  of: Unsealed<GroupHeader>,
  log: GroupLogPart,
  epoch: GroupEpoch,
  signer: Signer,
): Uint8Array {
  const head = encode(header, { ...of, sealId: drawSealId() })
  const sealed = seal(groupKey(epoch), label.groupLog, head, encode(logPart, log), logPadding)
  return signBytes(signer, label.groupHead, encode(object, { header: head, log: sealed }))
}

/** Before its signature is checked: to know whose identity must be read, and to find one's own leaf. */
export const unsafeGroupHeader = (from: Uint8Array): GroupHeader =>
  decode(header, decode(object, unsafeUnverified(from).signed).header)

/** The log as the head has it; whether the signer is a steward, the log then says. */
export function openGroupHead(
  from: Uint8Array,
  group: Uint8Array,
  epoch: GroupEpoch,
  publicKeyOf: (signer: Uint8Array) => Uint8Array | null,
): GroupLogPart {
  const { header: head, log } = decode(object, verifySigned(from, label.groupHead, publicKeyOf).signed)
  if (!equal(decode(header, head).group, group)) return tampered('the head of another group')
  const part = decode(logPart, open(groupKey(epoch), label.groupLog, head, log, logPadding))
  return part.entries.length ? part : tampered('a group head without an entry')
}

/**
 * Whether the log that a head carries stands behind that head (N11): its group, signed for by a steward, and its newest
 * epoch, whose secret gives the very key that the log announced. Anybody can wrap a secret to a member: this is what tells
 * the group's from a host's.
 */
export function checkGroupHead(head: GroupHeader, log: GroupState, epoch: GroupEpoch): void {
  if (toHex(head.group) !== log.id || !log.stewards.has(head.owner))
    return tampered('a group head that its log does not know')
  const newest = head.epoch === log.epoch && epoch.number === log.epoch
  if (!newest || !equal(hash(groupKem(epoch)), log.kem)) return tampered('a group epoch that its log does not know')
}
