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
import { readObjects, type Place } from './objects.ts'

export interface StewardKey {
  key: Uint8Array
  /** Public keys that it is sealed to, by the leaf's hexadecimal digits. */
  holders: Map<string, Uint8Array>
}

/** Throws `refused` where it is not sealed to us. */
export async function openStewardKey({ me }: Context, place: Place, header: GroupHeader): Promise<StewardKey> {
  const { group, stewards, tree } = header
  const from = await readObjects(place, fetched(stewards))
  for (const seed of me.kemSeeds) {
    const key = openEnrolment('group-stewards', group, seed, from)
    if (!key) continue
    checkStewardKey({ group, steward: key }, tree)
    const rows = enrolledKeys('group-stewards', group, from)
    return { key, holders: new Map(rows.map(({ leaf, kem }) => [toHex(leaf), kem])) }
  }
  throw new AlveoleError('refused', 'not a steward of this circle, or not yet')
}

const leavesOfStewards = ({ stewards }: GroupState): string[] =>
  [...stewards.values()].flatMap(({ leaf }) => leaf ?? [])

/** Whether somebody has the key who may not have the next one. */
export function isSpent({ holders }: StewardKey, state: GroupState): boolean {
  const leaves = new Set(leavesOfStewards(state))
  return [...holders.keys()].some(leaf => !leaves.has(leaf))
}

/** The object for the stewards of `state`; null where the one that stands is for exactly these. */
export async function sealedToStewards(
  steward: StewardKey,
  state: GroupState,
  publicKeyOf: (leaf: string) => Promise<Uint8Array>,
): Promise<(StoredObject & { hash: Uint8Array }) | null> {
  const leaves = leavesOfStewards(state)
  const same = leaves.length === steward.holders.size && leaves.every(leaf => steward.holders.has(leaf))
  if (same) return null
  const keys = await Promise.all(leaves.map(async leaf => steward.holders.get(leaf) ?? (await publicKeyOf(leaf))))
  const members = keys.map(kem => ({ kem, key: steward.key }))
  const sealed = sealEnrolment('group-stewards', fromHex(state.id), members)
  return { ...sealed, hash: hash(sealed.bytes) }
}

/** A member's public key, out of the tree: it is the leaf's by its name. */
export function* keyInTree(group: Uint8Array, tree: Uint8Array, leaf: string): Reading<Uint8Array> {
  const shelf = treeShelf({ group, steward: new Uint8Array(32) }, [])
  const found = yield* leafNamed(shelf, readTree(group, tree), fromHex(leaf))
  const rows = found && enrolledKeys('group-enrolment', group, yield { sealId: found.enrolment, hash: null })
  const mine = rows?.find(one => toHex(one.leaf) === leaf)
  if (!mine) throw new AlveoleError('tampered', 'a steward without a leaf')
  return mine.kem
}
