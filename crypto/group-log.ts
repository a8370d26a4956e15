/**
 * The log of a group (SPEC N1–N8): who belongs to it and in which role, and nothing else says so.
 *
 *   entries as in chain.ts, with one of the bodies below; the hash of the first is the group's id
 *
 * Stewards sign. Entries are checked against every device that the author's identity log ever certified: that a removed
 * device adds nothing is assured by the head, which only an active one may sign.
 */
import { equal, fromHex, toHex } from './bytes.ts'
import { append, walk, type ChainEntry } from './chain.ts'
import { bytes, fixed, oneOf, struct, text, uint, union, type Of } from './codec.ts'
import { AlveoleError } from './errors.ts'
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
}
export interface GroupState {
  /** 64 hexadecimal digits: the hash of the first entry. */
  id: string
  name: string
  members: Member[]
  epoch: number
  kem: Uint8Array
  entries: Uint8Array[]
  log: Uint8Array[]
}

/** Signing keys of a person's devices, active or removed; null for a device never certified. */
export type KeyOf = (author: string, root: string, signer: Uint8Array) => Uint8Array | null

export function appendGroupEntry(log: Uint8Array[], author: string, signer: Signer, time: number, entry: GroupBody): Uint8Array[] {
  return append(log, label.groupEntry, body, { time, author, body: entry, signer })
}

export function readGroupLog(log: Uint8Array[], keyOf: KeyOf): GroupState {
  let state: GroupState | null = null
  walk(log, label.groupEntry, body, {
    signerOf: entry => signerKey(state, entry, keyOf),
    accept: entry => {
      state = state ? accept(state, entry) : begin(entry)
      state.entries.push(entry.hash)
    },
  })
  if (!state) throw new AlveoleError('tampered', 'an empty group log')
  return Object.assign(state as GroupState, { log })
}

function signerKey(state: GroupState | null, { author, signer, body }: ChainEntry<GroupBody>, keyOf: KeyOf): Uint8Array | null {
  if (!state) return body.type === 'found' ? keyOf(author, toHex(body.root), signer) : null
  const member = state.members.find(({ webId }) => webId === author)
  if (member?.state !== 'member') return null
  if (member.role !== 'steward' && body.type !== 'leave') return null // N3: stewards decide, anyone may leave
  return keyOf(author, member.root, signer)
}

function begin({ body, author, hash }: ChainEntry<GroupBody>): GroupState {
  if (body.type !== 'found') throw new AlveoleError('tampered', 'a group log starts with its founding')
  const founder: Member = { webId: author, root: toHex(body.root), role: 'steward', state: 'member' }
  return { id: toHex(hash), name: body.name, members: [founder], epoch: 0, kem: new Uint8Array(), entries: [], log: [] }
}

const setMember = (state: GroupState, member: Member): GroupState => ({
  ...state,
  members: [...state.members.filter(({ webId }) => webId !== member.webId), member],
})

function change(state: GroupState, webId: string, to: Partial<Member>): GroupState {
  const member = state.members.find(candidate => candidate.webId === webId)
  if (member?.state !== 'member') throw new AlveoleError('tampered', 'not a member')
  const next = setMember(state, { ...member, ...to })
  const stewards = next.members.filter(({ role, state: is }) => role === 'steward' && is === 'member')
  if (!stewards.length) throw new AlveoleError('refused', 'a group keeps a steward') // N5
  return next
}

function accept(state: GroupState, { body, author }: ChainEntry<GroupBody>): GroupState {
  switch (body.type) {
    case 'admit':
      return setMember(state, { webId: body.member, root: toHex(body.root), role: body.role, state: 'member' })
    case 'role':
      return change(state, body.member, { role: body.role })
    case 'leave':
      return change(state, author, { state: 'removed' })
    case 'remove':
      return change(state, body.member, { state: 'removed' })
    case 'rotate':
      if (body.epoch !== state.epoch + 1) throw new AlveoleError('tampered', 'group epochs follow each other')
      return { ...state, epoch: body.epoch, kem: body.kem }
    case 'offer':
    case 'nest':
    case 'checkpoint':
      return state
    case 'found':
      throw new AlveoleError('tampered', 'a second founding')
  }
}

/** Whether `newer` only adds to `known` (N7). */
export const groupContinues = (newer: GroupState, known: readonly Uint8Array[]): boolean =>
  known.length <= newer.entries.length && known.every((entry, i) => equal(entry, newer.entries[i]!))

export const groupIdBytes = (id: string): Uint8Array => fromHex(id)
