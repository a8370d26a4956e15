/**
 * Announcements: "I granted you this", signed by the owner's device and sealed to the recipient, left in a person's inbox or
 * a group's feed (protocol §6, §7). They carry no data: rows come from their owners' pods only.
 */
import {
  AlveoleError,
  decode,
  encode,
  id16,
  label,
  list,
  openGroupMessage,
  openMessage,
  rootId,
  sealGroupMessage,
  sealMessage,
  signBytes,
  struct,
  text,
  toHex,
  unsafeMessageEpoch,
  unsafeUnverified,
  verifySigned,
  type GroupEpoch,
  type Of,
} from '#crypto'
import type { Context } from './context.ts'
import { memberOf } from './groups/group-members.ts'
import { epochsSince } from './groups/older-epochs.ts'
import { feedOf, type OpenGroup } from './groups/open-group.ts'
import { everDeviceKey } from './people.ts'
import { collectionUrl, inboxUrl, isChild, MEDIA_TYPE } from './paths.ts'
import { inParallel, inTurn } from './parallel.ts'
import type { Person } from './people.ts'

export const announcement = struct({
  owner: text,
  to: text,
  grant: id16,
  collections: list(struct({ id: id16, url: text })),
})
export type Announcement = Of<typeof announcement>

const sign = ({ me }: Context, of: Announcement): Uint8Array =>
  signBytes(me.signer, label.announcement, encode(announcement, of))

export async function announceToPerson(context: Context, to: Person, of: Announcement): Promise<void> {
  await context.pod.post(inboxUrl(to.storage), sealMessage(to.identity.kem, sign(context, of)), { type: MEDIA_TYPE })
}

export async function announceToGroup(context: Context, to: OpenGroup, of: Announcement): Promise<void> {
  await context.pod.post(feedOf(to.url), sealGroupMessage(to.epochs.at(-1)!, sign(context, of)), { type: MEDIA_TYPE })
}

export interface Feed {
  announcements: Announcement[]
  /** Back to the oldest that something in it is sealed to, oldest first. */
  epochs: GroupEpoch[]
}

/**
 * What members announced to their group; whatever is not a member's, or only an observer's, or not for this group, is passed over
 * (A10, A35).
 */
export async function readFeed(context: Context, group: OpenGroup): Promise<Feed> {
  let { epochs } = group
  const turn = inTurn()
  const announcements = await readAll(context, feedOf(group.url), async body => {
    const number = unsafeMessageEpoch(body)
    await turn(async () => {
      if (number < epochs[0]!.number) epochs = await epochsSince(group, number)
    })
    const signed = openGroupMessage(epochs, body)
    return signed && verify(context, signed, claim => mayAnnounce(context, group, claim))
  })
  return { announcements, epochs }
}

/** Who is a member by the log, under the root that signs (X6). */
async function mayAnnounce({ people }: Context, group: OpenGroup, { to, owner }: Announcement): Promise<boolean> {
  if (to !== group.url) return false
  const member = await memberOf(group, owner)
  return member !== null && member.role !== 'observer' && member.root === rootId(await people.identity(owner))
}

/** What others announced to us alone, or only one of them. */
export async function readInbox(context: Context, from?: string): Promise<Announcement[]> {
  const toMe = async ({ to, owner }: Announcement) => to === context.me.webId && (!from || owner === from)
  return readAll(context, inboxUrl(context.pod.storage), async body => {
    for (const seed of context.me.kemSeeds) {
      const signed = ignoring(() => openMessage(seed, body))
      if (signed) return verify(context, signed, toMe)
    }
    return null
  })
}

async function readAll(
  { pod }: Context,
  container: string,
  read: (body: Uint8Array) => Promise<Announcement | null>,
): Promise<Announcement[]> {
  const urls = ((await pod.list(container)) ?? []).filter(url => isChild(container, url))
  const found = await inParallel(urls, async url => {
    const reply = await pod.get(url)
    return reply && passing(() => read(reply.body))
  })
  const last = found.filter(one => one !== null).map(one => [`${one.owner} ${toHex(one.grant)}`, one] as const)
  return [...new Map(last).values()] // one that was sent twice counts once
}

/** null where the claim is not `wanted`: nothing that it names is looked up then. */
async function verify(
  { people }: Context,
  signed: Uint8Array,
  wanted: (claim: Announcement) => Promise<boolean>,
): Promise<Announcement | null> {
  const claim = decode(announcement, unsafeUnverified(signed).signed)
  if (!(await wanted(claim))) return null
  const identity = await people.identity(claim.owner)
  verifySigned(signed, label.announcement, signer => everDeviceKey({ identity }, signer)) // X6
  const storage = await people.storage(claim.owner)
  const theirs = storage && claim.collections.every(({ id, url }) => url === collectionUrl(storage, id))
  if (!theirs) throw new AlveoleError('tampered', 'an announcement of what is not its owner’s to give')
  return claim
}

/**
 * Anybody may leave a message, and say that it is from whomever they like: what cannot be checked, for whatever reason, is
 * passed over and hides nothing else (A35). One's own dead line is told by the list before.
 */
async function passing<T>(work: () => Promise<T | null>): Promise<T | null> {
  try {
    return await work()
  } catch (error) {
    if (isForeignFault(error)) return null
    throw error
  }
}

function ignoring<T>(work: () => T): T | null {
  try {
    return work()
  } catch (error) {
    if (isForeignFault(error)) return null
    throw error
  }
}

export const isForeignFault = (error: unknown): error is AlveoleError =>
  error instanceof AlveoleError && error.code !== 'locked'
