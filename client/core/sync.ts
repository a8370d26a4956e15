/**
 * Vault and pod brought together: what a crash or an opening without a network left undone is finished, what waits is sent, and the
 * account and the heads on show are asked for, each by one conditional request (protocol §5).
 */
import type { Collections } from './collections/collections.ts'
import type { Context } from './context.ts'
import type { Outbox } from './outbox.ts'

export class Sync {
  readonly #context: Context
  readonly #collections: Collections
  readonly #outbox: Outbox
  readonly #resume: () => Promise<void>
  #isResumed = false
  #running: Promise<void> | null = null

  constructor(context: Context, collections: Collections, outbox: Outbox, resume: () => Promise<void>) {
    this.#context = context
    this.#collections = collections
    this.#outbox = outbox
    this.#resume = resume
  }

  /** What a crash left undone, once an opening. */
  async resume(): Promise<void> {
    if (!this.#isResumed) await this.#resume()
    this.#isResumed = true
  }

  /** One at a time: who asks meanwhile gets the outcome of that. */
  run(): Promise<void> {
    this.#running ??= this.#run().finally(() => (this.#running = null))
    return this.#running
  }

  async #run(): Promise<void> {
    const { account, changed } = this.#context
    const before = account.header
    await account.refresh()
    await this.resume()
    await this.#outbox.flush()
    const isNews = await this.#collections.look()
    if (isNews || account.header !== before) changed()
  }
}
