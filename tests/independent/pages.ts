/** SPEC §15: the pages that a group's head and log name, by their references (N14), and the roster (N17). */
import { hex, need, same } from './cbor.ts'
import { hash, kdf, openEnvelope, padme } from './primitives.ts'
import {
  anything,
  bytes,
  fields,
  flag,
  id,
  is,
  key,
  orNull,
  parse,
  rows,
  text,
  uint,
  type Read,
  type Shape,
} from './shape.ts'

/** What has that seal id in the group's container. */
export type Find = (sealId: Uint8Array) => Uint8Array

export const reference = fields({ sealId: id, hash: key, size: uint, key })
type Reference = Shape<typeof reference>
const archive = fields({ before: orNull(reference), entries: rows(bytes), first: uint, secrets: rows(key) })
const member = fields({
  webId: text,
  root: key,
  role: is('steward', 'member', 'observer'),
  leaf: orNull(id),
  by: text,
  at: uint,
})
export type Row = Shape<typeof member>
const tagged = fields({ kind: is('bucket', 'inner'), content: anything })

type Node = { kind: 'bucket'; rows: Row[] } | { kind: 'inner'; children: (Reference | null)[] }
const node: Read<Node> = value => {
  const { kind, content } = tagged(value)
  if (kind === 'bucket') return { kind, rows: fields({ rows: rows(member) })(content).rows }
  const { children } = fields({ children: rows(orNull(reference)) })(content)
  need(children.length === 16 && children.some(child => child !== null))
  return { kind, children }
}
const state = fields({
  epoch: uint,
  kem: key,
  exposed: flag,
  count: uint,
  offers: rows(fields({ id, offer: bytes })),
  nested: rows(fields({ child: key, location: text })),
  succession: rows(bytes),
  roster: node,
})
export type State = Shape<typeof state>

function page<T>(kind: string, of: Read<T>, group: Uint8Array, named: Reference, find: Find): T {
  const stored = find(named.sealId)
  need(same(hash(stored), named.hash))
  const read = parse(fields({ header: bytes, sealed: bytes }), stored)
  const header = parse(fields({ version: is(1), type: is(kind), sealId: id, group: key }), read.header)
  need(same(header.group, group))
  return parse(of, openEnvelope(named.key, kind.replace('-', ' '), read.header, read.sealed, padme))
}

export const stateNamed = (group: Uint8Array, named: Reference, find: Find): State =>
  page('group-state', state, group, named, find)

/** All pages, oldest first. */
export function archived(newest: Reference | null, group: Uint8Array, find: Find): Shape<typeof archive>[] {
  const all: Shape<typeof archive>[] = []
  for (let at = newest; at; at = all[0]!.before) all.unshift(page('group-archive', archive, group, at, find))
  return all
}

/** N17. */
export function rowOf(nonce: Uint8Array, group: Uint8Array, { roster }: State, webId: string, find: Find): Row | null {
  const digits = hex(kdf(nonce, 'group roster name', new TextEncoder().encode(webId)).subarray(0, 16))
  let at = roster
  for (let depth = 0; at.kind === 'inner'; depth++) {
    const child = at.children[Number.parseInt(digits[depth]!, 16)]
    if (!child) return null
    at = page('group-roster', node, group, child, find)
  }
  return at.rows.find(row => row.webId === webId) ?? null
}
