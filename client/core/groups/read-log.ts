/** What the log of a circle comes to, as far as it has to be read; each entry checked against the identity of who wrote it. */
import {
  AlveoleError,
  checkpointEntries,
  checkpointPage,
  decode,
  extendGroupLog,
  hash32,
  readCheckpoint,
  readGroupLog,
  struct,
  toHex,
  uint,
  unsafeAuthors,
  unsafeGroupEntry,
  unsafePoint,
  type GroupLogPart,
  type GroupState,
  type KeyOf,
  type Member,
} from '#crypto'
import type { GroupEntry } from '../account-state.ts'
import type { Context } from '../context.ts'
import { everDeviceKey } from '../people.ts'
import { memberOf } from './group-members.ts'
import { after, checkHas, checkpointIn, walkBack } from './log-walk.ts'
import { readObjects, type Place } from './objects.ts'

/** The newest entry of a log that this device saw. */
export const groupSeen = struct({ index: uint, hash: hash32 })
export const seenKey = (url: string): string => `group ${url}`

/** What the log comes to, and the entries that were read for it: from the newest known one, a checkpoint, or the founding on. */
export async function readLog(
  context: Context,
  entry: GroupEntry,
  place: Place,
  part: GroupLogPart,
  known: GroupState | null,
): Promise<{ state: GroupState; entries: Uint8Array[] }> {
  const checkpoint = checkpointIn(part)
  const covered = checkpoint ? unsafePoint(checkpoint).index : 0
  const base = known && known.last.index >= covered ? known : null
  const stored = await context.store.get(seenKey(entry.url))
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
