/**
 * Vault and pod brought together: what a crash or an opening without a network left undone is finished, what waits is sent, and the
 * account and the heads on show are asked for, each by one conditional request (protocol §5).
 */
import type { Collections } from './collections/collections.ts'
import type { Context } from './context.ts'
import type { FetchAhead } from './fetch-ahead.ts'
import type { Outbox } from './outbox.ts'
import type { Selections } from './selections/selections.ts'
import type { Followed } from './follow.ts'
import { accountUrl } from './paths.ts'

interface Synced {
  collections: Collections
  outbox: Outbox
  ahead: FetchAhead | null
  selections: Selections
}

export class Sync implements Followed {
  readonly #context: Context
  readonly #collections: Collections
  readonly #outbox: Outbox
  readonly #ahead: FetchAhead | null
  readonly #selections: Selections
  readonly #resume: () => Promise<boolean>
  #isResumed = false
  #running: Promise<void> | null = null

  constructor(context: Context, { collections, outbox, ahead, selections }: Synced, resume: () => Promise<boolean>) {
    this.#context = context
    this.#collections = collections
    this.#outbox = outbox
    this.#ahead = ahead
    this.#selections = selections
    this.#resume = resume
  }

  /** What a crash left undone, until all of it is done once. */
  async resume(): Promise<void> {
    if (!this.#isResumed) this.#isResumed = await this.#resume()
  }

  /** One at a time: who asks meanwhile gets the outcome of that. */
  sync(): Promise<void> {
    this.#running ??= this.#run().finally(() => (this.#running = null))
    return this.#running
  }

  async #run(): Promise<void> {
    const isOther = await this.#lookAtAccount()
    await this.resume()
    await this.#outbox.flush()
    const isNews = await this.#collections.look()
    if (isNews) await this.#followShown()
    if (isNews || isOther) this.#context.changed()
    void this.#ahead?.begin(isNews || isOther)
  }

  /** Selections of what is on show: news of it may be of their originals. */
  #followShown(): Promise<void> {
    const shown = new Set([...this.#collections.onShow.values()].map(({ id }) => id))
    return this.#selections.catchUp(id => shown.has(id))
  }

  async #lookAtAccount(): Promise<boolean> {
    const { account } = this.#context
    const before = account.header
    await account.refresh()
    return account.header !== before
  }

  /** What comes on show is looked at behind, and watched. */
  set onTopic(listener: () => void) {
    this.#collections.onOpened = listener
  }

  get onTopic(): () => void {
    return this.#collections.onOpened
  }

  /** What a server tells of, if it is on show. */
  topics(): string[] {
    return [this.#account, ...this.#collections.onShow.keys()]
  }

  get #account(): string {
    return accountUrl(this.#context.pod.storage)
  }

  /** One conditional request, unless `state` is the ETag of what is here: as after a write of our own. */
  async look(topic: string, state: string | null): Promise<void> {
    const { account, changed } = this.#context
    const collection = this.#collections.onShow.get(topic)
    const known = topic === this.#account ? account.etag : (collection?.state.etag ?? null)
    if (state !== null && state === known) return
    const isNews = collection ? await this.#collections.look([collection]) : await this.#lookAtAccount()
    if (!isNews) return
    if (collection) await this.#followShown()
    changed()
    void this.#ahead?.begin(true)
  }
}
