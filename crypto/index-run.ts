/**
 * An index run: what lists and searches need of the newest cells of some segments, so that nobody reads these to list them
 * (SPEC Q1–Q5). For the owner alone: its key stands in the head's owner part.
 *
 *   [ header, envelope(run key, header, content), padded by Padmé ]
 *   header  = [version, "index-run", owner, seal id, collection]
 *   content = [ [[segment, its number of cells], …], [[segment's number, epoch, facet path, kind], …], n × record id (16), n × stamp (8),
 *               n × number of the group (4), n lines of what is said (JSON; empty: a tombstone), n lines of words ]
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
import { entriesIn } from './run-entries.ts'

const run = struct({ header: bytes, sealed: bytes })
const header = struct({ ...headerStart('index-run'), collection: id16 })
const content = struct({
  segments: list(struct({ id: id16, cells: uint })),
  groups: list(struct({ segment: uint, epoch: fixed(8), facet: text, kind: text })),
  ids: bytes,
  stamps: bytes,
  groupOf: bytes,
  said: text,
  words: text,
})

/** What a list shows and a search finds of one cell. */
export interface Brief {
  /** Those of its properties that name, date or picture the record. */
  said: { [name: string]: unknown }
  /** The words of all its properties, folded. */
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
  const numberOf = ({ segment, epoch, facet, kind }: IndexEntry): number => {
    const name = `${segment} ${epoch} ${facet} ${kind}`
    const known = groups.get(name)
    if (known) return known.number
    groups.set(name, { number: groups.size, segment: numbers.get(segment)!, epoch: fromHex(epoch), facet, kind })
    return groups.size - 1
  }
  const stamps = new DataView(new ArrayBuffer(8 * entries.length))
  const groupOf = new DataView(new ArrayBuffer(4 * entries.length))
  let [last, number]: [IndexEntry | null, number] = [null, 0]
  for (const [i, entry] of entries.entries()) {
    if (!last || !isOfGroup(entry, last)) number = numberOf(entry) // they come group by group, nearly
    last = entry
    stamps.setUint32(8 * i, entry.stamp / 2 ** 32)
    stamps.setUint32(8 * i + 4, entry.stamp) // modulo 2^32
    groupOf.setUint32(4 * i, number)
  }
  return {
    segments: segments.map(({ segment, cells }) => ({ id: fromHex(segment), cells })),
    groups: [...groups.values()],
    ids: fromHex(entries.map(({ record }) => record).join('')),
    stamps: new Uint8Array(stamps.buffer),
    groupOf: new Uint8Array(groupOf.buffer),
    said: linesOf(entries, ({ brief }) => (brief ? JSON.stringify(brief.said) : '')),
    words: linesOf(entries, ({ brief }) => brief?.words.replaceAll('\n', ' ') ?? ''),
  }
}

const linesOf = (entries: readonly IndexEntry[], line: (entry: IndexEntry) => string): string =>
  entries.map(entry => `${line(entry)}\n`).join('')

const isOfGroup = (a: IndexEntry, b: IndexEntry): boolean =>
  a.segment === b.segment && a.facet === b.facet && a.kind === b.kind && a.epoch === b.epoch

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
  const segments = columns.segments.map(({ id, cells }) => ({ segment: toHex(id), cells }))
  const groups = columns.groups.map(({ segment, epoch, facet, kind }) => ({
    segment: segments[segment]?.segment ?? tampered('a segment that is not covered'),
    epoch: toHex(epoch) as Epoch,
    facet,
    kind,
  }))
  return { segments, entries: entriesIn({ ...columns, groups }) }
}
