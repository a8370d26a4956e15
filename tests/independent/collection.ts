/** SPEC §7, §9 (K, H): facet keys, heads, manifests and their pages, version vectors. */
import { hex, join, need, same } from './cbor.ts'
import { hash, kdf, openEnvelope, padme, steps, verified, type KeyOf, type Rule } from './primitives.ts'
import {
  bytes,
  fields,
  id,
  is,
  key,
  orNull,
  parse,
  rows,
  sized,
  text,
  uint,
  vector,
  type Read,
  type Shape,
} from './shape.ts'

const epoch = sized(8)
export const reference = fields({ sealId: id, hash: key, size: uint, key })
const headHeader = fields({
  version: is(1),
  type: is('head'),
  owner: text,
  sealId: id,
  collection: id,
  epoch,
  generation: uint,
  vector,
  identityHead: key,
  keyring: orNull(fields({ sealId: id, hash: key })),
})
const parts = fields({ header: bytes, owner: bytes, manifest: bytes, tail: bytes })
const ownerShape = fields({
  epochs: rows(fields({ id: epoch, key, opened: uint, of: rows(epoch) })),
  holders: rows(fields({ grant: id, to: key, agreement: key, facets: key })),
  withheld: rows(fields({ grant: id, epoch })),
  accountVector: vector,
  index: fields({ runs: rows(fields({ run: reference, gone: rows(id) })), loose: rows(id) }),
})
const entry = fields({ sealId: id, hash: key, size: uint, key, epochs: rows(epoch) })
const manifestShape = fields({ tail: key, segments: rows(entry), pages: rows(reference), condemned: rows(id) })

export interface Head {
  header: Shape<typeof headHeader>
  parts: Shape<typeof parts>
}
export type Manifest = Shape<typeof manifestShape>
export type SegmentEntry = Shape<typeof entry>

/** H1, H2, I5. */
export function head(stored: Uint8Array, owner: string, collection: Uint8Array, keyOf: KeyOf): Head {
  const read = parse(parts, verified(stored, 'head', keyOf))
  const header = parse(headHeader, read.header)
  need(header.owner === owner && same(header.collection, collection))
  return { header, parts: read }
}

export const ownerPart = ({ parts: { header, owner } }: Head, generationKey: Uint8Array): Shape<typeof ownerShape> =>
  parse(ownerShape, openEnvelope(generationKey, 'head, owner part', header, owner, steps(1024)))

/** K3, H8: M opens it; the four parts fill a multiple of 8 KiB. */
export function manifest({ parts: { header, owner, manifest: sealed, tail } }: Head, m: Uint8Array): Manifest {
  const rest = header.length + owner.length + tail.length + 48
  const rule: Rule = n => steps(8192)(n + rest) - rest
  return parse(manifestShape, openEnvelope(m, 'head, manifest part', join(header, owner), sealed, rule))
}

export const manifestKey = (epochKey: Uint8Array): Uint8Array => kdf(epochKey, 'manifest key')

const object = fields({ header: bytes, sealed: bytes })
export const inCollection = (type: string): Read<{ sealId: Uint8Array; owner: string; collection: Uint8Array }> =>
  fields({ version: is(1), type: is(type), owner: text, sealId: id, collection: id })

/** H9: a page of older segments. */
export function manifestPage(
  stored: Uint8Array,
  owner: string,
  collection: Uint8Array,
  pageKey: Uint8Array,
): SegmentEntry[] {
  const { header, sealed } = parse(object, stored)
  const read = parse(inCollection('manifest-page'), header)
  need(read.owner === owner && same(read.collection, collection))
  return parse(rows(entry), openEnvelope(pageKey, 'manifest page', header, sealed, steps(4096)))
}

const columns = fields({
  segments: rows(fields({ id, cells: uint })),
  groups: rows(fields({ segment: uint, epoch, facet: text, kind: text })),
  ids: bytes,
  stamps: bytes,
  groupOf: bytes,
  said: text,
  words: text,
})

