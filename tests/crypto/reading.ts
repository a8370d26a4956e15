/** Drives what asks for objects (crypto/trie.ts) from a disk in memory; and small circles' key trees, made for a test. */
import {
  AlveoleError,
  climb,
  edited,
  emptyTrie,
  groupLeaf,
  hash,
  leafKey,
  random,
  sealEnrolment,
  sealNode,
  toHex,
  treeShelf,
  type Child,
  type GroupEpoch,
  type GroupHeader,
  type Leaf,
  type Reading,
  type StoredObject,
} from '#crypto'
import { objectUrl } from '../../client/core/paths.ts'

export type Disk = Map<string, Uint8Array>
/** What has that seal id, if anything. */
export type Find = (sealId: Uint8Array) => Uint8Array | undefined

export const put = (disk: Disk, ...objects: readonly StoredObject[]): void => {
  for (const { sealId, bytes } of objects) disk.set(toHex(sealId), bytes)
}

export function readBy<T>(find: Find, reading: Reading<T>): T {
  let step = reading.next()
  while (!step.done) {
    const found = find(step.value.sealId)
    if (!found) throw new AlveoleError('tampered', 'an object that is gone')
    step = reading.next(found)
  }
  return step.value
}

/** `asked` gets the names of what was read, in order. */
export function readFrom<T>(disk: Disk, reading: Reading<T>, asked: string[] = []): T {
  const find: Find = sealId => {
    asked.push(toHex(sealId))
    return disk.get(toHex(sealId))
  }
  return readBy(find, reading)
}

/** In a group's container on a server. */
export const findAt =
  (files: ReadonlyMap<string, { body: Uint8Array }>, url: string): Find =>
  sealId =>
    files.get(objectUrl(url, sealId))?.body

/** The epoch of a head, for whoever has a leaf; null for others. */
export function epochIn({ group, epoch, tree }: GroupHeader, seed: Uint8Array, find: Find): GroupEpoch | null {
  const secret = readBy(find, climb(group, tree, seed))
  return secret && { number: epoch, secret }
}

export interface SmallTree extends Pick<GroupHeader, 'tree' | 'stewards'> {
  steward: Uint8Array
  /** What it names. */
  objects: StoredObject[]
  find: Find
}

/** A key tree of these members, the first a steward. */
export function smallTree(group: Uint8Array, secret: Uint8Array, kems: readonly Uint8Array[]): SmallTree {
  const keys = { group, steward: random(32) }
  const members = kems.map(kem => ({ kem, key: leafKey(keys, groupLeaf(group, kem)) }))
  const enrolment = sealEnrolment('group-enrolment', group, members)
  const stewards = sealEnrolment('group-stewards', group, [{ kem: kems[0]!, key: keys.steward }])
  const edits = kems
    .map(kem => groupLeaf(group, kem))
    .map(id => ({ name: id, leaf: { id, enrolment: enrolment.sealId } }))
  const pages: StoredObject[] = []
  const node = readBy(() => undefined, edited(treeShelf(keys, pages), emptyTrie<Leaf, Child>(), edits))
  const disk: Disk = new Map()
  const objects = [...pages, enrolment, stewards]
  put(disk, ...objects)
  return {
    objects,
    steward: keys.steward,
    tree: sealNode(keys, node, secret).bytes,
    stewards: { sealId: stewards.sealId, hash: hash(stewards.bytes) },
    find: sealId => disk.get(toHex(sealId)),
  }
}
