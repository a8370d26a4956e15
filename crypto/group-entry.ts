/**
 * What an entry of a group's log may say, and what a log comes to. The rules are group-log.ts's.
 */
import { authors, next, readEntry, type ChainEntry, type ChainPoint } from './chain.ts'
import { bytes, fixed, oneOf, struct, text, uint, union, type Of } from './codec.ts'
import { label } from './labels.ts'
import { hash32, id16 } from './object.ts'
import { reference } from './reference.ts'
import type { RosterNode } from './roster.ts'
import type { Signer } from './signed.ts'

export const role = oneOf('steward', 'member', 'observer')
export type Role = Of<typeof role>

export const groupBody = union({
  found: struct({ name: text, nonce: fixed(32), root: hash32 }),
  /** `leaf` names the member's X-Wing key in the key tree. */
  admit: struct({ member: text, root: hash32, role, leaf: id16 }),
  /** Another role, or another key: a generation began, or the founder's first. */
  role: struct({ member: text, root: hash32, role, leaf: id16 }),
  leave: struct({}),
  remove: struct({ member: text }),
  /** A new group epoch; `kem` is BLAKE2b of its X-Wing public key. */
  rotate: struct({ epoch: uint, kem: hash32 }),
  offer: struct({ id: id16, offer: bytes }),
  withdraw: struct({ id: id16 }),
  nest: struct({ child: hash32, location: text }),
  unnest: struct({ child: hash32 }),
  /** What the log comes to before it: an object that group-page.ts seals. */
  checkpoint: struct({ state: reference }),
})
export type GroupBody = Of<typeof groupBody>
export type GroupLogEntry = ChainEntry<GroupBody>

export interface Member {
  webId: string
  /** `rootId` of the identity that was admitted: another one is another person. */
  root: string
  role: Role
  state: 'member' | 'removed'
  /** Their leaf in the key tree, or the last one; hexadecimal digits. null: the founder before the first epoch, or not known. */
  leaf: string | null
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
  /** By WebID. */
  stewards: Map<string, Pick<Member, 'root' | 'leaf'>>
  /** By WebID, in the order of their last change: of whom the log tells since the checkpoint it was read from. */
  members: Map<string, Member>
  /** All others; null where the log was read from its founding, and there are none. */
  roster: RosterNode | null
  /** Members in all. */
  count: number
  epoch: number
  /** BLAKE2b of the newest epoch's X-Wing public key; empty before the first. */
  kem: Uint8Array
  /** Somebody left since that epoch began, and still has its keys: nothing new is sealed to it (N8). */
  exposed: boolean
  /** Who they are, as far as the log tells since the checkpoint it was read from. */
  gone: string[]
  /** By their ids, as hexadecimal digits. */
  offers: Map<string, Uint8Array>
  /** Where each child circle is, by its id. */
  nested: Map<string, string>
  /** The founding, and every entry that changed who the stewards are, or a key of theirs: by these anybody can check them. */
  succession: Uint8Array[]
  /** The newest entry. */
  last: ChainPoint
}

/** Signing keys of a person's devices, active or removed; null for a device never certified. */
export type KeyOf = (author: string, root: string, signer: Uint8Array) => Uint8Array | null

/** The entry that follows the newest of `state`; null: the founding. */
export const nextGroupEntry = (
  last: ChainPoint | null,
  author: string,
  signer: Signer,
  time: number,
  entry: GroupBody,
): Uint8Array => next(last, label.groupEntry, groupBody, { time, author, body: entry, signer })

/** Whose identity logs have to be read before these entries can be checked. */
export const unsafeAuthors = (log: readonly Uint8Array[]): string[] => [...new Set(authors(log))]
/** What an entry says before anybody vouches for it; the chain does, where it leads to one that is verified. */
export const unsafeGroupEntry = (entry: Uint8Array): GroupLogEntry => readEntry(entry, groupBody)
