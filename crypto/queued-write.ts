/**
 * A write that waits for its pod, as one device keeps it (SPEC D4): sealed under a key of its own seeds, since its sections are
 * sealed for others only when it is sent, after the checks.
 *
 *   [ header, envelope(BLAKE2b(signing seed ‖ kem seed), header, content) ]
 *   header  = [version, "queued-write", seal id, collection]
 *   content = [asked for at (ms), [record id that was there before, …], [[facet, is written, cells], …]]
 */
import { fromHex, toHex } from './bytes.ts'
import { decodeCells, encodeCells, type Cell } from './cells.ts'
import { bool, bytes, decode, encode, list, literal, struct, text, uint } from './codec.ts'
import { deviceKeyOf } from './device-slot.ts'
import { open, seal } from './envelope.ts'
import type { Seeds } from './identity.ts'
import { label, VERSION } from './labels.ts'
import { drawSealId, id16 } from './object.ts'
import { padme } from './padding.ts'

const header = struct({ version: literal(VERSION), type: literal('queued-write'), sealId: id16, collection: id16 })
const content = struct({
  at: uint,
  known: list(id16),
  sections: list(struct({ facet: text, isWritten: bool, cells: bytes })),
})
const object = struct({ header: bytes, sealed: bytes })

export interface QueuedWrite {
  collection: Uint8Array
  /** Milliseconds since 1970. */
  at: number
  /** The records that were there before: 32 hexadecimal digits each. */
  known: string[]
  /** Of the records written: what is written, and what else they held, which is not. */
  sections: { facet: string; isWritten: boolean; cells: Cell[] }[]
}

export function sealQueuedWrite(seeds: Seeds, { collection, at, known, sections }: QueuedWrite): Uint8Array {
  const head = encode(header, { version: 1, type: 'queued-write', sealId: drawSealId(), collection })
  const body = encode(content, {
    at,
    known: known.map(id => fromHex(id)),
    sections: sections.map(section => ({ ...section, cells: encodeCells(section.cells) })),
  })
  return encode(object, { header: head, sealed: seal(deviceKeyOf(seeds), label.queuedWrite, head, body, padme) })
}

export function openQueuedWrite(seeds: Seeds, from: Uint8Array): QueuedWrite {
  const { header: head, sealed } = decode(object, from)
  const { collection } = decode(header, head)
  const { at, known, sections } = decode(content, open(deviceKeyOf(seeds), label.queuedWrite, head, sealed, padme))
  return {
    collection,
    at,
    known: known.map(id => toHex(id)),
    sections: sections.map(section => ({ ...section, cells: decodeCells(section.cells) })),
  }
}
