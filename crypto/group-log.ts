/**
 * The log of a group (SPEC N1–N8): who belongs to it and in which role, and nothing else says so.
 *
 *   entries as in chain.ts, with one of the bodies below; the hash of the first is the group's id
 *
 * Stewards sign. Entries are checked against every device that the author's identity log ever certified: that a removed
 * device adds nothing is assured by the head, which only an active one may sign.
 */
import { equal, toHex } from './bytes.ts'
import { append, authors, walk, type ChainEntry } from './chain.ts'
import { bytes, fixed, oneOf, struct, text, uint, union, type Of } from './codec.ts'
import { AlveoleError, tampered } from './errors.ts'
import { label } from './labels.ts'
import { hash32 } from './object.ts'
import type { Signer } from './signed.ts'

const role = oneOf('steward', 'member', 'observer')
export type Role = Of<typeof role>

const body = union({
  found: struct({ name: text, nonce: fixed(32), root: hash32 }),
  admit: struct({ member: text, root: hash32, role }),
  role: struct({ member: text, role }),
  leave: struct({}),
  remove: struct({ member: text }),
  /** A new group epoch; `kem` is BLAKE2b of its X-Wing public key. */
  rotate: struct({ epoch: uint, kem: hash32 }),
  offer: struct({ offer: bytes }),
  nest: struct({ child: hash32, location: text }),
  checkpoint: struct({ epoch: uint }),
})
export type GroupBody = Of<typeof body>

export interface Member {
  webId: string
  /** `rootId` of the identity that was admitted: another one is another person. */
  root: string
  role: Role
  state: 'member' | 'removed'
  /** Who last changed any of this. */
  by: string
  /** When, as they say; milliseconds since 1970. */
  at: number
}
export interface GroupState {
  /** 64 hexadecimal digits: the hash of the first entry. */
  id: string
  name: string
  /** 32 random bytes, known to members only. */
  nonce: Uint8Array
  members: Member[]
  epoch: number
  /** BLAKE2b of the newest epoch's X-Wing public key; empty before the first. */
  kem: Uint8Array
  /** Somebody left since that epoch began, and still has its keys: nothing new is sealed to it (N8). */
  exposed: boolean
  entries: Uint8Array[]
  log: Uint8Array[]
}

/** Signing keys of a person's devices, active or removed; null for a device never certified. */
export type KeyOf = (author: string, root: string, signer: Uint8Array) => Uint8Array | null

export function appendGroupEntry(
  log: Uint8Array[],
  author: string,
  signer: Signer,
  time: number,
  entry: GroupBody,
): Uint8Array[] {
  return append(log, label.groupEntry, body, { time, author, body: entry, signer })
}

/** The state while it is read: members by WebID, in the order of their last change. */
type Draft = Omit<GroupState, 'members'> & { members: Map<string, Member> }

export function readGroupLog(log: Uint8Array[], keyOf: KeyOf): GroupState {
  let draft: Draft | null = null
  walk(log, label.groupEntry, body, {
    signerOf: entry => signerKey(draft, entry, keyOf),
    accept: entry => {
      if (draft) accept(draft, entry)
      else draft = begin(entry)
      draft.entries.push(entry.hash)
    },
  })
  if (!draft) return tampered('an empty group log')
  const { members, ...state } = draft as Draft
  return { ...state, members: [...members.values()], log }
}

/** Whose identity logs have to be read before this log can be checked. */
export const unsafeAuthors = (log: readonly Uint8Array[]): string[] => [...new Set(authors(log))]

function signerKey(
  draft: Draft | null,
  { author, signer, body }: ChainEntry<GroupBody>,
  keyOf: KeyOf,
): Uint8Array | null {
  if (!draft) return body.type === 'found' ? keyOf(author, toHex(body.root), signer) : null
  const member = draft.members.get(author)
  if (member?.state !== 'member') return null
  if (member.role !== 'steward' && body.type !== 'leave') return null // N3: stewards decide, anyone may leave
  return keyOf(author, member.root, signer)
}

function begin({ body, author, time, hash }: ChainEntry<GroupBody>): Draft {
  if (body.type !== 'found') return tampered('a group log starts with its founding')
  const founder: Member = {
    webId: author,
    root: toHex(body.root),
    role: 'steward',
    state: 'member',
    by: author,
    at: time,
  }
  const members = new Map<string, Member>([[author, founder]])
  return {
    id: toHex(hash),
    name: body.name,
    nonce: body.nonce,
    members,
    epoch: 0,
    kem: new Uint8Array(),
    exposed: false,
    entries: [],
    log: [],
  }
}

function accept(draft: Draft, { body, author: by, time: at }: ChainEntry<GroupBody>): void {
  switch (body.type) {
    case 'admit':
      return admit(draft, { webId: body.member, root: toHex(body.root), role: body.role, state: 'member', by, at })
    case 'role':
      return change(draft, body.member, { role: body.role, by, at })
    case 'leave':
      return change(draft, by, { state: 'removed', by, at })
    case 'remove':
      return change(draft, body.member, { state: 'removed', by, at })
    case 'rotate':
      if (body.epoch !== draft.epoch + 1) return tampered('group epochs follow each other')
      return void Object.assign(draft, { epoch: body.epoch, kem: body.kem, exposed: false })
    case 'checkpoint':
      if (body.epoch > draft.epoch) return tampered('a checkpoint of an epoch to come')
      return
    case 'offer':
    case 'nest':
      return
    case 'found':
      return tampered('a second founding')
  }
}

/** N4: a member has to leave before it can come again, with whatever root and role. */
function admit(draft: Draft, member: Member): void {
  if (draft.members.get(member.webId)?.state === 'member') return tampered('admitted twice')
  put(draft, member)
}

function change(draft: Draft, webId: string, to: Partial<Member>): void {
  const member = draft.members.get(webId)
  if (member?.state !== 'member') return tampered('not a member')
  put(draft, { ...member, ...to })
  const stewards = [...draft.members.values()].filter(({ role, state }) => role === 'steward' && state === 'member')
  if (!stewards.length) throw new AlveoleError('refused', 'a group keeps a steward') // N5
  if (to.state === 'removed') draft.exposed = draft.epoch > 0
}

function put(draft: Draft, member: Member): void {
  draft.members.delete(member.webId)
  draft.members.set(member.webId, member)
}

/** Whether `newer` only adds to `known` (N7). */
export const groupContinues = (newer: GroupState, known: readonly Uint8Array[]): boolean =>
  known.length <= newer.entries.length && known.every((entry, i) => equal(entry, newer.entries[i]!))
