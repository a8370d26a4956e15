/**
 * The log of a group (SPEC N1–N8): who belongs to it and in which role, and nothing else says so.
 *
 *   entries as in chain.ts, with one of the bodies below; the hash of the first is the group's id
 *
 * Stewards sign. Entries are checked against every device that the author's identity log ever certified: that a removed
 * device adds nothing is assured by the head, which only an active one may sign. Read from the founding, a log tells all;
 * read from a checkpoint (checkpoint.ts), it tells what changed since, and the roster the rest.
 */
import { toHex } from './bytes.ts'
import { walk } from './chain.ts'
import { AlveoleError, tampered } from './errors.ts'
import { groupBody, type GroupLogEntry, type GroupState, type KeyOf, type Member, type Role } from './group-entry.ts'
import { label } from './labels.ts'

/** Of the roster, as far as it was looked at: null where somebody is not in it. */
export type KnownMember = (webId: string) => Member | null

/** From the founding. */
export function readGroupLog(log: readonly Uint8Array[], keyOf: KeyOf): GroupState {
  const [founding, ...others] = log
  if (!founding) return tampered('an empty group log')
  return extendGroupLog(foundedBy(founding, keyOf), others, keyOf)
}

/** `state` is left as it is. `known` tells of members that it does not, where one of them signed. */
export function extendGroupLog(
  state: GroupState,
  entries: readonly Uint8Array[],
  keyOf: KeyOf,
  known: KnownMember = () => null,
): GroupState {
  const draft = copyOf(state)
  const all = [...entries]
  walk(
    all,
    label.groupEntry,
    groupBody,
    {
      signerOf: entry => signerKey(draft, entry, keyOf, known),
      accept: entry => accept(draft, entry, all[entry.index - state.last.index - 1]!, known),
    },
    state.last,
  )
  return draft
}

const copyOf = (state: GroupState): GroupState => ({
  ...state,
  stewards: new Map(state.stewards),
  members: new Map(state.members),
  offers: new Map(state.offers),
  nested: new Map(state.nested),
  succession: [...state.succession],
})

export function foundedBy(founding: Uint8Array, keyOf: KeyOf): GroupState {
  let state: GroupState | null = null
  walk([founding], label.groupEntry, groupBody, {
    signerOf: ({ author, body, signer }) =>
      body.type === 'found'
        ? keyOf(author, toHex(body.root), signer)
        : tampered('a group log starts with its founding'),
    accept: entry => void (state = begin(entry, founding)),
  })
  return state!
}

function begin({ body, author, time, hash }: GroupLogEntry, founding: Uint8Array): GroupState {
  if (body.type !== 'found') return tampered('a group log starts with its founding')
  const root = toHex(body.root)
  const founder: Member = { webId: author, root, role: 'steward', state: 'member', leaf: null, by: author, at: time }
  return {
    id: toHex(hash),
    name: body.name,
    nonce: body.nonce,
    stewards: new Map([[author, { root, leaf: null }]]),
    members: new Map([[author, founder]]),
    roster: null,
    count: 1,
    epoch: 0,
    kem: new Uint8Array(),
    exposed: false,
    gone: [],
    offers: new Map(),
    nested: new Map(),
    succession: [founding],
    last: { index: 0, hash },
  }
}

/** N2, N3: stewards decide, anyone may leave. */
function signerKey(
  state: GroupState,
  { author, signer, body }: GroupLogEntry,
  keyOf: KeyOf,
  known: KnownMember,
): Uint8Array | null {
  const steward = state.stewards.get(author)
  if (steward) return keyOf(author, steward.root, signer)
  const member = memberIn(state, author, known)
  return member && body.type === 'leave' ? keyOf(author, member.root, signer) : null
}

function memberIn({ members, roster }: GroupState, webId: string, known: KnownMember): Member | null {
  const found = members.get(webId) ?? (roster && known(webId))
  return found?.state === 'member' ? found : null
}

function accept(state: GroupState, entry: GroupLogEntry, bytes: Uint8Array, known: KnownMember): void {
  const { body, author: by, time: at } = entry
  state.last = { index: entry.index, hash: entry.hash }
  switch (body.type) {
    case 'admit':
      return admit(state, memberOf(body, by, at), bytes, known)
    case 'role':
      return change(state, memberOf(body, by, at), bytes, known)
    case 'leave':
      return remove(state, by, { by, at }, bytes, known)
    case 'remove':
      return remove(state, body.member, { by, at }, bytes, known)
    case 'rotate':
      if (body.epoch !== state.epoch + 1) return tampered('group epochs follow each other')
      return void Object.assign(state, { epoch: body.epoch, kem: body.kem, exposed: false, gone: [] })
    case 'offer':
      return void state.offers.set(toHex(body.id), body.offer)
    case 'withdraw':
      return state.offers.delete(toHex(body.id)) ? undefined : tampered('an offer that was never made')
    case 'nest':
      return void state.nested.set(toHex(body.child), body.location)
    case 'unnest':
      return state.nested.delete(toHex(body.child)) ? undefined : tampered('a circle that was never nested')
    case 'checkpoint':
      return
    case 'found':
      return tampered('a second founding')
  }
}

const memberOf = (
  { member, root, role, leaf }: { member: string; root: Uint8Array; role: Role; leaf: Uint8Array },
  by: string,
  at: number,
): Member => ({ webId: member, root: toHex(root), role, state: 'member', leaf: toHex(leaf), by, at })

/** N4: a member has to leave before it can come again, with whatever root and role. */
function admit(state: GroupState, member: Member, bytes: Uint8Array, known: KnownMember): void {
  if (memberIn(state, member.webId, known)) return tampered('admitted twice')
  state.count++
  put(state, member, bytes)
}

function change(state: GroupState, member: Member, bytes: Uint8Array, known: KnownMember): void {
  const before = memberIn(state, member.webId, known)
  if (!before && isTold(state, member.webId)) return tampered('not a member')
  const root = before?.root ?? state.stewards.get(member.webId)?.root
  if (root !== undefined && root !== member.root) return tampered('a role under another root')
  put(state, member, bytes)
}

function remove(
  state: GroupState,
  webId: string,
  act: { by: string; at: number },
  bytes: Uint8Array,
  known: KnownMember,
): void {
  const before = memberIn(state, webId, known)
  if (!before && isTold(state, webId)) return tampered('not a member')
  const steward = state.stewards.get(webId)
  const [root, leaf] = [before?.root ?? steward?.root ?? '', before?.leaf ?? steward?.leaf ?? null] // or the roster has them
  state.count--
  if (state.epoch > 0) Object.assign(state, { exposed: true, gone: [...state.gone, webId] })
  put(state, { webId, root, role: before?.role ?? 'member', state: 'removed', leaf, ...act }, bytes)
}

/** Whether the log alone says what somebody is, without the roster. */
const isTold = ({ members, roster }: GroupState, webId: string): boolean => !roster || members.has(webId)

/** N5, and what a change of stewards leaves for those who come later. */
function put(state: GroupState, member: Member, bytes: Uint8Array): void {
  const { webId, root, leaf } = member
  state.members.delete(webId)
  state.members.set(webId, member)
  const was = state.stewards.get(webId)
  const isSteward = member.state === 'member' && member.role === 'steward'
  if (isSteward ? was?.leaf === leaf : !was) return
  if (isSteward) state.stewards.set(webId, { root, leaf })
  else state.stewards.delete(webId)
  if (!state.stewards.size) throw new AlveoleError('refused', 'a group keeps a steward')
  state.succession.push(bytes)
}
