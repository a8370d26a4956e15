/** Reads a group from its head: climbs from our leaf, opens the log, checks what is new of it (SPEC N1–N17, T1–T8). */
import {
  AlveoleError,
  checkGroupHead,
  climb,
  deviceKey,
  encode,
  equal,
  fromHex,
  isCode,
  openGroupHead,
  rootId,
  toBase64Url,
  toHex,
  unsafeGroupEntry,
  unsafeGroupHeader,
  unwrapPrevious,
  type GroupEpoch,
  type GroupHeader,
  type GroupLogPart,
  type GroupState,
  type Member,
} from '#crypto'
import type { GroupEntry } from '../account-state.ts'
import type { Context } from '../context.ts'
import { learnGenerations } from '../generations.ts'
import { headUrl } from '../paths.ts'
import type { PodReply } from '../pod.ts'
import type { Store } from '../store.ts'
import { memberOf } from './group-members.ts'
import { checkLeftOut, keepStanding } from './left-out.ts'
import { isGone, readObjects, type Place } from './objects.ts'
import { groupSeen, readLog, seenKey } from './read-log.ts'

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

export const membersUrl = ({ url, state }: Pick<OpenGroup, 'url' | 'state'>): string =>
  `${url}members-${toBase64Url(state.nonce.subarray(0, 16))}`
export const inboxOf = (url: string): string => `${url}inbox/`
/** Where members leave what they answered to offers; stewards read it. */
export const consentsOf = (url: string): string => `${url}consents/`
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
  if (!newest && (await learnGenerations(context.pod, context.store, context.me)))
    return openHead(context, entry, reply, known) // of a generation that another device began
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

/** N7: from now on every log of this group has this entry at its place. */
export async function keepSeen(store: Store, url: string, state: GroupState): Promise<void> {
  await store.set(seenKey(url), encode(groupSeen, state.last))
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
