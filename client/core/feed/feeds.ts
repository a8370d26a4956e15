/** The feeds of the circles that the account knows, each as this device read it last. */
import { AlveoleError, isCode } from '#crypto'
import type { Context } from '../context.ts'
import type { KnownGroups } from '../groups/known-groups.ts'
import type { OpenGroup } from '../groups/open-group.ts'
import { Feed, type FeedState } from './read-feed.ts'

export interface FeedRead {
  group: OpenGroup
  state: FeedState
}

export class Feeds {
  readonly #context: Context
  readonly #groups: KnownGroups
  readonly #open = new Map<string, Feed>()

  constructor(context: Context, groups: KnownGroups) {
    this.#context = context
    this.#groups = groups
  }

  of(url: string): Feed {
    const feed = this.#open.get(url) ?? new Feed(this.#context)
    this.#open.set(url, feed)
    return feed
  }

  /**
   * The group itself is looked at every five minutes, and where the feed says that there is news of it: it is refused, or cites an epoch
   * that is not known. Throws `not-granted` to whoever is no member, or no longer.
   */
  async read(url: string): Promise<FeedRead> {
    const group = await this.#member(url, false)
    try {
      const state = await this.of(url).read(group)
      if (!state.isBehind) return { group, state }
    } catch (error) {
      if (!isCode(error, 'not-granted', 'tampered', 'identity-changed')) throw error
    }
    const fresh = await this.#member(url, true)
    return { group: fresh, state: await this.of(url).read(fresh) }
  }

  /** Whether the group is in another epoch than when it was last looked at. */
  async hasMoved(url: string): Promise<boolean> {
    const before = (await this.#member(url, false)).header.epoch
    return (await this.#member(url, true)).header.epoch !== before
  }

  async #member(url: string, fresh: boolean): Promise<OpenGroup> {
    const group = await this.#groups.open(url, fresh)
    if (!group?.self) throw new AlveoleError('not-granted', 'not a member of this circle')
    return group
  }

  lock(): void {
    for (const feed of this.#open.values()) feed.lock()
    this.#open.clear()
  }
}
