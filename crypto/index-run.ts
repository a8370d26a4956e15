/**
 * An index run: what lists and searches need of the newest cells of some segments, so that nobody reads these to list them
 * (SPEC Q1–Q6). For the owner alone: its key stands in the head's owner part.
 *
 *   [ header, envelope(run key, header, content), padded by Padmé ]
 *   header  = [version, "index-run", owner, seal id, collection]
 *   content = [ [[segment, its number of cells], …], [[segment's number, epoch, facet path, kind], …], n × record id (16), n × stamp (8),
 *               n × number of the group (4), JSON text of n × [said, words] | null ]
 */
import { equal, fromHex, toHex } from './bytes.ts'
import { bytes, decode, encode, fixed, list, struct, text, uint } from './codec.ts'
import { open, seal } from './envelope.ts'
import { tampered } from './errors.ts'
import type { Epoch } from './facet-keys.ts'
import { label } from './labels.ts'
import { drawSealId, headerStart, id16 } from './object.ts'
import { padme } from './padding.ts'
import { hash, random } from './primitives.ts'
import type { Reference } from './reference.ts'

const run = struct({ header: bytes, sealed: bytes })
const header = struct({ ...headerStart('index-run'), collection: id16 })
const content = struct({
  segments: list(struct({ id: id16, cells: uint })),
  groups: list(struct({ segment: uint, epoch: fixed(8), facet: text, kind: text })),
  ids: bytes,
  stamps: bytes,
  groupOf: bytes,
  briefs: text,
})

/** What a list shows and a search finds of one cell. */
export interface Brief {
  /** Those of its properties that name, date or picture the record. */
  said: { [name: string]: unknown }
  /** Words of all its properties, folded, each once. */
  words: string
}

/** The newest cell of a record and leaf facet, as far as lists need it. */
export interface IndexEntry {
  /** 32 hexadecimal digits. */
  record: string
  /** Hybrid logical clock, milliseconds since 1970. */
  stamp: number
  kind: string
  facet: string
  epoch: Epoch
  /** Seal id of the segment that has the cell, as hexadecimal digits. */
  segment: string
  /** null: a tombstone. */
  brief: Brief | null
}

/** A segment that a run covers, with how many cells it has, newest or not. */
export interface Covered {
  /** Seal id, as hexadecimal digits. */
  segment: string
  cells: number
}

export interface SealedRun {
  reference: Reference
  bytes: Uint8Array
}

/** Covers `segments`; the entries are in these. Draws the seal id and the key. */
export function sealIndexRun(
  owner: string,
  collection: Uint8Array,
  segments: readonly Covered[],
  entries: readonly IndexEntry[],
): SealedRun {
  const [sealId, key] = [drawSealId(), random(32)]
  const head = encode(header, { version: 1, type: 'index-run', owner, sealId, collection })
  const sealed = seal(key, label.indexRun, head, encode(content, columnsOf(segments, entries)), padme)
  const whole = encode(run, { header: head, sealed })
  return { reference: { sealId, hash: hash(whole), size: whole.length, key }, bytes: whole }
}

function columnsOf(segments: readonly Covered[], entries: readonly IndexEntry[]) {
  const numbers = new Map(segments.map(({ segment }, number) => [segment, number]))
  const groups = new Map<string, { number: number; segment: number; epoch: Uint8Array; facet: string; kind: string }>()
  const stamps = new DataView(new ArrayBuffer(8 * entries.length))
  const groupOf = new DataView(new ArrayBuffer(4 * entries.length))
  for (const [i, { stamp, segment, epoch, facet, kind }] of entries.entries()) {
    const name = `${segment} ${epoch} ${facet} ${kind}`
    let group = groups.get(name)
    if (!group) {
      group = { number: groups.size, segment: numbers.get(segment)!, epoch: fromHex(epoch), facet, kind }
      groups.set(name, group)
    }
    stamps.setBigUint64(8 * i, BigInt(stamp))
    groupOf.setUint32(4 * i, group.number)
  }
  return {
    segments: segments.map(({ segment, cells }) => ({ id: fromHex(segment), cells })),
    groups: [...groups.values()],
    ids: fromHex(entries.map(({ record }) => record).join('')),
    stamps: new Uint8Array(stamps.buffer),
    groupOf: new Uint8Array(groupOf.buffer),
    briefs: JSON.stringify(entries.map(({ brief }) => brief && [brief.said, brief.words])),
  }
}

export interface OpenedRun {
  segments: Covered[]
  entries: IndexEntry[]
}

/** The caller has checked the run's hash against the head (Q3). */
export function openIndexRun(from: Uint8Array, owner: string, collection: Uint8Array, key: Uint8Array): OpenedRun {
  const { header: head, sealed } = decode(run, from)
  const read = decode(header, head)
  if (read.owner !== owner || !equal(read.collection, collection)) return tampered('an index run of elsewhere')
  const columns = decode(content, open(key, label.indexRun, head, sealed, padme))
  const briefs = parse(columns.briefs)
  const { ids, stamps, groupOf } = columns
  if (ids.length !== 16 * briefs.length || stamps.length !== 8 * briefs.length || groupOf.length !== 4 * briefs.length)
    return tampered('columns differ')
  const segments = columns.segments.map(({ id, cells }) => ({ segment: toHex(id), cells }))
  const groups = columns.groups.map(({ segment, epoch, facet, kind }) => ({
    segment: segments[segment]?.segment ?? tampered('a segment that is not covered'),
    epoch: toHex(epoch) as Epoch,
    facet,
    kind,
  }))
  const [stampAt, groupAt] = [viewOf(stamps), viewOf(groupOf)]
  const entries = briefs.map((brief, i) => {
    const { segment, epoch, facet, kind } = groups[groupAt.getUint32(4 * i)] ?? tampered('a group that is not there')
    const stamp = Number(stampAt.getBigUint64(8 * i))
    const record = toHex(ids.subarray(16 * i, 16 * i + 16))
    return { record, stamp, kind, facet, epoch, segment, brief: brief && { said: brief[0], words: brief[1] } }
  })
  return { segments, entries }
}

const viewOf = (from: Uint8Array): DataView => new DataView(from.buffer, from.byteOffset, from.length)

type Written = [Brief['said'], string] | null

function parse(json: string): Written[] {
  try {
    const value: unknown = JSON.parse(json)
    if (Array.isArray(value) && value.every(isWritten)) return value
  } catch {
    // reported below, as any other malformed text
  }
  return tampered('malformed index')
}

const isWritten = (item: unknown): item is Written =>
  item === null ||
  (Array.isArray(item) &&
    item.length === 2 &&
    typeof item[0] === 'object' &&
    item[0] !== null &&
    !Array.isArray(item[0]) &&
    typeof item[1] === 'string')
