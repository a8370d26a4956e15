/** SPEC D4: a write that waits on a device. */
import { join } from './cbor.ts'
import { hash, openEnvelope, padme } from './primitives.ts'
import { readCells, type Cell } from './segment.ts'
import { bytes, fields, flag, id, is, parse, rows, text, uint } from './shape.ts'
import type { Seeds } from './unlock.ts'

const object = fields({ header: bytes, sealed: bytes })
const header = fields({ version: is(1), type: is('queued-write'), sealId: id, collection: id })
const content = fields({
  at: uint,
  known: rows(id),
  sections: rows(fields({ facet: text, isWritten: flag, cells: bytes })),
})

interface Queued {
  collection: Uint8Array
  at: number
  known: string[]
  sections: { facet: string; isWritten: boolean; cells: Cell[] }[]
}

export function queuedWrite(from: Uint8Array, { sign, kem }: Seeds): Queued {
  const read = parse(object, from)
  const { collection } = parse(header, read.header)
  const opened = openEnvelope(hash(join(sign, kem)), 'queued write', read.header, read.sealed, padme)
  const { at, known, sections } = parse(content, opened)
  return {
    collection,
    at,
    known: known.map(each => Buffer.from(each).toString('hex')),
    sections: sections.map(({ facet, isWritten, cells }) => ({ facet, isWritten, cells: readCells(cells) })),
  }
}
