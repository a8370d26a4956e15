/**
 * What an owner tells the circles that they share with: after a burst of writes one feed line each, with the account's checkpoint; what
 * was taken back; and, once a day, whatever is missing of one's own where others look for it: who folds may leave out (A35).
 */
import { decode, encode, equal, struct, toHex, uint } from '#crypto'
import type { AccountState, GrantEntry } from '../account-state.ts'
import { announceToGroup, type Announcement } from '../announce.ts'
import type { HeadState } from '../collections/head-state.ts'
import type { Context } from '../context.ts'
import { passing, trying } from '../failures.ts'
import type { KnownGroups } from '../groups/known-groups.ts'
import { feedOf, type OpenGroup } from '../groups/open-group.ts'
import { collectionUrl, MEDIA_TYPE } from '../paths.ts'
import type { Feeds } from './feeds.ts'
import { removedOf } from '../people.ts'
import { sealLines, type ToldHead } from './lines.ts'
import type { FeedState } from './read-feed.ts'
import { announcementsOf } from './said.ts'

const DAY = 24 * 3600_000
export const toldAt = struct({ at: uint })

export class Telling {
  readonly #context: Context
  readonly #groups: KnownGroups
  readonly #feeds: Feeds
  /** Since it was told last. */
  readonly #heads = new Map<string, ToldHead>()
  readonly #changed = new Map<string, GrantEntry>()

  constructor(context: Context, groups: KnownGroups, feeds: Feeds) {
    this.#context = context
    this.#groups = groups
    this.#feeds = feeds
  }

