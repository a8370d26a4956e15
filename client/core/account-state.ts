/** What the account says (SPEC A5): the vault's collections, grants, groups and pins, sealed as one state. */
import {
  bool,
  bytes,
  decode,
  encode,
  fixed,
  hash32,
  id16,
  key32,
  list,
  oneOf,
  optional,
  random,
  struct,
  text,
  uint,
  vector,
  type Of,
} from '#crypto'

const collection = struct({ id: id16, name: text, created: uint })

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

const state = struct({
  /** Names records and invitations; never changes. */
  secret: key32,
  collections: list(collection),
  grants: list(grant),
  groups: list(group),
  pins: list(struct({ webId: text, root: hash32, confirmed: bool })),
  /** The newest heads that the vault knew when this was written. */
  checkpoints: list(struct({ collection: id16, vector })),
  journal: list(struct({ at: uint, what: text, object: text, who: text })),
  received: list(struct({ grant: id16, owner: text, collections: list(text), at: uint })),
})

export type AccountState = Of<typeof state>
export type CollectionEntry = Of<typeof collection>
export type GrantEntry = Of<typeof grant>
export type GroupEntry = Of<typeof group>

export const emptyState = (): AccountState => ({
  secret: random(32),
  collections: [],
  grants: [],
  groups: [],
  pins: [],
  checkpoints: [],
  journal: [],
  received: [],
})
export const encodeState = (value: AccountState): Uint8Array => encode(state, value)
export const decodeState = (from: Uint8Array): AccountState => decode(state, from)
