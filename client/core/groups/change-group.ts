/** Adds entries to a group's log and swaps its head; whoever changes it last wins nothing by force. */
import {
  appendGroupEntry,
  drawGroupEpoch,
  drawSealId,
  groupKem,
  rootId,
  hash,
  sealGroupHead,
  wrapGroupEpoch,
  wrapPrevious,
  type GroupBody,
  type GroupEpoch,
  type GroupState,
} from '#crypto'
import type { Context } from '../context.ts'
import { headUrl } from '../paths.ts'
import { swap } from '../swap.ts'
import { groupBytes, keepSeen, verifyLog, type OpenGroup } from './open-group.ts'

export interface GroupChange {
  entries: GroupBody[]
  /** A member went: the next epoch is not for them. */
  rotates: boolean
}

/** The group as it stands after the change. Throws `conflict` where another steward was first. */
export async function changeGroup(
  context: Context,
  group: OpenGroup | null,
  url: string,
  change: GroupChange,
): Promise<OpenGroup> {
  const { me, clock } = context
  const last = group?.epochs.at(-1) ?? null
  const epoch = change.rotates || !last ? drawGroupEpoch((last?.number ?? 0) + 1) : last
  const bodies = [...change.entries]
  if (epoch !== last) bodies.push({ type: 'rotate', epoch: epoch.number, kem: hash(groupKem(epoch)) })
  const log = bodies.reduce(
    (entries, body) => appendGroupEntry(entries, me.webId, me.signer, clock(), body),
    group?.state.log ?? [],
  )
  const state = await verifyLog(context, log) // our own entries pass the same rules as anybody's
  const id = groupBytes(state.id)
  const previous = group?.header.previous ?? []
  const header = {
    version: 1 as const,
    type: 'group' as const,
    owner: me.webId,
    sealId: drawSealId(),
    group: id,
    epoch: epoch.number,
    wraps: wrapGroupEpoch(id, epoch, await memberKeys(context, state)),
    previous: last && epoch !== last ? [...previous, wrapPrevious(id, last, epoch)] : previous,
  }
  const bytes = sealGroupHead(header, { pages: [], entries: log }, epoch, me.signer)
  const etag = await swap(context.pod, headUrl(url), bytes, group?.etag ?? null)
  await keepSeen(context.store, url, state) // or a host that puts it back is believed, should we die before the account says so
  const epochs: GroupEpoch[] = epoch === last ? group!.epochs : [...(group?.epochs ?? []), epoch]
  return { url, id: state.id, etag, header, epochs, state }
}

/**
 * The X-Wing key of every member's newest account generation. One who cannot be asked keeps the last key known of the root
 * that the log names; one of whom none is known is left out until a later change, and never blocks the others.
 */
async function memberKeys({ people }: Context, state: GroupState): Promise<Uint8Array[]> {
  const members = state.members.filter(member => member.state === 'member')
  const identities = await Promise.all(
    members.map(({ webId }) =>
      people.find(webId).then(
        ({ identity }) => identity,
        () => people.lastKnown(webId),
      ),
    ),
  )
  return members.flatMap(({ root }, i) => {
    const identity = identities[i]
    return identity && !identity.exposed && rootId(identity) === root ? [identity.kem] : []
  })
}
