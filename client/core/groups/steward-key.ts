/**
 * The steward key of a circle (SPEC T9, T10): sealed to each steward in one object that the head names. It is drawn anew
 * when somebody who has it is a steward no longer, or has lost a device.
 */
import {
  AlveoleError,
  checkStewardKey,
  enrolledKeys,
  fetched,
  fromHex,
  hash,
  leafNamed,
  openEnrolment,
  readTree,
  sealEnrolment,
  toHex,
  treeShelf,
  type GroupHeader,
  type GroupState,
  type Reading,
  type StoredObject,
} from '#crypto'
import type { Context } from '../context.ts'
import { learnGenerations } from '../generations.ts'
import { readObjects, type Place } from './objects.ts'

export interface StewardKey {
  key: Uint8Array
  /** Public keys that it is sealed to, by the leaf's hexadecimal digits. */
  holders: Map<string, Uint8Array>
}

/** Throws `refused` where it is not sealed to us. */
export async function openStewardKey(context: Context, place: Place, header: GroupHeader): Promise<StewardKey> {
  const { me, pod, store } = context
  const { group, stewards, tree } = header
  const from = await readObjects(place, fetched(stewards))
  for (const seed of me.kemSeeds) {
    const key = openEnrolment('group-stewards', group, seed, from)
    if (!key) continue
    checkStewardKey({ group, steward: key }, tree)
    const rows = enrolledKeys('group-stewards', group, from)
    return { key, holders: new Map(rows.map(({ leaf, kem }) => [toHex(leaf), kem])) }
  }
  if (await learnGenerations(pod, store, me)) return openStewardKey(context, place, header)
  throw new AlveoleError('refused', 'not a steward of this circle, or not yet')
}

/**
 * Public keys of the stewards of `state` by their leaves, but of those who are `exposed`, or have no leaf now: `publicKeyOf`
 * gives null for these.
 */
export async function holdersOf(
  { holders }: StewardKey,
  { stewards }: GroupState,
  exposed: ReadonlySet<string>,
  publicKeyOf: (leaf: string) => Promise<Uint8Array | null>,
): Promise<Map<string, Uint8Array>> {
  const leaves = [...stewards.values()].flatMap(({ leaf }) => leaf ?? []).filter(leaf => !exposed.has(leaf))
  const keys = await Promise.all(leaves.map(async leaf => holders.get(leaf) ?? (await publicKeyOf(leaf))))
  return new Map(leaves.flatMap((leaf, i) => (keys[i] ? [[leaf, keys[i]] as const] : [])))
}

/** Whether somebody has the key who may not have the next one. */
export const isSpent = ({ holders }: StewardKey, now: ReadonlyMap<string, Uint8Array>): boolean =>
  [...holders.keys()].some(leaf => !now.has(leaf))

/** The object for those who hold it now. */
export function sealToStewards(
  group: Uint8Array,
  key: Uint8Array,
  now: ReadonlyMap<string, Uint8Array>,
): StoredObject & { hash: Uint8Array } {
  const sealed = sealEnrolment(
    'group-stewards',
    group,
    [...now.values()].map(kem => ({ kem, key })),
  )
  return { ...sealed, hash: hash(sealed.bytes) }
}

/** A member's public key, out of the tree: it is the leaf's by its name. null: not in it. */
export function* keyInTree(group: Uint8Array, tree: Uint8Array, leaf: string): Reading<Uint8Array | null> {
  const shelf = treeShelf({ group, steward: new Uint8Array(32) }, [])
  const found = yield* leafNamed(shelf, readTree(group, tree), fromHex(leaf))
  if (!found) return null
  const rows = enrolledKeys('group-enrolment', group, yield { sealId: found.enrolment, hash: null })
  return rows.find(one => toHex(one.leaf) === leaf)?.kem ?? null
}

/** Whether a leaf is in the tree. */
export const isInTree = (place: Place, group: Uint8Array, tree: Uint8Array, leaf: string): Promise<boolean> =>
  readObjects(place, keyInTree(group, tree, leaf)).then(key => key !== null)
