/**
 * The roster of a group: its members as of a checkpoint, by name of the WebID, in pages that only members can open (SPEC N17).
 *
 *   name  = first 16 bytes of KDF(nonce, "group roster name", WebID)
 *   node  = ["bucket", [[WebID, root, role, leaf, by, at], …]] | ["inner", 16 × null | reference of a page]
 *
 * It changes with a checkpoint alone: until the next one, the log's entries tell what is different.
 */
import { fromHex, utf8 } from './bytes.ts'
import { list, optional, oneOf, struct, text, uint, union, where, type Of } from './codec.ts'
import type { StoredObject } from './enrolment.ts'
import { pageKind } from './group-page.ts'
import { label } from './labels.ts'
import { hash32, id16 } from './object.ts'
import { kdf } from './primitives.ts'
import { reference, type Reference } from './reference.ts'
import type { Shelf, Trie } from './trie.ts'

const row = struct({
  webId: text,
  root: hash32,
  role: oneOf('steward', 'member', 'observer'),
  leaf: optional(id16),
  by: text,
  at: uint,
})
export type RosterRow = Of<typeof row>
const inner = where(
  struct({ children: list(optional(reference)) }),
  '16 slots, not all of them empty',
  ({ children }) => children.length === 16 && children.some(one => one !== null),
)
export const rosterNode = union({ bucket: struct({ leaves: list(row) }), inner })
export type RosterNode = Trie<RosterRow, Reference>

export const rosterPage = pageKind('group-roster', label.groupRoster, rosterNode)

/** `nonce` is the founding's: who is no member cannot tell whose a name is. */
export const rosterName = (nonce: Uint8Array, webId: string): Uint8Array =>
  kdf(nonce, label.groupRosterName, utf8(webId)).slice(0, 16)

/** Changed by a checkpoint alone, and read by who looks at what a circle shares: a middling one's in one page. */
const BUCKET = 128

/** `store` puts what it makes behind the others of `stored`. */
export const rosterShelf = (
  { id, nonce }: { id: string; nonce: Uint8Array },
  stored: StoredObject[] = [],
): Shelf<RosterRow, Reference> => ({
  bucket: BUCKET,
  nameOf: ({ webId }) => rosterName(nonce, webId),
  load: from => rosterPage.read(fromHex(id), from),
  store(node) {
    const { reference: named, ...sealed } = rosterPage.seal(fromHex(id), node)
    stored.push(sealed)
    return named
  },
})
