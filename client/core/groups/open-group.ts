/** Reads a group from its head: climbs from our leaf, opens the log, checks what is new of it (SPEC N1–N17, T1–T8). */
import {
  AlveoleError,
  checkGroupHead,
  checkpointEntries,
  checkpointPage,
  climb,
  decode,
  deviceKey,
  encode,
  equal,
  extendGroupLog,
  fromHex,
  hash32,
  isCode,
  readCheckpoint,
  openGroupHead,
  readGroupLog,
  rootId,
  struct,
  toBase64Url,
  toHex,
  uint,
  unsafeAuthors,
  unsafeGroupEntry,
  unsafeGroupHeader,
  unsafePoint,
  unwrapPrevious,
  type GroupEpoch,
  type GroupHeader,
  type GroupLogPart,
  type GroupState,
  type KeyOf,
  type Member,
} from '#crypto'
import type { GroupEntry } from '../account-state.ts'
import type { Context } from '../context.ts'
import { headUrl } from '../paths.ts'
import { everDeviceKey } from '../people.ts'
import type { PodReply } from '../pod.ts'
import type { Store } from '../store.ts'
import { memberOf } from './group-members.ts'
import { checkLeftOut, keepStanding } from './left-out.ts'
import { after, checkHas, checkpointIn, walkBack } from './log-walk.ts'
import { isGone, readObjects, type Place } from './objects.ts'

export interface OpenGroup {
  url: string
  id: string
  etag: string | null
  header: GroupHeader
  /** Those that the head leads to, oldest first. */
  epochs: GroupEpoch[]
  state: GroupState
  /** As the head has it. */
  log: GroupLogPart
  place: Place
  /** Whom the entries that were read tell of: what the account may not know yet. */
  news: Member[]
  /** Oneself; null: not by the log. */
  self: Member | null
}

/** The newest entry of a log that this device saw. */
export const groupSeen = struct({ index: uint, hash: hash32 })
const keyOf = (url: string): string => `group ${url}`

export const membersUrl = ({ url, state }: Pick<OpenGroup, 'url' | 'state'>): string =>
  `${url}members-${toBase64Url(state.nonce.subarray(0, 16))}`
export const inboxOf = (url: string): string => `${url}inbox/`
export const feedOf = (url: string): string => `${url}feed/`

/** null where the head is not for us: asked to join and not admitted, or removed. `known`: what was opened before. */
export async function openGroup(
  context: Context,
  entry: GroupEntry,
  known: OpenGroup | null = null,
): Promise<OpenGroup | null> {
  for (let last: Uint8Array | null = null; ;) {
    const reply = await headOf(context, entry)
    if (!reply) return null
    try {
      return await openHead(context, entry, reply, known)
    } catch (error) {
      if (!isGone(error) || (last && equal(last, reply.body))) throw error
      last = reply.body
    }
  }
}

async function openHead(
  context: Context,
  entry: GroupEntry,
  reply: PodReply,
  known: OpenGroup | null,
): Promise<OpenGroup | null> {
  const header = unsafeGroupHeader(reply.body)
  const place = known?.place ?? { pod: context.pod, url: entry.url, pages: new Map() }
  const newest = knownEpoch(known, header) ?? (await climbed(context, place, entry.id, header))
  if (!newest) {
    await checkLeftOut(context, entry, reply.body)
    return null
  }
  const { identity } = await context.people.find(header.owner)
  const log = openGroupHead(reply.body, entry.id, newest, signer => deviceKey(identity, signer))
  const { state, entries } = await readLog(context, entry, place, log, known?.state ?? null)
  checkGroupHead(header, state, newest)
  if (state.stewards.get(header.owner)?.root !== rootId(identity))
    throw new AlveoleError('identity-changed', 'a steward with another root')
  await keepSeen(context.store, entry.url, state)
  return {
    url: entry.url,
    id: state.id,
    etag: reply.etag,
    header,
    state,
    log,
    place,
    news: newsIn(entries),
    epochs: unwrapPrevious(entry.id, newest, header.previous),
    self: await memberOf({ state, place }, context.me.webId),
  }
}

/** null where the server refuses it, as it does for whoever is not a member; a steward's own head must be there. */
async function headOf({ pod }: Context, { url, role, state, seen }: GroupEntry): Promise<PodReply | null> {
  try {
    const reply = await pod.get(headUrl(url))
    if (reply || !seen || state === 'pending') return reply
  } catch (error) {
    if (isCode(error, 'not-granted') && role !== 'steward') return null
    throw error
  }
  throw new AlveoleError('rolled-back', 'the head of the group is gone', { detail: { group: url } })
}

