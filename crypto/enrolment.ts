/**
 * Enrolments: what is sealed to each of some members once, for as long as the steward key stands (SPEC T8).
 *
 *   [ header, [ [leaf id, X-Wing public key, X-Wing ciphertext ‖ envelope(header ‖ leaf id, key)], … ] ]   sorted by leaf
 *   header = [version, "group-enrolment" | "group-stewards", seal id, group]
 *   leaf id = first 16 bytes of BLAKE2b(frame("group leaf", group ‖ X-Wing public key))
 *
 * `group-enrolment` holds leaf keys, for members; `group-stewards` the steward key, for stewards. Public keys stand beside
 * what is sealed to them, authenticated by the leaf's id: who renews the steward key asks no member's pod for them.
 */
import { compare, concat, equal } from './bytes.ts'
import { bytes, decode, encode, fixed, list, oneOf, struct, where, literal } from './codec.ts'
import { tampered } from './errors.ts'
import { openWith, sealTo } from './kem.ts'
import { label, VERSION } from './labels.ts'
import { drawSealId, hash32, id16 } from './object.ts'
import { none } from './padding.ts'
import { KEM_PUBLIC_BYTES, kemPublic, KEY_BYTES, namedHash } from './primitives.ts'

export type EnrolmentType = 'group-enrolment' | 'group-stewards'
const header = struct({
  version: literal(VERSION),
  type: oneOf('group-enrolment', 'group-stewards'),
  sealId: id16,
  group: hash32,
})
const row = struct({ leaf: id16, kem: fixed(KEM_PUBLIC_BYTES), sealed: bytes })
const sorted = where(list(row), 'rows by their leaves, each once', rows =>
  rows.every(({ leaf }, i) => i === 0 || compare(rows[i - 1]!.leaf, leaf) < 0),
)
const object = struct({ header: bytes, rows: sorted })
const useOf = { 'group-enrolment': label.groupEnrolment, 'group-stewards': label.groupStewards } as const

/** An immutable object, to be stored before the head that names it. */
export interface StoredObject {
  sealId: Uint8Array
  bytes: Uint8Array
}

export const groupLeaf = (group: Uint8Array, kem: Uint8Array): Uint8Array =>
  namedHash(label.groupLeaf, concat(group, kem)).slice(0, 16)

export function sealEnrolment(
  type: EnrolmentType,
  group: Uint8Array,
  members: readonly { kem: Uint8Array; key: Uint8Array }[],
): StoredObject {
  const sealId = drawSealId()
  const head = encode(header, { version: 1, type, sealId, group })
  const rows = members.map(({ kem, key }) => {
    const leaf = groupLeaf(group, kem)
    return { leaf, kem, sealed: sealTo(kem, useOf[type], concat(head, leaf), key, none) }
  })
  return { sealId, bytes: encode(object, { header: head, rows: rows.sort((a, b) => compare(a.leaf, b.leaf)) }) }
}

function read(type: EnrolmentType, group: Uint8Array, from: Uint8Array) {
  const { header: head, rows } = decode(object, from)
  const of = decode(header, head)
  if (of.type !== type || !equal(of.group, group)) return tampered('an enrolment of elsewhere')
  return { head, rows }
}

/** null where none of its rows is ours. */
export function openEnrolment(
  type: EnrolmentType,
  group: Uint8Array,
  seed: Uint8Array,
  from: Uint8Array,
): Uint8Array | null {
  const { head, rows } = read(type, group, from)
  const own = kemPublic(seed)
  const leaf = groupLeaf(group, own)
  const mine = rows.find(one => equal(one.leaf, leaf))
  if (!mine) return null
  if (!equal(mine.kem, own)) return tampered('another public key beside our leaf')
  const key = openWith(seed, useOf[type], concat(head, leaf), mine.sealed, none)
  return key.length === KEY_BYTES ? key : tampered('a key has 32 bytes')
}

/** The public keys in it: of these very leaves, whoever keeps the object. */
export function enrolledKeys(
  type: EnrolmentType,
  group: Uint8Array,
  from: Uint8Array,
): { leaf: Uint8Array; kem: Uint8Array }[] {
  return read(type, group, from).rows.map(({ leaf, kem }) =>
    equal(groupLeaf(group, kem), leaf) ? { leaf, kem } : tampered('the public key of another leaf'),
  )
}
