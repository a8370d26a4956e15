/**
 * What one device keeps for itself (SPEC D1): sealed under a key of its own seeds.
 *
 *   [ header, envelope(BLAKE2b(signing seed ‖ kem seed), header, content) ]   header = [version, "device-slot", seal id]
 */
import { concat } from './bytes.ts'
import { bytes, decode, encode, literal, struct } from './codec.ts'
import { open, seal } from './envelope.ts'
import type { Seeds } from './identity.ts'
import { label, VERSION } from './labels.ts'
import { drawSealId, id16 } from './object.ts'
import { padme } from './padding.ts'
import { hash } from './primitives.ts'

const header = struct({ version: literal(VERSION), type: literal('device-slot'), sealId: id16 })
const object = struct({ header: bytes, sealed: bytes })

/** What only this device has and never sends: nothing else is sealed by it but what stays here. */
export const deviceKeyOf = ({ sign, kem }: Seeds): Uint8Array => hash(concat(sign, kem))

export function sealForDevice(seeds: Seeds, content: Uint8Array): Uint8Array {
  const head = encode(header, { version: 1, type: 'device-slot', sealId: drawSealId() })
  return encode(object, { header: head, sealed: seal(deviceKeyOf(seeds), label.deviceSlot, head, content, padme) })
}

export function openForDevice(seeds: Seeds, from: Uint8Array): Uint8Array {
  const { header: head, sealed } = decode(object, from)
  decode(header, head)
  return open(deviceKeyOf(seeds), label.deviceSlot, head, sealed, padme)
}
