/**
 * Adds entries to a group's log and swaps its head; whoever changes it last wins nothing by force. What the entries mean for
 * the keys follows from them: who went has no leaf any more, and the epoch is another; where a steward went, the steward key is.
 */
import {
  drawGroupEpoch,
  drawSealId,
  fromHex,
  groupKem,
  hash,
  isCode,
  nextGroupEntry,
  random,
  sealGroupHead,
  toHex,
  unsafePoint,
  wrapPrevious,
  type GroupBody,
  type GroupHeader,
  type GroupState,
  type StoredObject,
} from '#crypto'
import type { Context } from '../context.ts'
import { headUrl } from '../paths.ts'
import { swap } from '../swap.ts'
import { memberOf, type Roll } from './group-members.ts'
import { appended, folded, isOverdue, type LogBase } from './log-part.ts'
import { storeObjects } from './objects.ts'
import { keepSeen, newsIn, type OpenGroup } from './open-group.ts'
import { verified } from './read-log.ts'
import { endRenewal } from './renew-tree.ts'
import { lookedAt, staleAmong } from './stale-leaves.ts'
import { isInTree, openStewardKey, type StewardKey } from './steward-key.ts'
import { keysOf, movesOf } from './tree-change.ts'

export interface GroupChange {
  entries: GroupBody[]
  /** X-Wing keys of the leaves that the entries name. */
  keys?: Uint8Array[]
  /** Leaves of keys that somebody else may hold, as hexadecimal digits. */
  exposed?: string[]
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
export async function changeGroup(context: Context, group: Standing, asked: GroupChange): Promise<OpenGroup> {
  const { me, store } = context
  const { place, id, header } = group
  const steward = header ? await openStewardKey(context, place, header) : NONE()
  const change = await withStale(context, group, asked)
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
  const etag = await swapped(context, place.url, sealGroupHead(of, next.part, epoch, me.signer), group.etag)
  await endRenewal(context, place.url)
  await keepSeen(store, place.url, next.state) // or a host that puts it back is believed, should we die before the account says so
  const led = next.archived ? group.epochs.slice(-1) : group.epochs
  return {
    url: place.url,
    id: toHex(id),
    etag,
    header: of,
    place,
    state: next.state,
    log: next.part,
    epochs: rotates ? [...led, epoch] : [...led],
    news: newsIn(all),
    self: await memberOf({ state: next.state, place }, me.webId),
  }
}

/** With what has to change along with it. */
async function withStale(context: Context, group: Standing, asked: GroupChange): Promise<Required<GroupChange>> {
  const { entries, keys = [], exposed = [] } = asked
  const { place, id, header } = group
  if (!header) return { entries, keys, exposed }
  const stale = await staleAmong(context, id, await lookedAt(group, entries))
  const leaves = [...new Set([...stale.exposed, ...exposed])]
  const there = await Promise.all(leaves.map(leaf => isInTree(place, id, header.tree, leaf)))
  return {
    entries: [...stale.entries, ...entries],
    keys: [...stale.keys, ...keys],
    exposed: leaves.filter((_, i) => there[i]),
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
  let { last } = before
  for (const body of bodies) {
    const entry = nextGroupEntry(last, me.webId, me.signer, clock(), body)
    added.push(entry)
    last = unsafePoint(entry)
  }
  return { added, state: await verified(context, place, before, added) }
}
