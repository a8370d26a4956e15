/**
 * Adds entries to a group's log and swaps its head; whoever changes it last wins nothing by force. What the entries mean for
 * the keys follows from them: who went has no leaf any more, and the epoch is another; where a steward went, the steward key is.
 */
import {
  drawGroupEpoch,
  drawSealId,
  edited,
  emptyTrie,
  groupKem,
  groupLeaf,
  hash,
  isCode,
  leafKey,
  nextGroupEntry,
  random,
  readTree,
  sealEnrolment,
  sealGroupHead,
  sealNode,
  toHex,
  fromHex,
  treeShelf,
  wrapPrevious,
  type Child,
  type Edit,
  type GroupBody,
  type GroupEpoch,
  type GroupHeader,
  type GroupState,
  type KeyTree,
  type Leaf,
  type StoredObject,
} from '#crypto'
import type { Context } from '../context.ts'
import { headUrl } from '../paths.ts'
import { swap } from '../swap.ts'
import { standingOf, type Roll } from './group-members.ts'
import { appended, folded, isOverdue, type LogBase } from './log-part.ts'
import { readObjects, storeObjects } from './objects.ts'
import { keepSeen, newsIn, verified, type OpenGroup } from './open-group.ts'
import { endRenewal, renewTree } from './renew-tree.ts'
import { isSpent, keyInTree, openStewardKey, sealedToStewards, type StewardKey } from './steward-key.ts'
import { memberOf } from './group-members.ts'

export interface GroupChange {
  entries: GroupBody[]
  /** X-Wing keys of the leaves that the entries name. */
  keys?: Uint8Array[]
}

/** A circle as a change finds it: opened, or with nothing but its founding. */
export interface Standing extends LogBase, Roll {
  etag: string | null
  /** null: no head stands yet. */
  header: GroupHeader | null
  /** Entries that no head has yet. */
  added: Uint8Array[]
}

export const standing = ({ id, ...group }: OpenGroup): Standing => ({ ...group, id: fromHex(id), added: [] })

/** The group as it stands after the change. Throws `conflict` where another steward was first. */
export async function changeGroup(context: Context, group: Standing, change: GroupChange): Promise<OpenGroup> {
  const { me, store, pod } = context
  const { place, id, header } = group
  const steward = header ? await openStewardKey(context, place, header) : NONE()
  const written = await write(context, group, group.state, change.entries)
  const moves = await movesOf(group, written.state, change)
  const last = group.epochs.at(-1) ?? null
  const rotates = !last || moves.goes.length > 0 || written.state.exposed
  const epoch = rotates ? drawGroupEpoch((last?.number ?? 0) + 1) : last
  const rotation: GroupBody[] = rotates ? [{ type: 'rotate', epoch: epoch.number, kem: hash(groupKem(epoch)) }] : []
  const { state, added } = await write(context, group, written.state, rotation)
  const all = [...group.added, ...written.added, ...added]
  const stored: StoredObject[] = []
  const isDue = isOverdue(group, state) && !moves.goes.length
  const next = isDue ? await folded(context, group, state, all, stored) : { ...appended(group, all, stored), state }
  const keys = await keysOf(context, group, steward, { state, moves, epoch, rotates }, stored)
  const previous = next.archived ? [] : (header?.previous ?? [])
  const of: GroupHeader = {
    version: 1,
    type: 'group',
    owner: me.webId,
    sealId: drawSealId(),
    group: id,
    epoch: epoch.number,
    ...keys,
    previous: rotates && last ? [...previous, wrapPrevious(id, last, epoch)] : previous,
  }
  await storeObjects(place, stored)
  const bytes = sealGroupHead(of, next.part, epoch, me.signer)
  const etag = await swapped(context, place.url, bytes, group.etag)
  await endRenewal(context, place.url)
  await keepSeen(store, place.url, next.state) // or a host that puts it back is believed, should we die before the account says so
  const led = next.archived ? group.epochs.slice(-1) : group.epochs
  return {
    url: place.url,
    id: toHex(id),
    etag,
    header: of,
    place: { ...place, pod },
    state: next.state,
    log: next.part,
    epochs: rotates ? [...led, epoch] : [...led],
    news: newsIn(all),
    self: await memberOf({ ...next, place }, me.webId),
  }
}

