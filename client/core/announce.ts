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
  openMessage,
  sealGroupMessage,
  sealMessage,
  signBytes,
  struct,
  text,
  toHex,
  uint,
  unsafeUnverified,
  verifySigned,
  type Identity,
  type Of,
} from '#crypto'
import type { Context } from './context.ts'
import { isForeignFault, passing } from './failures.ts'
import { feedOf, type OpenGroup } from './groups/open-group.ts'
import { everDeviceKey } from './people.ts'
import { collectionUrl, inboxUrl, isChild, MEDIA_TYPE } from './paths.ts'
import { inParallel } from './parallel.ts'
import type { Person } from './people.ts'

export const announcement = struct({
  owner: text,
  to: text,
  grant: id16,
  /** When it was said, milliseconds since 1970: of one grant the latest counts. */
  at: uint,
  /** The end of the grant, for who folds: what ended is kept no longer. */
  until: uint,
  /** None: it was taken back. */
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

/** What others announced to us alone, or only one of them. */
export async function readInbox(context: Context, from?: string): Promise<Announcement[]> {
  const senders = new Map<string, Promise<Identity>>() // each is asked once, however many messages name them
  const senderOf = (webId: string): Promise<Identity> => {
    const asked = senders.get(webId) ?? context.people.sender(webId)
    senders.set(webId, asked)
    return asked
  }
  const toMe = async ({ to, owner }: Announcement) => to === context.me.webId && (!from || owner === from)
  return readAll(context, inboxUrl(context.pod.storage), async body => {
    for (const seed of context.me.kemSeeds) {
      const signed = ignoring(() => openMessage(seed, body))
      if (signed) return verify(context, signed, toMe, senderOf)
    }
    return null
  })
}

/** Of an inbox that somebody filled, this many messages are read at a look (A35). */
const AT_MOST = 1000

/**
 * Anybody may leave a message, and say that it is from whomever they like: what cannot be checked, for whatever reason, is
 * passed over and hides nothing else (A35). One's own dead line is told by the list before.
 */
async function readAll(
  { pod }: Context,
  container: string,
  read: (body: Uint8Array) => Promise<Announcement | null>,
): Promise<Announcement[]> {
  const urls = ((await pod.list(container)) ?? []).filter(url => isChild(container, url)).slice(0, AT_MOST)
  const found = await inParallel(urls, async url => {
    const reply = await pod.get(url)
    return reply && passing(() => read(reply.body))
  })
  const last = found.filter(one => one !== null).sort((a, b) => a.at - b.at)
  const byGrant = new Map(last.map(one => [`${one.owner} ${toHex(one.grant)}`, one] as const))
  return [...byGrant.values()] // one that was sent twice counts once
}

/** null where the claim is not `wanted`: nothing that it names is looked up then. */
async function verify(
  { people }: Context,
  signed: Uint8Array,
  wanted: (claim: Announcement) => Promise<boolean>,
  senderOf: (webId: string) => Promise<Identity>,
): Promise<Announcement | null> {
  const claim = decode(announcement, unsafeUnverified(signed).signed)
  if (!(await wanted(claim))) return null
  const identity = await senderOf(claim.owner)
  verifySigned(signed, label.announcement, signer => everDeviceKey({ identity }, signer)) // X6
  checkPlaces(claim, await people.storage(claim.owner))
  return claim
}

/** X6: nobody is sent anywhere else by an announcement. */
export const areIn = (storage: string, { collections }: Pick<Announcement, 'collections'>): boolean =>
  collections.every(({ id, url }) => url === collectionUrl(storage, id))

function checkPlaces(claim: Announcement, storage: string | null): void {
  if (!storage || !areIn(storage, claim))
    throw new AlveoleError('tampered', 'an announcement of what is not its owner’s to give')
}

function ignoring<T>(work: () => T): T | null {
  try {
    return work()
  } catch (error) {
    if (isForeignFault(error)) return null
    throw error
  }
}
