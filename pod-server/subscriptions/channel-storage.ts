/**
 * Notification channels, which last as long as the access of whoever opened them: CSS asks here before each notification,
 * at each opening of a socket and when it looks for expired ones, and a channel without access is none.
 */
import type { KeyValueStorage, NotificationChannel, ReadWriteLocker } from '@solid/community-server'
import { css } from '../css.ts'
import { Recent } from '../fast-read/recent.ts'
import type { Subscribed } from './channel-types.ts'
import type { ReadAccess } from './read-access.ts'

type Stored = string | string[] | NotificationChannel

/** One that an earlier version stored does not say who opened it, and is over. */
const isSubscribed = (channel: NotificationChannel | undefined): channel is Subscribed =>
  channel !== undefined && 'subscriber' in channel

export class LastingChannelStorage extends css.KeyValueChannelStorage {
  readonly #access: ReadAccess
  /** Neither topic, subscriber nor end of a channel ever changes: those with open sockets are not read from disk each time. */
  readonly #watched = new Recent<Subscribed>(10_000)

  constructor(storage: KeyValueStorage<string, Stored>, locker: ReadWriteLocker, access: ReadAccess) {
    super(storage, locker)
    this.#access = access
  }

  override async get(id: string): Promise<NotificationChannel | undefined> {
    const channel = await super.get(id)
    if (!isSubscribed(channel) || !(await this.#access.mayRead(channel.topic, channel.subscriber))) return undefined
    this.#watched.set(id, channel)
    return channel
  }

  /** Whether a channel that was opened still is one. */
  async goesOn(id: string): Promise<boolean> {
    const channel = this.#watched.get(id)
    if (!channel) return (await this.get(id)) !== undefined
    return (channel.endAt ?? Infinity) > Date.now() && this.#access.mayRead(channel.topic, channel.subscriber)
  }
}
