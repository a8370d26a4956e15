/**
 * A key tree under a new steward key (SPEC T9): when a steward goes, every leaf is enrolled anew, those of a bucket in one
 * object. The public keys come from the enrolments that stand. Done part by part, so that it can be taken up again.
 */
import { toHex } from './bytes.ts'
import { tampered } from './errors.ts'
import { enrolledKeys, sealEnrolment, type StoredObject } from './enrolment.ts'
import { leafKey, treeShelf, type Child, type KeyTree, type Leaf, type StewardKeys } from './key-tree.ts'
import { edited, emptyTrie, leavesOf, type Reading, type Shelf } from './trie.ts'

export interface Renewal {
  /** With the new steward key. */
  keys: StewardKeys
  /** Leaves that are not taken along, as hexadecimal digits. */
  without: ReadonlySet<string>
  stored: StoredObject[]
}

type Keys = Map<string, Uint8Array>

/** What stands at `depth`, anew; a bucket's leaves are enrolled, and its parent, or the head, seals it. */
export function* renewed(of: Renewal, node: KeyTree, depth: number): Reading<KeyTree> {
  const pages = treeShelf(of.keys, of.stored)
  const all = yield* leavesOf(pages, node)
  const leaves = all.filter(({ id }) => !of.without.has(toHex(id)))
  const shelf = enrolling(of, pages, yield* publicKeys(of.keys.group, leaves))
  const edits = leaves.map(leaf => ({ name: leaf.id, leaf }))
  return shelf.enrol(yield* edited(shelf, emptyTrie<Leaf, Child>(), edits, depth))
}

/** One slot's page and all below it, stored; null where nothing of it is left. */
export function* renewedChild(of: Renewal, child: Child, depth: number): Reading<Child | null> {
  const pages = treeShelf(of.keys, of.stored)
  const node = yield* renewed(of, yield* pages.load(child), depth)
  return node.type === 'bucket' && !node.leaves.length ? null : pages.store(node)
}

function* publicKeys(group: Uint8Array, leaves: readonly Leaf[]): Reading<Keys> {
  const keys: Keys = new Map()
  for (const { id, enrolment } of leaves) {
    if (keys.has(toHex(id))) continue
    const from = yield { sealId: enrolment, hash: null }
    for (const { leaf, kem } of enrolledKeys('group-enrolment', group, from)) keys.set(toHex(leaf), kem)
    if (!keys.has(toHex(id))) tampered('an enrolment of others')
  }
  return keys
}

interface Enrolling extends Shelf<Leaf, Child> {
  enrol(node: KeyTree): KeyTree
}

function enrolling({ keys, stored }: Renewal, pages: Shelf<Leaf, Child>, publicOf: Keys): Enrolling {
  const enrol = (node: KeyTree): KeyTree => {
    if (node.type === 'inner' || !node.leaves.length) return node
    const members = node.leaves.map(({ id }) => ({ kem: publicOf.get(toHex(id))!, key: leafKey(keys, id) }))
    const enrolment = sealEnrolment('group-enrolment', keys.group, members)
    stored.push(enrolment)
    return { type: 'bucket', leaves: node.leaves.map(({ id }) => ({ id, enrolment: enrolment.sealId })) }
  }
  return { ...pages, enrol, store: node => pages.store(enrol(node)) }
}
