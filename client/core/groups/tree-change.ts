/** What a change of a circle means for its keys: whose leaves come and go, the tree's new root, who holds the steward key. */
import {
  BUCKET,
  compare,
  edited,
  emptyTrie,
  fromHex,
  groupLeaf,
  leafKey,
  readTree,
  sealEnrolment,
  sealNode,
  toHex,
  treeShelf,
  type Child,
  type Edit,
  type GroupEpoch,
  type GroupHeader,
  type GroupState,
  type KeyTree,
  type Leaf,
  type StewardKeys,
  type StoredObject,
} from '#crypto'
import type { Context } from '../context.ts'
import type { GroupChange, Standing } from './change-group.ts'
import { memberOf, standingOf, type Roll } from './group-members.ts'
import { readObjects } from './objects.ts'
import { renewTree } from './renew-tree.ts'
import { holdersOf, isSpent, keyInTree, sealToStewards, type StewardKey } from './steward-key.ts'

export interface Moves {
  /** Leaves. */
  goes: Uint8Array[]
  comes: { leaf: Uint8Array; kem: Uint8Array }[]
}

/** Who went, or has another key, has no leaf any more. */
export async function movesOf(
  group: Standing,
  state: GroupState,
  { entries, keys, exposed }: Required<GroupChange>,
): Promise<Moves> {
  const gone = await Promise.all(state.gone.map(async webId => (await standingOf(told(group, state), webId))?.leaf))
  const changed = await Promise.all(
    entries.map(async body => {
      const before = body.type === 'role' ? (await memberOf(group, body.member))?.leaf : null
      return before && body.type === 'role' && before !== toHex(body.leaf) ? before : null
    }),
  )
  const comes = keys.map(kem => ({ kem, leaf: groupLeaf(group.id, kem) }))
  const goes = [...gone, ...changed, ...exposed].flatMap(leaf => leaf ?? [])
  return { goes: goes.map(fromHex), comes }
}

const told = ({ place }: Standing, state: GroupState): Roll => ({ place, state })

export interface Next {
  state: GroupState
  moves: Moves
  epoch: GroupEpoch
  rotates: boolean
}

/** The root of the key tree, and where the steward key is, after the change. */
export async function keysOf(
  context: Context,
  { place, id, header }: Standing,
  steward: StewardKey,
  { state, moves, epoch, rotates }: Next,
  stored: StoredObject[],
): Promise<Pick<GroupHeader, 'tree' | 'stewards'>> {
  const arriving = new Map(moves.comes.map(({ leaf, kem }) => [toHex(leaf), kem]))
  const publicKeyOf = async (leaf: string): Promise<Uint8Array | null> =>
    arriving.get(leaf) ?? (header && (await readObjects(place, keyInTree(id, header.tree, leaf))))
  const holders = await holdersOf(steward, state, new Set(moves.goes.map(toHex)), publicKeyOf)
  const anew = header && isSpent(steward, holders) ? await renewTree(context, place, id, header.tree, moves.goes) : null
  const keys = { group: id, steward: anew?.steward ?? steward.key }
  stored.push(...(anew?.stored ?? []))
  const { edits, enrolments } = editsOf(keys, moves, anew !== null)
  stored.push(...enrolments)
  const before: KeyTree = anew?.node ?? (header ? readTree(id, header.tree) : emptyTrie<Leaf, Child>())
  const node = await readObjects(place, edited(treeShelf(keys, stored), before, edits))
  const stands = header && !rotates && !anew && !edits.length
  const tree = stands ? header.tree : sealNode(keys, node, epoch.secret).bytes
  if (header && !anew && holders.size === steward.holders.size) return { tree, stewards: header.stewards }
  const sealed = sealToStewards(id, keys.steward, holders)
  stored.push({ sealId: sealed.sealId, bytes: sealed.bytes })
  return { tree, stewards: { sealId: sealed.sealId, hash: sealed.hash } }
}

/** Who comes is enrolled, as many in one object as a bucket holds; who goes was not taken along in a new tree. */
function editsOf(
  keys: StewardKeys,
  { goes, comes }: Moves,
  isAnew: boolean,
): { edits: Edit<Leaf>[]; enrolments: StoredObject[] } {
  const gone = isAnew ? [] : goes.map(name => ({ name, leaf: null }))
  const sorted = comes.toSorted((a, b) => compare(a.leaf, b.leaf))
  const batches = Array.from({ length: Math.ceil(comes.length / BUCKET) }, (_, i) =>
    sorted.slice(i * BUCKET, (i + 1) * BUCKET),
  )
  const enrolled = batches.map(batch => {
    const members = batch.map(({ kem, leaf }) => ({ kem, key: leafKey(keys, leaf) }))
    return { batch, object: sealEnrolment('group-enrolment', keys.group, members) }
  })
  const come = enrolled.flatMap(({ batch, object: { sealId: enrolment } }) =>
    batch.map(({ leaf }) => ({ name: leaf, leaf: { id: leaf, enrolment } })),
  )
  return { edits: [...gone, ...come], enrolments: enrolled.map(({ object }) => object) }
}
