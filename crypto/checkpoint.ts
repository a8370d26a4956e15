/**
 * A checkpoint: what a group's log comes to, so that whoever comes later need not read it from its founding (SPEC N15, N16).
 *
 *   state = [ epoch, hash of its public key, exposed, number of members, [[offer's id, offer], …], [[child, location], …],
 *             [founding, every entry that changed the stewards or a key of theirs, …], root node of the roster ]
 *
 * A steward says so, in an entry of the log. That it was one, the entries of succession prove, each signed by a steward of
 * its time; whom it lists as members is that steward's word, which the log itself can be held against.
 */
import { fromHex, toHex } from './bytes.ts'
import { bool, bytes, list, struct, text, uint, type Of } from './codec.ts'
import type { StoredObject } from './enrolment.ts'
import { tampered } from './errors.ts'
import { unsafeGroupEntry, type GroupState, type KeyOf, type Member } from './group-entry.ts'
import { extendGroupLog, foundedBy } from './group-log.ts'
import { pageKind } from './group-page.ts'
import { label } from './labels.ts'
import { hash32, id16 } from './object.ts'
import { rosterName, rosterNode, rosterShelf, type RosterRow } from './roster.ts'
import type { Reference } from './reference.ts'
import { verifySigned } from './signed.ts'
import { edited, emptyTrie, type Reading } from './trie.ts'

const content = struct({
  epoch: uint,
  kem: hash32,
  exposed: bool,
  count: uint,
  offers: list(struct({ id: id16, offer: bytes })),
  nested: list(struct({ child: hash32, location: text })),
  succession: list(bytes),
  roster: rosterNode,
})
export type Checkpoint = Of<typeof content>

export const checkpointPage = pageKind('group-state', label.groupState, content)

/** What `state` comes to, with the members that the log told of folded into the roster; `stored` gets its pages, last the state. */
export function* sealCheckpoint(
  state: GroupState,
  stored: StoredObject[],
): Reading<{ reference: Reference; checkpoint: Checkpoint }> {
  const shelf = rosterShelf(state, stored)
  const edits = [...state.members.values()].map(member => ({
    name: rosterName(state.nonce, member.webId),
    leaf: member.state === 'member' ? rowOf(member) : null,
  }))
  const roster = yield* edited(shelf, state.roster ?? emptyTrie<RosterRow, Reference>(), edits)
  const { epoch, kem, exposed, count, succession } = state
  const offers = [...state.offers].map(([id, offer]) => ({ id: fromHex(id), offer }))
  const nested = [...state.nested].map(([child, location]) => ({ child: fromHex(child), location }))
  const checkpoint: Checkpoint = { epoch, kem, exposed, count, offers, nested, succession, roster }
  const { reference, ...sealed } = checkpointPage.seal(fromHex(state.id), checkpoint)
  stored.push(sealed)
  return { reference, checkpoint }
}

/** Whose identity logs have to be read before `readCheckpoint`. */
export const checkpointEntries = (entry: Uint8Array, { succession }: Checkpoint): Uint8Array[] => [...succession, entry]

/** The state that a checkpoint's entry stands for. `group` is the id that the reader knows. */
export function readCheckpoint(group: string, entry: Uint8Array, of: Checkpoint, keyOf: KeyOf): GroupState {
  const [founding, ...changes] = of.succession
  if (!founding) return tampered('a checkpoint without a founding')
  const founded = foundedBy(founding, keyOf)
  if (founded.id !== group) return tampered('a checkpoint of another group')
  const heir = changes.reduce<GroupState>((state, change) => succeeded(state, change, keyOf), {
    ...founded,
    roster: of.roster,
  })
  const { index, author, signer, body, hash } = unsafeGroupEntry(entry)
  const root = heir.stewards.get(author)?.root
  if (body.type !== 'checkpoint' || !root || index <= heir.last.index) return tampered('not a checkpoint by a steward')
  verifySigned(entry, label.groupEntry, () => keyOf(author, root, signer))
  const { epoch, kem, exposed, count, roster, succession } = of
  return {
    ...heir,
    epoch,
    kem,
    exposed,
    count,
    roster,
    succession,
    members: new Map(),
    gone: [],
    offers: new Map(of.offers.map(({ id, offer }) => [toHex(id), offer])),
    nested: new Map(of.nested.map(({ child, location }) => [toHex(child), location])),
    last: { index, hash },
  }
}

/** One change of stewards, with what lies between the two left out. */
function succeeded(state: GroupState, change: Uint8Array, keyOf: KeyOf): GroupState {
  const { index, previous } = unsafeGroupEntry(change)
  if (index <= state.last.index) return tampered('a succession out of order')
  const before: GroupState = { ...state, members: new Map(), last: { index: index - 1, hash: previous } }
  const next = extendGroupLog(before, [change], keyOf)
  if (next.succession.length !== state.succession.length + 1) return tampered('a succession of something else')
  return next
}

const rowOf = ({ webId, root, role, leaf, by, at }: Member): RosterRow => ({
  webId,
  root: fromHex(root),
  role,
  leaf: leaf === null ? null : fromHex(leaf),
  by,
  at,
})

export const memberOfRow = ({ root, leaf, ...row }: RosterRow): Member => ({
  ...row,
  root: toHex(root),
  leaf: leaf === null ? null : toHex(leaf),
  state: 'member',
})