  /** After a commit; told when the burst is over. */
  wrote(collection: Uint8Array, { head }: HeadState): void {
    if (!head || !groupsOf(this.#context, collection).size) return
    this.#heads.set(toHex(collection), { collection, vector: head.header.vector, hash: head.hash })
  }

  /** Ended, or of other terms. */
  changed(grant: GrantEntry): void {
    if (grant.toKind === 'group') this.#changed.set(toHex(grant.id), grant)
  }

  /** Stands in nobody's way: a line that is lost is made up for by the next, and by whoever looks at the head itself. */
  async settle(): Promise<void> {
    const [heads, changed] = [[...this.#heads.values()], [...this.#changed.values()]]
    const groups = new Set([
      ...heads.flatMap(({ collection }) => [...groupsOf(this.#context, collection)]),
      ...changed.map(({ to }) => to),
    ])
    for (const url of groups) {
      const mine = heads.filter(({ collection }) => groupsOf(this.#context, collection).has(url))
      const grants = changed.filter(({ to }) => to === url)
      await trying(() => this.#tell(url, mine, grants))
    }
    for (const head of heads)
      // what changed again while this was told waits for the next time
      if (this.#heads.get(toHex(head.collection)) === head) this.#heads.delete(toHex(head.collection))
    for (const grant of changed) if (this.#changed.get(toHex(grant.id)) === grant) this.#changed.delete(toHex(grant.id))
  }

  async #tell(url: string, heads: readonly ToldHead[], changed: readonly GrantEntry[]): Promise<void> {
    const group = await this.#groups.open(url)
    if (!group?.self || group.self.role === 'observer' || group.state.exposed) return
    for (const message of sealLines(this.#context.me, group, heads))
      await this.#context.pod.post(feedOf(url), message, { type: MEDIA_TYPE })
    if (!changed.length) return
    const read = await passing(() => this.#feeds.read(url)) // where it cannot be read, `mend` says it again
    for (const grant of changed)
      await announceToGroup(this.#context, group, saidLast(nowOf(this.#context, grant), read?.state))
  }

  /** What one announced and does not find in a circle is announced again, and what is over there taken back. Once a day at most, unless `always`. */
  async mend({ always = false } = {}): Promise<void> {
    const { account, store, clock } = this.#context
    for (const { url, state } of account.state.groups) {
      if (state !== 'member' || !(await this.#isDue(url, always))) continue
      await trying(async () => {
        const { group, state: feed } = await this.#feeds.read(url)
        if (group.self?.role === 'observer' || group.state.exposed) return
        for (const one of lackingIn(this.#context, group, feed)) await announceToGroup(this.#context, group, one)
        await store.set(`told ${url}`, encode(toldAt, { at: clock() }))
      })
    }
  }

  /** What a look at the circles shows: what one announced is left out of, and what somebody left there that does not verify. */
  async problems(): Promise<{ code: string; detail: string }[]> {
    const found: { code: string; detail: string }[] = []
    for (const { url, name, state } of this.#context.account.state.groups) {
      if (state !== 'member') continue
      await trying(async () => {
        const { group, state: feed } = await this.#feeds.read(url)
        // what this program is about to say nobody left out
        const lacks = lackingIn(this.#context, group, feed).some(
          ({ grant, collections }) => collections.length && !this.#changed.has(toHex(grant)),
        )
        if (lacks) found.push({ code: 'left-out', detail: name })
        if (feed.refused) found.push({ code: 'forged-announcements', detail: name })
        if (feed.isFull) found.push({ code: 'flooded-feed', detail: name })
      })
    }
    return found
  }

  async #isDue(url: string, always: boolean): Promise<boolean> {
    const before = await this.#context.store.get(`told ${url}`)
    const since = this.#context.clock() - (before ? decode(toldAt, before).at : -Infinity)
    return always || since < 0 || since >= DAY
  }

  lock(): void {
    this.#heads.clear()
    this.#changed.clear()
  }
}

export const announcementFor = (
  { pod, me, clock }: Context,
  { id, to, until, collections }: GrantEntry,
): Announcement => ({
  owner: me.webId,
  to,
  grant: id,
  at: clock(),
  until,
  collections: collections.map(one => ({ id: one, url: collectionUrl(pod.storage, one) })),
})

/** As the account has it now; no collection where it is over. */
function nowOf(context: Context, { id, ...then }: GrantEntry): Announcement {
  const { account, clock } = context
  const now = account.state.grants.find(grant => equal(grant.id, id))
  if (now && isLive(now, clock())) return announcementFor(context, now)
  return { ...announcementFor(context, { id, ...then }), collections: [] }
}

const isLive = ({ state, until }: GrantEntry, now: number): boolean => state === 'live' && now < until

const liveIn = ({ grants }: AccountState, url: string, now: number): GrantEntry[] =>
  grants.filter(grant => grant.toKind === 'group' && grant.to === url && isLive(grant, now))

/** What the account has otherwise, or not at all, than was announced; and what stands there though it is over. */
function lackingIn(context: Context, group: OpenGroup, feed: FeedState): Announcement[] {
  const there = announcementsOf(feed, group).filter(({ owner }) => owner === context.me.webId)
  const live = liveIn(context.account.state, group.url, context.clock())
  const wanted = live.map(grant => announcementFor(context, grant))
  const removed = removedOf(context.me)
  const standing = announcementsOf(feed, group, removed).filter(({ owner }) => owner === context.me.webId)
  const lacks = wanted.filter(one => !standing.some(is => isSame(is, one)))
  const over = there.filter(
    ({ grant }) => !context.account.state.grants.some(is => equal(is.id, grant) && is.state !== 'ended'),
  )
  const takenBack = over.map(one => ({ ...one, at: context.clock(), collections: [] }))
  return [...lacks, ...takenBack].map(one => saidLast(one, feed))
}

/** After all that its owner's devices said there, whatever this one's clock says: or it would not count (X10). */
function saidLast(of: Announcement, feed: FeedState | undefined): Announcement {
  const own = feed?.rows.find(({ webId }) => webId === of.owner)?.grants ?? []
  return { ...of, at: own.reduce((at, there) => Math.max(at, there.at + 1), of.at) }
}

const isSame = (a: Announcement, b: Announcement): boolean =>
  equal(a.grant, b.grant) && a.until === b.until && placesOf(a.collections) === placesOf(b.collections)

const placesOf = (collections: Announcement['collections']): string =>
  collections
    .map(({ url }) => url)
    .sort()
    .join()

/** Circles that may read some of a collection now. */
function groupsOf({ account, clock }: Context, collection: Uint8Array): Set<string> {
  const now = clock()
  const grants = account.state.grants.filter(
    ({ toKind, state, until, collections }) =>
      toKind === 'group' &&
      (state === 'giving' || state === 'live') &&
      now < until &&
      collections.some(one => equal(one, collection)),
  )
  return new Set(grants.map(({ to }) => to))
}
