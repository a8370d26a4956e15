/**
 * The key tree under a new steward key (SPEC T9): every leaf is enrolled anew. Of a large circle that takes seconds and some
 * hundred objects, so what is done is kept on the device, sealed, slot by slot of the root: after a crash it goes on, if the
 * tree is the same still. With another tree, or after a lost swap, all of it starts over.
 */
import {
  decode,
  encode,
  equal,
  fixed,
  hash,
  hash32,
  id16,
  key32,
  list,
  openForDevice,
  optional,
  random,
  readTree,
  renewed,
  renewedChild,
  sealForDevice,
  struct,
  toHex,
  uint,
  type Child,
  type KeyTree,
  type Of,
  type StoredObject,
} from '#crypto'
import type { Context } from '../context.ts'
import { inParallel, inTurn } from '../parallel.ts'
import { readObjects, storeObjects, type Place } from './objects.ts'

const child = struct({ sealId: id16, hash: hash32 })
export const renewal = struct({
  steward: key32,
  /** Of the root that it began with. */
  tree: hash32,
  without: list(fixed(16)),
  /** Milliseconds: what is older may have been collected. */
  at: uint,
  /** What became of each slot: nothing yet (null), or the page that stands there now (null: none). */
  done: list(optional(struct({ child: optional(child) }))),
})
type Renewal = Of<typeof renewal>

/** Milliseconds. */
const LONGEST = 5 * 24 * 3600_000
const keyOf = (url: string): string => `renewal ${url}`

export interface NewTree {
  steward: Uint8Array
  node: KeyTree
  /** What is to be stored with the head; the rest is. */
  stored: StoredObject[]
}

/** `without`: leaves that are not taken along. */
export async function renewTree(
  context: Context,
  place: Place,
  group: Uint8Array,
  tree: Uint8Array,
  without: readonly Uint8Array[],
): Promise<NewTree> {
  const node = readTree(group, tree)
  const of = { group, without: new Set(without.map(toHex)) }
  if (node.type === 'bucket') {
    const [steward, stored]: [Uint8Array, StoredObject[]] = [random(32), []]
    const keys = { group, steward }
    return { steward, stored, node: await readObjects(place, renewed({ ...of, keys, stored }, node, 0)) }
  }
  const begun = await begin(context, place.url, hash(tree), without)
  const keys = { group, steward: begun.steward }
  const turn = inTurn()
  const children = await inParallel(
    node.children,
    async (old, slot) => {
      const done = begun.done[slot]
      if (done || !old) return done?.child ?? null
      const stored: StoredObject[] = []
      const next = await readObjects(place, renewedChild({ ...of, keys, stored }, old, 1))
      await storeObjects(place, stored)
      await turn(() => keep(context, place.url, begun, slot, next))
      return next
    },
    2,
  )
  return { steward: begun.steward, node: { type: 'inner', children }, stored: [] }
}

async function begin(
  { me, store, clock }: Context,
  url: string,
  tree: Uint8Array,
  without: readonly Uint8Array[],
): Promise<Renewal> {
  const kept = await store.get(keyOf(url))
  const before = kept && decode(renewal, openForDevice(me.seeds, kept))
  const recent = before && before.at <= clock() && clock() - before.at < LONGEST
  const same = recent && equal(before.tree, tree) && String(before.without.map(toHex)) === String(without.map(toHex))
  if (same) return before
  const fresh: Renewal = {
    steward: random(32),
    tree,
    without: [...without],
    at: clock(),
    done: Array.from({ length: 16 }, () => null),
  }
  await store.set(keyOf(url), sealForDevice(me.seeds, encode(renewal, fresh)))
  return fresh
}

async function keep({ me, store }: Context, url: string, of: Renewal, slot: number, next: Child | null): Promise<void> {
  of.done[slot] = { child: next }
  await store.set(keyOf(url), sealForDevice(me.seeds, encode(renewal, of)))
}

/** Once its head stands, or another one does. */
export const endRenewal = ({ store }: Context, url: string): Promise<void> => store.set(keyOf(url), null)
