/** What the account says (SPEC A5): the vault's collections, grants, groups and pins, sealed as one state. */
import {
  bool,
  bytes,
  decode,
  encode,
  equal,
  fixed,
  hash32,
  id16,
  key32,
  list,
  oneOf,
  optional,
  random,
  reference,
  struct,
  text,
  uint,
  vector,
  type Of,
} from '#crypto'

const collection = struct({ id: id16, name: text, created: uint })

/** Copies of chosen records, in a collection of their own that stands in no list of folders (SPEC Z). */
const selection = struct({
  id: id16,
  created: uint,
  /** Its originals as they change; else as they were when it was made. */
  follows: bool,
  /** What pseudonyms are made of, drawn for this selection, where it is de-identified. */
  pseudonyms: optional(key32),
  /** Stays without a grant. */
  kept: bool,
  /** Of the records only this is copied. */
  facets: list(text),
  originals: list(struct({ collection: id16, records: list(id16) })),
  state: oneOf('making', 'standing', 'ending'),
})

const grant = struct({
  id: id16,
  to: text,
  toKind: oneOf('person', 'group'),
  collections: list(id16),
  facets: list(text),
  from: uint,
  until: uint,
  purpose: text,
  /** Which epochs it opens: all; only those in `held`; all but those in `held`. */
  epochs: oneOf('all', 'existing', 'new'),
  held: list(struct({ collection: id16, epochs: list(fixed(8)) })),
  state: oneOf('giving', 'live', 'ending', 'ended'),
  /** Signed ODRL agreement. */
  agreement: bytes,
  given: uint,
  ended: optional(uint),
  /** When the agreement was signed: of two changes of its end the later one stands. */
  signed: uint,
  /** Collections whose keyring or access rules may not say yet what this entry does. */
  behind: list(id16),
})

const group = struct({
  url: text,
  id: hash32,
  name: text,
  role: oneOf('steward', 'member', 'observer'),
  state: oneOf('pending', 'member', 'removed'),
  steward: text,
  stewardRoot: hash32,
  invitations: list(struct({ id: id16, secret: key32 })),
  /** The newest log entry seen: what this account knows, later devices must find again. */
  seen: optional(struct({ index: uint, hash: hash32 })),
})

/** One of the newest records of a head, as lists show it (SPEC Q6). `said`: JSON of some of its properties. */
const newest = struct({ record: id16, kind: text, modified: uint, facets: list(text), said: text })

/** The newest head of a collection that the vault knew when this was written, and the newest records in it. */
const checkpoint = struct({
  collection: id16,
  vector,
  rows: list(newest),
  /** Whether there are others, all after the last of `rows`. */
  more: bool,
  /** The grants that its newest epoch is given to. */
  holders: list(id16),
})

/** An answer to an offer, and what became of it. */
const consent = struct({
  offer: id16,
  group: text,
  /** BLAKE2b of the offer as it was answered. */
  version: hash32,
  status: oneOf('given', 'refused', 'withdrawn'),
  grant: optional(id16),
  at: uint,
  /** Less was given than was asked. */
  narrowed: bool,
  /** Whether the group is told. */
  told: oneOf('never', 'waiting', 'told'),
  /** Signed consent record (SPEC X12). */
  record: bytes,
  /** The offer as it was answered. */
  text: bytes,
})

const line = struct({ at: uint, what: text, object: text, who: text })

const state = struct({
  /** Names records and invitations; never changes. */
  secret: key32,
  collections: list(collection),
  selections: list(selection),
  grants: list(grant),
  groups: list(group),
  pins: list(struct({ webId: text, root: hash32, confirmed: bool })),
  checkpoints: list(checkpoint),
  journal: list(line),
  consents: list(consent),
  received: list(struct({ grant: id16, owner: text, collections: list(text), at: uint })),
  /** Where the rest of what is over stands (account-pages.ts). */
  pages: list(reference),
  /** What their owner calls them: the identity log, which is public, does not say. */
  devices: list(struct({ id: id16, name: text })),
  /** Of which the newest generation knows nothing, and which the identity log is about to remove (devices.ts). */
  leaving: list(id16),
})

/** What a page of the account holds: grants that ended, lines of the journal, answers that are over (SPEC A11). */
const history = struct({ grants: list(grant), journal: list(line), consents: list(consent) })

export type AccountState = Of<typeof state>
export type History = Of<typeof history>
export type CollectionEntry = Of<typeof collection>
export type SelectionEntry = Of<typeof selection>
export type GrantEntry = Of<typeof grant>
export type ConsentEntry = Of<typeof consent>
export type GroupEntry = Of<typeof group>
export type Checkpoint = Of<typeof checkpoint>
export type NewestRow = Of<typeof newest>

export const emptyState = (): AccountState => ({
  secret: random(32),
  collections: [],
  selections: [],
  grants: [],
  groups: [],
  pins: [],
  checkpoints: [],
  journal: [],
  consents: [],
  received: [],
  pages: [],
  devices: [],
  leaving: [],
})
/** With what a device is called. */
export const withName = (state: AccountState, id: Uint8Array, name: string): AccountState => ({
  ...state,
  devices: [...state.devices.filter(one => !equal(one.id, id)), { id, name }],
})

export const encodeState = (value: AccountState): Uint8Array => encode(state, value)
export const decodeState = (from: Uint8Array): AccountState => decode(state, from)
export const encodeHistory = (value: History): Uint8Array => encode(history, value)
export const decodeHistory = (from: Uint8Array): History => decode(history, from)
