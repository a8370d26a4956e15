/**
 * Tries over names of 16 bytes, nibble by nibble, in immutable pages (SPEC T5): the key tree of a group and its roster.
 * A node with few leaves is a bucket, a fuller one has 16 slots. To change one rewrites the pages between it and the root.
 *
 * Nothing is fetched here: what is to be read is asked for, one object after the other (`Reading`), and whoever drives the
 * generator brings it, from a pod or a disk.
 */
import { compare, toHex } from './bytes.ts'
import { tampered } from './errors.ts'

/** Leaves that a bucket holds at most: what a removal rewrites, beside 16 slots a level. */
export const BUCKET = 64
const SLOTS = 16

export type Trie<Leaf, Child> =
  | { type: 'bucket'; leaves: Leaf[] }
  | { type: 'inner'; /** 16. */ children: (Child | null)[] }

export interface Wanted {
  sealId: Uint8Array
  /** null: what it holds is known to be right by other means. */
  hash: Uint8Array | null
}
/** Gives what it reads in the end; takes the bytes of each object that it asks for. */
export type Reading<T> = Generator<Wanted, T, Uint8Array>

/** Where the pages of a trie are. */
export interface Shelf<Leaf, Child> {
  nameOf(leaf: Leaf): Uint8Array
  load(child: Child): Reading<Trie<Leaf, Child>>
  store(node: Trie<Leaf, Child>): Child
  /** Leaves of a bucket at most, where that is another number than `BUCKET`. */
  bucket?: number
}
export interface Edit<Leaf> {
  name: Uint8Array
  /** null: it goes. */
  leaf: Leaf | null
}

export const emptyTrie = <Leaf, Child>(): Trie<Leaf, Child> => ({ type: 'bucket', leaves: [] })
const isEmpty = (node: Trie<unknown, unknown>): boolean => node.type === 'bucket' && !node.leaves.length

export function slotAt(name: Uint8Array, depth: number): number {
  const byte = name[depth >> 1]
  if (byte === undefined) return tampered('a tree deeper than its names')
  return depth % 2 ? byte & 15 : byte >> 4
}

export function* edited<Leaf, Child>(
  shelf: Shelf<Leaf, Child>,
  node: Trie<Leaf, Child>,
  edits: readonly Edit<Leaf>[],
  depth = 0,
): Reading<Trie<Leaf, Child>> {
  if (!edits.length) return node
  if (node.type === 'bucket') return grown(shelf, merged(shelf, node.leaves, edits), depth)
  const children = [...node.children]
  for (const [slot, mine] of Map.groupBy(edits, ({ name }) => slotAt(name, depth))) {
    const child = children[slot]
    const below = child ? yield* shelf.load(child) : emptyTrie<Leaf, Child>()
    const next = yield* edited(shelf, below, mine, depth + 1)
    children[slot] = isEmpty(next) ? null : shelf.store(next)
  }
  return children.some(child => child !== null) ? { type: 'inner', children } : emptyTrie()
}

function merged<Leaf, Child>(shelf: Shelf<Leaf, Child>, leaves: readonly Leaf[], edits: readonly Edit<Leaf>[]): Leaf[] {
  const all = new Map<string, Leaf | null>(leaves.map(leaf => [toHex(shelf.nameOf(leaf)), leaf]))
  for (const { name, leaf } of edits) all.set(toHex(name), leaf)
  return [...all.values()].filter(leaf => leaf !== null).sort((a, b) => compare(shelf.nameOf(a), shelf.nameOf(b)))
}

/** A bucket, or what it becomes when it is too full. */
function grown<Leaf, Child>(shelf: Shelf<Leaf, Child>, leaves: Leaf[], depth: number): Trie<Leaf, Child> {
  if (leaves.length <= (shelf.bucket ?? BUCKET)) return { type: 'bucket', leaves }
  const slots = Map.groupBy(leaves, leaf => slotAt(shelf.nameOf(leaf), depth))
  const children = Array.from({ length: SLOTS }, (_, slot) => {
    const below = slots.get(slot)
    return below ? shelf.store(grown(shelf, below, depth + 1)) : null
  })
  return { type: 'inner', children }
}

/** null: not in it. */
export function* leafNamed<Leaf, Child>(
  shelf: Shelf<Leaf, Child>,
  root: Trie<Leaf, Child>,
  name: Uint8Array,
): Reading<Leaf | null> {
  let node = root
  for (let depth = 0; node.type === 'inner'; depth++) {
    const child = node.children[slotAt(name, depth)]
    if (!child) return null
    node = yield* shelf.load(child)
  }
  return node.leaves.find(leaf => !compare(shelf.nameOf(leaf), name)) ?? null
}

/** All of them, by their names. */
export function* leavesOf<Leaf, Child>(shelf: Shelf<Leaf, Child>, node: Trie<Leaf, Child>): Reading<Leaf[]> {
  if (node.type === 'bucket') return node.leaves
  const all: Leaf[] = []
  for (const child of node.children) if (child) all.push(...(yield* leavesOf(shelf, yield* shelf.load(child))))
  return all
}
