/**
 * The key tree of a group (SPEC T1–T7): how the secret of an epoch reaches ten thousand members by what one removal rewrites.
 *
 *   page    = [ header, node ]     header = [version, "group-node", seal id, group]
 *   node    = ["bucket", [commitment, [enrolment's seal id, …], [number of each leaf's, …], n × leaf id (16) ‖ wrap (32)]]
 *           | ["inner", [commitment, 16 × null | page's seal id (16) ‖ hash (32) ‖ wrap (32)]]
 *   key     = KDF(steward key, "group node", header); the root's is the epoch's secret
 *   leaf's  = KDF(steward key, "group leaf key", group ‖ leaf id), enrolled once by X-Wing (enrolment.ts)
 *   wrap    = key of the node XOR KDF(key of what is below, "group wrap", header ‖ leaf id | slot)
 *
 * Members climb from their leaf to the root. Stewards derive every key and read pages only to change them.
 */
import { compare, concat, equal, join } from './bytes.ts'
import { bytes, decode, encode, fixed, list, literal, optional, struct, uint, union, where, type Of } from './codec.ts'
import { tampered } from './errors.ts'
import { groupLeaf, openEnrolment, type StoredObject } from './enrolment.ts'
import { label, VERSION } from './labels.ts'
import { drawSealId, hash32, id16 } from './object.ts'
import { hash, kdf, kemPublic, KEY_BYTES } from './primitives.ts'
import { slotAt, type Reading, type Shelf, type Trie } from './trie.ts'

const header = struct({ version: literal(VERSION), type: literal('group-node'), sealId: id16, group: hash32 })
const CHILD_BYTES = 16 + 32 + KEY_BYTES
const LEAF_BYTES = 16 + KEY_BYTES
const bucket = where(
  struct({ commitment: hash32, enrolments: list(id16), of: list(uint), leaves: bytes }),
  'leaves in order, each once, of the enrolments that are named',
  ({ enrolments, of, leaves }) =>
    of.length > 0 &&
    leaves.length === of.length * LEAF_BYTES &&
    isSorted(of.map((_, i) => idAt(leaves, i))) &&
    isSorted(enrolments) &&
    new Set(of).size === enrolments.length &&
    of.every(number => number < enrolments.length),
)
const inner = where(
  struct({ commitment: hash32, children: list(optional(fixed(CHILD_BYTES))) }),
  '16 slots, not all of them empty',
  ({ children }) => children.length === 16 && children.some(one => one !== null),
)
const page = struct({ header: bytes, node: union({ bucket, inner }) })
type Node = Of<typeof page>['node']

const idAt = (leaves: Uint8Array, i: number): Uint8Array => leaves.subarray(i * LEAF_BYTES, i * LEAF_BYTES + 16)
const wrapAt = (leaves: Uint8Array, i: number): Uint8Array => leaves.subarray(i * LEAF_BYTES + 16, (i + 1) * LEAF_BYTES)
const isSorted = (ids: readonly Uint8Array[]): boolean => ids.every((id, i) => i === 0 || compare(ids[i - 1]!, id) < 0)
/** A slot's seal id ‖ hash ‖ wrap. */
const childIn = (slot: Uint8Array): Child & { wrap: Uint8Array } => ({
  sealId: slot.slice(0, 16),
  hash: slot.slice(16, 48),
  wrap: slot.slice(48),
})

/** A leaf as stewards handle it: whose it is says the log. */
export interface Leaf {
  id: Uint8Array
  /** Seal id of the object that enrols it. */
  enrolment: Uint8Array
}
export interface Child {
  sealId: Uint8Array
  hash: Uint8Array
}
export type KeyTree = Trie<Leaf, Child>

/** What gives a steward every key of a group. */
export interface StewardKeys {
  group: Uint8Array
  steward: Uint8Array
}

const headerOf = (group: Uint8Array, sealId: Uint8Array): Uint8Array =>
  encode(header, { version: 1, type: 'group-node', sealId, group })
export const leafKey = ({ group, steward }: StewardKeys, id: Uint8Array): Uint8Array =>
  kdf(steward, label.groupLeafKey, concat(group, id))
const nodeKey = ({ group, steward }: StewardKeys, sealId: Uint8Array): Uint8Array =>
  kdf(steward, label.groupNode, headerOf(group, sealId))
const padOf = (below: Uint8Array, head: Uint8Array, place: Uint8Array): Uint8Array =>
  kdf(below, label.groupWrap, concat(head, place))
const commitmentOf = (key: Uint8Array, head: Uint8Array): Uint8Array => kdf(key, label.groupCommitment, head)
const xor = (a: Uint8Array, b: Uint8Array): Uint8Array => a.map((byte, i) => byte ^ b[i]!)