export interface IndexEntry {
  record: string
  stamp: number
  kind: string
  facet: string
  epoch: string
  segment: string
  brief: { said: unknown; words: unknown } | null
}

/** Q2, Q3. */
export function indexRun(stored: Uint8Array, owner: string, collection: Uint8Array, runKey: Uint8Array) {
  const { header, sealed } = parse(object, stored)
  const read = parse(inCollection('index-run'), header)
  need(read.owner === owner && same(read.collection, collection))
  const { segments, groups, ids, stamps, groupOf, said, words } = parse(
    columns,
    openEnvelope(runKey, 'index run', header, sealed, padme),
  )
  const all = briefsOf(said, words)
  need(ids.length === 16 * all.length && stamps.length === 8 * all.length && groupOf.length === 4 * all.length)
  need(groups.every(({ segment }) => segment < segments.length))
  const view = new DataView(join(stamps, groupOf).buffer)
  const entries = all.map((brief, i): IndexEntry => {
    const group = groups[view.getUint32(stamps.length + 4 * i)]
    need(group !== undefined)
    return {
      record: hex(ids.subarray(16 * i, 16 * i + 16)),
      stamp: Number(view.getBigUint64(8 * i)),
      kind: group.kind,
      facet: group.facet,
      epoch: hex(group.epoch),
      segment: hex(segments[group.segment]!.id),
      brief,
    }
  })
  return { segments: segments.map(({ id: segment, cells }) => ({ segment: hex(segment), cells })), entries }
}

function briefsOf(said: string, words: string): IndexEntry['brief'][] {
  const [objects, texts] = [linesOf(said), linesOf(words)]
  need(objects.length === texts.length)
  return objects.map((json, i) => (json ? { said: objectOf(json), words: texts[i]! } : null))
}

function linesOf(from: string): string[] {
  const lines = from.split('\n')
  need(lines.pop() === '')
  return lines
}

function objectOf(json: string): unknown {
  let value: unknown = null
  try {
    value = JSON.parse(json)
  } catch {
    // refused below
  }
  need(typeof value === 'object' && value !== null && !Array.isArray(value))
  return value
}

/** H7: what something names is checked against its hash before it is opened. */
export const named = (stored: Uint8Array, digest: Uint8Array): Uint8Array => {
  need(same(hash(stored), digest))
  return stored
}

/** K2: a facet's key, from an epoch's key down the concept ids of a path; or from a broader facet's key (K4). */
export const facetKey = (epochKey: Uint8Array, path: string): Uint8Array => descend(kdf(epochKey, 'facet root'), path)
export const isWithin = (path: string, broader: string): boolean => path === broader || path.startsWith(`${broader}/`)
export function narrower(of: Uint8Array, broader: string, path: string): Uint8Array {
  need(isWithin(path, broader), 'usage')
  return path === broader ? of : descend(of, path.slice(broader.length + 1))
}
const descend = (from: Uint8Array, path: string): Uint8Array =>
  path.split('/').reduce((parent, concept) => kdf(parent, 'facet', new TextEncoder().encode(concept)), from)

/** H5. */
export function order(one: Shape<typeof vector>, other: Shape<typeof vector>): 'equal' | 'after' | 'before' | 'apart' {
  const counts = [one, other].map(of => new Map(of.map(row => [hex(row.device), row])))
  const devices = new Set(counts.flatMap(of => [...of.keys()]))
  const pairs = [...devices].map(device => counts.map(of => of.get(device) ?? null))
  const apart = pairs.some(([a, b]) => a && b && a.commits === b.commits && !same(a.last, b.last))
  const signs = new Set(pairs.map(([a, b]) => Math.sign((a?.commits ?? 0) - (b?.commits ?? 0))))
  if (apart || (signs.has(1) && signs.has(-1))) return 'apart'
  return signs.has(1) ? 'after' : signs.has(-1) ? 'before' : 'equal'
}
