/**
 * Messages left in an inbox or a group's feed, at most 4 KiB (SPEC X1–X4).
 *
 *   to a person: [ header, X-Wing ciphertext ‖ envelope(header, body) ]     header = [version, "message", seal id]
 *   to a group:  [ header, envelope(group key, header, body) ]              header = [version, "group-message", seal id, epoch]
 *
 * The body is signed bytes (signed.ts): who wrote it is known only to whoever opens it.
 */
import { bytes, decode, encode, literal, struct, uint } from './codec.ts'
import { AlveoleError } from './errors.ts'
import { open, seal } from './envelope.ts'
import { openWith, sealTo } from './kem.ts'
import { groupKey, type GroupEpoch } from './group-epoch.ts'
import { label, VERSION } from './labels.ts'
import { drawSealId, id16 } from './object.ts'
import { steps } from './padding.ts'

export const MESSAGE_BYTES = 4096

const personHeader = struct({ version: literal(VERSION), type: literal('message'), sealId: id16 })
const groupHeader = struct({ version: literal(VERSION), type: literal('group-message'), sealId: id16, epoch: uint })
const object = struct({ header: bytes, sealed: bytes })
const padding = steps(512)

function bounded(message: Uint8Array): Uint8Array {
  if (message.length > MESSAGE_BYTES) throw new AlveoleError('too-large', 'a message holds 4 KiB at most')
  return message
}

export function sealMessage(to: Uint8Array, body: Uint8Array): Uint8Array {
  const head = encode(personHeader, { version: 1, type: 'message', sealId: drawSealId() })
  return bounded(encode(object, { header: head, sealed: sealTo(to, label.message, head, body, padding) }))
}

export function openMessage(seed: Uint8Array, from: Uint8Array): Uint8Array {
  const { header: head, sealed } = decode(object, bounded(from))
  decode(personHeader, head) // X2: refuse anything of another kind
  return openWith(seed, label.message, head, sealed, padding)
}

export function sealGroupMessage(epoch: GroupEpoch, body: Uint8Array): Uint8Array {
  const head = encode(groupHeader, { version: 1, type: 'group-message', sealId: drawSealId(), epoch: epoch.number })
  return bounded(
    encode(object, { header: head, sealed: seal(groupKey(epoch), label.groupMessage, head, body, padding) }),
  )
}

/** null where it was written in an epoch that we do not have. */
export function openGroupMessage(epochs: GroupEpoch[], from: Uint8Array): Uint8Array | null {
  const { header: head, sealed } = decode(object, bounded(from))
  const { epoch: number } = decode(groupHeader, head)
  const epoch = epochs.find(candidate => candidate.number === number)
  return epoch ? open(groupKey(epoch), label.groupMessage, head, sealed, padding) : null
}

/** Which epoch a message says that it is of: to know what has to be at hand to open it. */
export const unsafeMessageEpoch = (from: Uint8Array): number =>
  decode(groupHeader, decode(object, bounded(from)).header).epoch