const NONE = (): StewardKey => ({ key: random(32), holders: new Map() })

/** A lost swap is thrown away whole: nothing of it is taken up again. */
async function swapped(context: Context, url: string, bytes: Uint8Array, etag: string | null): Promise<string | null> {
  try {
    return await swap(context.pod, headUrl(url), bytes, etag)
  } catch (error) {
    if (isCode(error, 'conflict')) await endRenewal(context, url)
    throw error
  }
}

/** Entries of ours, which pass the same rules as anybody's. */
async function write(
  context: Context,
  { place }: Standing,
  before: GroupState,
  bodies: readonly GroupBody[],
): Promise<{ state: GroupState; added: Uint8Array[] }> {
  const { me, clock } = context
  const added: Uint8Array[] = []
  let state = before
  for (const body of bodies) {
    const entry = nextGroupEntry(state.last, me.webId, me.signer, clock(), body)
    state = await verified(context, place, state, [entry])
    added.push(entry)
  }
  return { state, added }
}

interface Moves {
  /** Leaves. */
  goes: Uint8Array[]
  comes: { leaf: Uint8Array; kem: Uint8Array }[]
}

/** Who went, or has another key, has no leaf any more. */
async function movesOf(group: Standing, state: GroupState, { entries, keys = [] }: GroupChange): Promise<Moves> {
  const gone = await Promise.all(state.gone.map(async webId => (await standingOf(told(group, state), webId))?.leaf))
  const changed = await Promise.all(
    entries.map(async body => {
      const before = body.type === 'role' ? (await memberOf(group, body.member))?.leaf : null
      return before && body.type === 'role' && before !== toHex(body.leaf) ? before : null
    }),
  )
  const comes = keys.map(kem => ({ kem, leaf: groupLeaf(group.id, kem) }))
  const goes = [...gone, ...changed].flatMap(leaf => leaf ?? []).map(fromHex)
  return { goes: [...goes], comes }
}

const told = ({ place }: Standing, state: GroupState): Roll => ({ place, state })

interface Next {
  state: GroupState
  moves: Moves
  epoch: GroupEpoch
  rotates: boolean
}

/** The root of the key tree, and where the steward key is, after the change. */
async function keysOf(
  context: Context,
  { place, id, header }: Standing,
  steward: StewardKey,
  { state, moves, epoch, rotates }: Next,
  stored: StoredObject[],
): Promise<Pick<GroupHeader, 'tree' | 'stewards'>> {
  const anew = header && isSpent(steward, state) ? await renewTree(context, place, id, header.tree, moves.goes) : null
  const key = anew?.steward ?? steward.key
  const keys = { group: id, steward: key }
  stored.push(...(anew?.stored ?? []))
  const comes = moves.comes.map(({ kem, leaf }) => ({ kem, key: leafKey(keys, leaf) }))
  const enrolment = comes.length ? sealEnrolment('group-enrolment', id, comes) : null
  if (enrolment) stored.push(enrolment)
  const edits: Edit<Leaf>[] = [
    ...(anew ? [] : moves.goes.map(name => ({ name, leaf: null }))),
    ...moves.comes.map(({ leaf }) => ({ name: leaf, leaf: { id: leaf, enrolment: enrolment!.sealId } })),
  ]
  const before: KeyTree = anew?.node ?? (header ? readTree(id, header.tree) : emptyTrie<Leaf, Child>())
  const node = await readObjects(place, edited(treeShelf(keys, stored), before, edits))
  const stands = header && !rotates && !anew && !edits.length
  const tree = stands ? header.tree : sealNode(keys, node, epoch.secret).bytes
  const arriving = new Map(moves.comes.map(({ leaf, kem }) => [toHex(leaf), kem]))
  const publicKeyOf = async (leaf: string): Promise<Uint8Array> =>
    arriving.get(leaf) ?? (await readObjects(place, keyInTree(id, header!.tree, leaf)))
  const sealed = await sealedToStewards({ ...steward, key }, state, publicKeyOf)
  if (sealed) stored.push({ sealId: sealed.sealId, bytes: sealed.bytes })
  const stewards = sealed ? { sealId: sealed.sealId, hash: sealed.hash } : header!.stewards
  return { tree, stewards }
}