/** The epoch goes on: nothing has to be climbed for it. A head under another secret does not open with it. */
const knownEpoch = (known: OpenGroup | null, { group, epoch }: GroupHeader): GroupEpoch | null => {
  const newest = known?.epochs.at(-1)
  return newest?.number === epoch && known?.id === toHex(group) ? newest : null
}

async function climbed(
  { me }: Context,
  place: Place,
  group: Uint8Array,
  { tree, epoch, group: claimed }: GroupHeader,
): Promise<GroupEpoch | null> {
  if (!equal(group, claimed)) return null
  for (const seed of me.kemSeeds) {
    const secret = await readObjects(place, climb(group, tree, seed))
    if (secret) return { number: epoch, secret }
  }
  return null
}

/** What the log comes to, and the entries that were read for it: from the newest known one, a checkpoint, or the founding on. */
async function readLog(
  context: Context,
  entry: GroupEntry,
  place: Place,
  part: GroupLogPart,
  known: GroupState | null,
): Promise<{ state: GroupState; entries: Uint8Array[] }> {
  const checkpoint = checkpointIn(part)
  const covered = checkpoint ? unsafePoint(checkpoint).index : 0
  const base = known && known.last.index >= covered ? known : null
  const stored = await context.store.get(keyOf(entry.url))
  const seen = [base?.last ?? null, stored && decode(groupSeen, stored), entry.seen].filter(point => point !== null)
  const newest = unsafePoint(part.entries.at(-1)!).index
  const oldest = Math.min(base?.last.index ?? covered, ...seen.map(({ index }) => Math.min(index, newest)))
  const { entries } = await walkBack(place, entry.id, part, oldest)
  for (const point of seen) checkHas(entries, point, entry.url)
  const from = base ?? (checkpoint && (await fromCheckpoint(context, entry, place, checkpoint)))
  const state = from
    ? await verified(context, place, from, after(entries, from.last.index))
    : readGroupLog(entries, await keysFor(context, entries))
  if (state.id !== toHex(entry.id)) throw new AlveoleError('tampered', 'the log of another group')
  return { state, entries }
}

async function fromCheckpoint(
  context: Context,
  { id }: GroupEntry,
  place: Place,
  entry: Uint8Array,
): Promise<GroupState> {
  const { body } = unsafeGroupEntry(entry)
  if (body.type !== 'checkpoint') throw new AlveoleError('tampered', 'not a checkpoint')
  const checkpoint = await readObjects(place, checkpointPage.read(id, body.state))
  const keys = await keysFor(context, checkpointEntries(entry, checkpoint))
  return readCheckpoint(toHex(id), entry, checkpoint, keys)
}

/** The state after more entries, each checked against the identity of who wrote it. */
export async function verified(
  context: Context,
  place: Place,
  state: GroupState,
  entries: readonly Uint8Array[],
): Promise<GroupState> {
  const known = new Map<string, Member | null>()
  for (const author of unsafeAuthors(entries))
    if (!state.stewards.has(author)) known.set(author, await memberOf({ state, place }, author))
  return extendGroupLog(state, entries, await keysFor(context, entries), webId => known.get(webId) ?? null)
}

/** Keys of those who wrote the entries, out of their identity logs. */
export async function keysFor({ people }: Context, entries: readonly Uint8Array[]): Promise<KeyOf> {
  const authors = new Map(
    await Promise.all(unsafeAuthors(entries).map(async webId => [webId, await people.find(webId)] as const)),
  )
  return (author, root, signer) => {
    const person = authors.get(author)
    return person?.root === root ? everDeviceKey(person, signer) : null
  }
}

/** N7: from now on every log of this group has this entry at its place. */
export async function keepSeen(store: Store, url: string, state: GroupState): Promise<void> {
  await store.set(keyOf(url), encode(groupSeen, state.last))
  await keepStanding(store, url, state)
}

/** Admissions and removals, each person's last. */
export function newsIn(entries: readonly Uint8Array[]): Member[] {
  const told = new Map<string, Member>()
  for (const { body, author: by, time: at } of entries.map(unsafeGroupEntry)) {
    if (body.type === 'admit') {
      const { member: webId, root, role, leaf } = body
      told.set(webId, { webId, root: toHex(root), role, state: 'member', leaf: toHex(leaf), by, at })
    } else if (body.type === 'remove') {
      told.set(body.member, { webId: body.member, root: '', role: 'member', state: 'removed', leaf: null, by, at })
    }
  }
  return [...told.values()]
}

export const groupBytes = (id: string): Uint8Array => fromHex(id)