/** Under a key of its own, or, of the root, the epoch's secret; with a seal id drawn for this call. */
export function sealNode(keys: StewardKeys, node: KeyTree, secret?: Uint8Array): StoredObject {
  const sealId = drawSealId()
  const head = headerOf(keys.group, sealId)
  const key = secret ?? nodeKey(keys, sealId)
  const wrap = (below: Uint8Array, place: Uint8Array): Uint8Array => xor(key, padOf(below, head, place))
  const commitment = commitmentOf(key, head)
  if (node.type === 'inner') {
    const children = node.children.map(
      (one, slot) => one && concat(one.sealId, one.hash, wrap(nodeKey(keys, one.sealId), Uint8Array.of(slot))),
    )
    return { sealId, bytes: encode(page, { header: head, node: { type: 'inner', commitment, children } }) }
  }
  const enrolments = distinct(node.leaves.map(({ enrolment }) => enrolment))
  const of = node.leaves.map(({ enrolment }) => enrolments.findIndex(one => equal(one, enrolment)))
  const leaves = join(node.leaves.flatMap(({ id }) => [id, wrap(leafKey(keys, id), id)]))
  return { sealId, bytes: encode(page, { header: head, node: { type: 'bucket', commitment, enrolments, of, leaves } }) }
}

function distinct(ids: readonly Uint8Array[]): Uint8Array[] {
  const sorted = [...ids].sort(compare)
  return sorted.filter((id, i) => i === 0 || !equal(sorted[i - 1]!, id))
}

function readPage(group: Uint8Array, from: Uint8Array): { head: Uint8Array; node: Node } {
  const { header: head, node } = decode(page, from)
  if (!equal(decode(header, head).group, group)) return tampered('a page of another group')
  return { head, node }
}

/** A page without its keys, for stewards to change. */
export function readTree(group: Uint8Array, from: Uint8Array): KeyTree {
  const { node } = readPage(group, from)
  if (node.type === 'inner') return { type: 'inner', children: node.children.map(slot => slot && pageIn(slot)) }
  const leaves = node.of.map((number, i) => ({ id: idAt(node.leaves, i), enrolment: node.enrolments[number]! }))
  return { type: 'bucket', leaves }
}

const pageIn = (slot: Uint8Array): Child => {
  const { sealId, hash: named } = childIn(slot)
  return { sealId, hash: named }
}

/** A page, if it has the hash that whoever names it says. */
export function* fetched(wanted: Child): Reading<Uint8Array> {
  const body = yield wanted
  if (!equal(hash(body), wanted.hash)) return tampered('another object than was named')
  return body
}

/** The pages of a tree; `store` puts what it makes behind the others of `stored`. */
export const treeShelf = (keys: StewardKeys, stored: StoredObject[]): Shelf<Leaf, Child> => ({
  nameOf: ({ id }) => id,
  *load(of) {
    return readTree(keys.group, yield* fetched(of))
  },
  store(node) {
    const sealed = sealNode(keys, node)
    stored.push(sealed)
    return { sealId: sealed.sealId, hash: hash(sealed.bytes) }
  },
})

/** The epoch's secret, from the tree's root and our account generation's seed; null where no leaf is ours (T2). */
export function* climb(group: Uint8Array, root: Uint8Array, seed: Uint8Array): Reading<Uint8Array | null> {
  const id = groupLeaf(group, kemPublic(seed))
  const above: { head: Uint8Array; commitment: Uint8Array; wrap: Uint8Array; place: Uint8Array }[] = []
  let { head, node } = readPage(group, root)
  for (let depth = 0; node.type === 'inner'; depth++) {
    const slot = slotAt(id, depth)
    const below = node.children[slot]
    if (!below) return null
    const { wrap, ...named } = childIn(below)
    above.push({ head, commitment: node.commitment, wrap, place: Uint8Array.of(slot) })
    ;({ head, node } = readPage(group, yield* fetched(named)))
  }
  const { of, leaves } = node
  const mine = of.findIndex((_, i) => equal(idAt(leaves, i), id))
  if (mine < 0) return null
  const enrolment = yield { sealId: node.enrolments[of[mine]!]!, hash: null }
  const own = openEnrolment('group-enrolment', group, seed, enrolment)
  if (!own) return tampered('an enrolment of others')
  above.push({ head, commitment: node.commitment, wrap: wrapAt(leaves, mine), place: id })
  return above.reduceRight((key, { head: at, commitment, wrap, place }) => {
    const next = xor(wrap, padOf(key, at, place))
    return equal(commitmentOf(next, at), commitment) ? next : tampered('a wrap that does not open')
  }, own)
}

/**
 * Throws where this is not the steward key that the tree was made with: what it gives for anything below the root has to lead
 * to the secret that the root commits to (T10).
 */
export function checkStewardKey(keys: StewardKeys, root: Uint8Array): void {
  const { head, node } = readPage(keys.group, root)
  const [first] = node.type === 'bucket' ? leavesBelow(keys, node) : pagesBelow(keys, node)
  const { key, wrap, place } = first!
  if (!equal(commitmentOf(xor(wrap, padOf(key, head, place)), head), node.commitment))
    tampered('a steward key that is not this tree’s')
}

interface Below {
  key: Uint8Array
  wrap: Uint8Array
  place: Uint8Array
}
const leavesBelow = (keys: StewardKeys, { of, leaves }: Of<typeof bucket>): Below[] =>
  of.map((_, i) => ({ key: leafKey(keys, idAt(leaves, i)), wrap: wrapAt(leaves, i), place: idAt(leaves, i) }))
const pagesBelow = (keys: StewardKeys, { children }: Of<typeof inner>): Below[] =>
  children.flatMap((child, slot) => {
    if (!child) return []
    const { sealId, wrap } = childIn(child)
    return [{ key: nodeKey(keys, sealId), wrap, place: Uint8Array.of(slot) }]
  })
