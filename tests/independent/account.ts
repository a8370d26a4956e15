/** SPEC §14 (A): the account, its generations unwrapped with a device's or the root's seeds, its state. */
import { encode, need, same } from './cbor.ts'
import { reference } from './collection.ts'
import { keyId } from './identity.ts'
import {
  kemPublic,
  none,
  openEnvelope,
  padme,
  openSealed,
  signingPublic,
  steps,
  unverified,
  verified,
  type KeyOf,
} from './primitives.ts'
import {
  bytes,
  fields,
  flag,
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
  type Shape,
} from './shape.ts'
import { slot, type Seeds } from './unlock.ts'

const header = fields({
  version: is(1),
  type: is('account'),
  owner: text,
  sealId: id,
  generation: uint,
  vector,
  identityHead: key,
  wraps: rows(fields({ to: id, sealed: bytes })),
  previous: rows(bytes),
  slots: rows(slot),
})
const object = fields({ header: bytes, state: bytes })
const keys = fields({ key, kemSeed: key })

export type AccountHeader = Shape<typeof header>
export interface Account {
  header: AccountHeader
  headerBytes: Uint8Array
  state: Uint8Array
}
export interface Generation {
  number: number
  key: Uint8Array
  kemSeed: Uint8Array
}

/** Its slots are needed before there is a key to verify it with. */
export const unverifiedHeader = (stored: Uint8Array): AccountHeader =>
  parse(header, parse(object, unverified(stored).bytes).header)

export function account(stored: Uint8Array, owner: string, keyOf: KeyOf): Account {
  const { header: headerBytes, state } = parse(object, verified(stored, 'account', keyOf))
  const read = parse(header, headerBytes)
  need(read.owner === owner && read.slots.length <= 8) // P6
  return { header: read, headerBytes, state }
}

/** A2, A4: the newest generation from our wrap, each older one from its next. Oldest first. */
export function generations(of: AccountHeader, seeds: Seeds): Generation[] {
  const mine = keyId(signingPublic(seeds.sign), kemPublic(seeds.kem)).subarray(0, 16)
  const wrap = of.wraps.find(({ to }) => same(to, mine))
  need(wrap !== undefined, 'wrong-unlock')
  const about = (number: number): Uint8Array => encode([of.owner, number])
  const newest = parse(keys, openSealed(seeds.kem, 'account wrap', about(of.generation), wrap.sealed, none))
  need(of.previous.length < of.generation)
  const all: Generation[] = [{ number: of.generation, ...newest }]
  for (const sealed of of.previous.toReversed()) {
    const next = all[0]!
    const number = next.number - 1
    const opened = openEnvelope(next.key, 'account previous generation', about(number), sealed, none)
    all.unshift({ number, ...parse(keys, opened) })
  }
  return all
}

/** A5: the bytes of the state. */
export const stateOf = (of: Account, newest: Generation): Uint8Array =>
  openEnvelope(newest.key, 'account state', of.headerBytes, of.state, steps(8192))

const grant = fields({
  id,
  to: text,
  toKind: is('person', 'group'),
  collections: rows(id),
  facets: rows(text),
  from: uint,
  until: uint,
  purpose: text,
  epochs: is('all', 'existing', 'new'),
  held: rows(fields({ collection: id, epochs: rows(sized(8)) })),
  state: is('giving', 'live', 'ending', 'ended'),
  agreement: bytes,
  given: uint,
  ended: orNull(uint),
  signed: uint,
  behind: rows(id),
})
const group = fields({
  url: text,
  id: key,
  name: text,
  role: is('steward', 'member', 'observer'),
  state: is('pending', 'member', 'removed'),
  steward: text,
  stewardRoot: key,
  invitations: rows(fields({ id, secret: key })),
  seen: orNull(fields({ index: uint, hash: key })),
})
const consent = fields({
  offer: id,
  group: text,
  version: key,
  status: is('given', 'refused', 'withdrawn'),
  grant: orNull(id),
  at: uint,
  narrowed: flag,
  told: is('never', 'waiting', 'told'),
  record: bytes,
  text: bytes,
})
const line = fields({ at: uint, what: text, object: text, who: text })
export const state = fields({
  secret: key,
  collections: rows(fields({ id, name: text, created: uint })),
  selections: rows(
    fields({
      id,
      created: uint,
      follows: flag,
      pseudonyms: orNull(key),
      kept: flag,
      facets: rows(text),
      originals: rows(fields({ collection: id, records: rows(id) })),
      state: is('making', 'standing', 'ending'),
    }),
  ),
  grants: rows(grant),
  groups: rows(group),
  pins: rows(fields({ webId: text, root: key, confirmed: flag })),
  checkpoints: rows(
    fields({
      collection: id,
      vector,
      rows: rows(fields({ record: id, kind: text, modified: uint, facets: rows(text), said: text })),
      more: flag,
      holders: rows(id),
    }),
  ),
  journal: rows(line),
  consents: rows(consent),
  received: rows(fields({ grant: id, owner: text, collections: rows(text), at: uint })),
  pages: rows(reference),
  devices: rows(fields({ id, name: text })),
  leaving: rows(id),
})
export type AccountState = Shape<typeof state>

const pageHeader = fields({ version: is(1), type: is('account-page'), owner: text, sealId: id })
const page = fields({ header: bytes, sealed: bytes })
const history = fields({ grants: rows(grant), journal: rows(line), consents: rows(consent) })

/** A10: what is over, of one page. */
export function accountPage(stored: Uint8Array, owner: string, pageKey: Uint8Array): Shape<typeof history> {
  const { header: about, sealed } = parse(page, stored)
  need(parse(pageHeader, about).owner === owner)
  return parse(history, openEnvelope(pageKey, 'account page', about, sealed, padme))
}
