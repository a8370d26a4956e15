/**
 * What an owner tells the circles that they share with: after a burst of writes one feed line each, with the account's checkpoint; what
 * was taken back; and, once a day, whatever is missing of one's own where others look for it: who folds may leave out (A35).
 */
import { AlveoleError, decode, encode, equal, struct, toHex, uint } from '#crypto'
import type { AccountState, GrantEntry } from '../account-state.ts'
import { announceToGroup, type Announcement } from '../announce.ts'
import type { HeadState } from '../collections/head-state.ts'
import type { Context } from '../context.ts'
import type { KnownGroups } from '../groups/known-groups.ts'
import { feedOf, type OpenGroup } from '../groups/open-group.ts'
import { collectionUrl, MEDIA_TYPE } from '../paths.ts'
import type { Feeds } from './feeds.ts'
import { sealLines, type ToldHead } from './lines.ts'
import { announcementsOf } from './read-feed.ts'

const DAY = 24 * 3600_000
const told = struct({ at: uint })

export class Telling {
  readonly #context: Context
  readonly #groups: KnownGroups
  readonly #feeds: Feeds
  /** Written, or taken back, since it was told. */
  readonly #heads = new Map<string, ToldHead>()
  readonly #ended = new Map<string, GrantEntry>()

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

  tookBack(grant: GrantEntry): void {
    if (grant.toKind === 'group') this.#ended.set(toHex(grant.id), grant)
  }

  /** Stands in nobody's way: a line that is lost is made up for by the next, and by whoever looks at the head itself. */
  async settle(): Promise<void> {
    const [heads, ended] = [[...this.#heads.values()], [...this.#ended.values()]]
    const groups = new Set([
      ...heads.flatMap(({ collection }) => [...groupsOf(this.#context, collection)]),
      ...ended.map(({ to }) => to),
    ])
    for (const url of groups) {
      const mine = heads.filter(({ collection }) => groupsOf(this.#context, collection).has(url))
      const over = ended.filter(({ to }) => to === url)
      await trying(() => this.#tell(url, mine, over))
    }
    for (const head of heads)
      if (this.#heads.get(toHex(head.collection)) === head) this.#heads.delete(toHex(head.collection))
    for (const { id } of ended) this.#ended.delete(toHex(id))
  }

  async #tell(url: string, heads: readonly ToldHead[], ended: readonly GrantEntry[]): Promise<void> {
    const group = await this.#groups.open(url)
    if (!group?.self || group.self.role === 'observer' || group.state.exposed) return
    for (const message of sealLines(this.#context.me, group, heads))
      await this.#context.pod.post(feedOf(url), message, { type: MEDIA_TYPE })
    for (const grant of ended) await announceToGroup(this.#context, group, withdrawalOf(this.#context, grant))
  }

  /** Which of one's circles lack something that was announced there. Looked at once a day, unless `always`; `mend`: announced again. */
  async missing({ always = false, mend = true } = {}): Promise<string[]> {
    const lacking: string[] = []
    for (const { url, state } of this.#context.account.state.groups) {
      if (state !== 'member' || !(await this.#isDue(url, always))) continue
      await trying(async () => {
        const { group, state: feed } = await this.#feeds.read(url)
        const there = announcementsOf(feed, group).filter(({ owner }) => owner === this.#context.me.webId)
        const lacks = lackingIn(this.#context, url, there)
        if (lacks.some(({ collections }) => collections.length)) lacking.push(url)
        if (mend) for (const one of lacks) await announceToGroup(this.#context, group, one)
        await this.#context.store.set(`told ${url}`, encode(told, { at: this.#context.clock() }))
      })
    }
    return lacking
  }

  async #isDue(url: string, always: boolean): Promise<boolean> {
    const before = await this.#context.store.get(`told ${url}`)
    const since = this.#context.clock() - (before ? decode(told, before).at : -Infinity)
    return always || since < 0 || since >= DAY
  }

  lock(): void {
    this.#heads.clear()
    this.#ended.clear()
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

const withdrawalOf = (context: Context, grant: GrantEntry): Announcement => ({
  ...announcementFor(context, grant),
  collections: [],
})

const isLive = ({ state, until }: GrantEntry, now: number): boolean => state === 'live' && now < until

const liveIn = ({ grants }: AccountState, url: string, now: number): GrantEntry[] =>
  grants.filter(grant => grant.toKind === 'group' && grant.to === url && isLive(grant, now))

/** Announced otherwise than the account has it, or not; and what stands there though it is over. */
function lackingIn(context: Context, url: string, there: readonly Announcement[]): Announcement[] {
  const live = liveIn(context.account.state, url, context.clock())
  const now = live.map(grant => announcementFor(context, grant))
  const isThere = (one: Announcement): boolean =>
    there.some(
      ({ grant, until, collections }) =>
        equal(grant, one.grant) && until === one.until && placesOf(collections) === placesOf(one.collections),
    )
  const over = there.filter(({ grant }) => !live.some(({ id }) => equal(id, grant)))
  return [...now.filter(one => !isThere(one)), ...over.map(one => ({ ...one, at: context.clock(), collections: [] }))]
}

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

async function trying(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof AlveoleError)) throw error
  }
}
