/** Reads a group from its head: finds our leaf, opens the log, checks every entry (SPEC N1–N12). */
import {
  AlveoleError,
  checkGroupHead,
  deviceKey,
  equal,
  fromHex,
  groupContinues,
  isCode,
  list,
  decode,
  encode,
  hash32,
  openGroupHead,
  readGroupLog,
  rootId,
  toBase64Url,
  toHex,
  unsafeAuthors,
  unsafeGroupHeader,
  unwrapGroupEpoch,
  unwrapPrevious,
  type GroupEpoch,
  type GroupHeader,
  type GroupState,
} from '#crypto'
import type { GroupEntry } from '../account-state.ts'
import type { Context } from '../context.ts'
import { everDeviceKey } from '../people.ts'
import { checkLeftOut, keepStanding } from './left-out.ts'
import { headUrl } from '../paths.ts'
import type { PodReply } from '../pod.ts'
import type { Store } from '../store.ts'

export interface OpenGroup {
  url: string
  id: string
  etag: string | null
  header: GroupHeader
  /** Oldest first. */
  epochs: GroupEpoch[]
  state: GroupState
}

/** The log's entries, by their hashes. */
export const groupSeen = list(hash32)
const keyOf = (url: string): string => `group ${url}`

export const membersUrl = ({ url, state }: Pick<OpenGroup, 'url' | 'state'>): string =>
  `${url}members-${toBase64Url(state.nonce.subarray(0, 16))}`
export const inboxOf = (url: string): string => `${url}inbox/`
export const feedOf = (url: string): string => `${url}feed/`

/** null where the head is not for us: asked to join and not admitted, or removed. */
export async function openGroup(context: Context, entry: GroupEntry): Promise<OpenGroup | null> {
  const reply = await headOf(context, entry)
  if (!reply) return null
  const id = toHex(entry.id)
  const header = unsafeGroupHeader(reply.body)
  const newest = unwrap(context, entry.id, header)
  if (!newest) {
    await checkLeftOut(context, entry, reply.body)
    return null
  }
  const { identity } = await context.people.find(header.owner)
  const part = openGroupHead(reply.body, entry.id, newest, signer => deviceKey(identity, signer))
  const state = await verifyLog(context, part.entries)
  if (state.id !== id) throw new AlveoleError('tampered', 'the log of another group')
  checkGroupHead(header, state, newest)
  const signer = state.members.find(({ webId }) => webId === header.owner)
  if (signer?.root !== rootId(identity)) throw new AlveoleError('identity-changed', 'a steward with another root')
  await checkSeen(context, entry, state)
  return {
    url: entry.url,
    id,
    etag: reply.etag,
    header,
    epochs: unwrapPrevious(entry.id, newest, header.previous),
    state,
  }
}

/** null where the server refuses it, as it does for whoever is not a member; a steward's own head must be there. */
async function headOf({ pod }: Context, { url, role, seen }: GroupEntry): Promise<PodReply | null> {
  try {
    const reply = await pod.get(headUrl(url))
    if (reply || !seen.length) return reply
  } catch (error) {
    if (isCode(error, 'not-granted') && role !== 'steward') return null
    throw error
  }
  throw new AlveoleError('rolled-back', 'the head of the group is gone', { detail: { group: url } })
}

function unwrap({ me }: Context, group: Uint8Array, header: GroupHeader): GroupEpoch | null {
  for (const seed of me.kemSeeds) {
    const epoch = unwrapGroupEpoch(group, header.epoch, header.wraps, seed)
    if (epoch) return epoch
  }
  return null
}

/** Verifies every entry against the identities of those who wrote them. */
export async function verifyLog({ people }: Context, log: Uint8Array[]): Promise<GroupState> {
  const authors = new Map(
    await Promise.all(unsafeAuthors(log).map(async webId => [webId, await people.find(webId)] as const)),
  )
  return readGroupLog(log, (author, root, signer) => {
    const person = authors.get(author)
    return person?.root === root ? everDeviceKey(person, signer) : null
  })
}

async function checkSeen({ store }: Context, entry: GroupEntry, state: GroupState): Promise<void> {
  const stored = await store.get(keyOf(entry.url))
  const known = stored ? decode(groupSeen, stored) : entry.seen.slice(-1)
  const fromAccount = entry.seen.every(seen => state.entries.some(hash => equal(hash, seen)))
  if (!fromAccount || (stored && !groupContinues(state, known))) {
    throw new AlveoleError('rolled-back', 'a group log that lost entries', { detail: { group: entry.url } })
  }
  await keepSeen(store, entry.url, state)
}

/** N7: from now on every log of this group begins with these entries. */
export async function keepSeen(store: Store, url: string, state: GroupState): Promise<void> {
  await store.set(keyOf(url), encode(groupSeen, state.entries))
  await keepStanding(store, url, state)
}

/** A person of a group is vouched for by its log, root and all. */
export function memberOf(group: OpenGroup, webId: string) {
  return group.state.members.find(member => member.webId === webId && member.state === 'member') ?? null
}

export const groupBytes = (id: string): Uint8Array => fromHex(id)
