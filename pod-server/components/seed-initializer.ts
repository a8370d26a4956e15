/**
 * Accounts made at start-up, each with a password login and a pod. What exists already is left as it is: the seed may
 * stay on the command line at every start. Unlike CSS's, a failure stops the start; the next one makes what is missing.
 */
import type { AccountStore, PasswordStore, PodCreator, PodStore } from '@solid/community-server'
import { AlveoleError } from '../../crypto/errors.ts'
import { css } from '../css.ts'
import type { SeedAccount } from '../seed.ts'

export class SeedInitializer extends css.Initializer {
  readonly #accounts: AccountStore
  readonly #passwords: PasswordStore
  readonly #pods: PodStore
  readonly #creator: PodCreator
  readonly #seed: readonly SeedAccount[]

  constructor(
    accounts: AccountStore,
    passwords: PasswordStore,
    pods: PodStore,
    creator: PodCreator,
    seed: readonly SeedAccount[],
  ) {
    super()
    this.#accounts = accounts
    this.#passwords = passwords
    this.#pods = pods
    this.#creator = creator
    this.#seed = seed
  }

  override async handle(): Promise<void> {
    for (const { email, password, name } of this.#seed) {
      const accountId = (await this.#passwords.findByEmail(email))?.accountId ?? (await this.#open(email, password))
      if ((await this.#pods.findPods(accountId)).length === 0) await this.#createPod(accountId, name)
    }
  }

  async #open(email: string, password: string): Promise<string> {
    const accountId = await this.#accounts.create()
    await this.#passwords.confirmVerification(await this.#passwords.create(email, accountId, password))
    return accountId
  }

  async #createPod(accountId: string, name: string): Promise<void> {
    try {
      await this.#creator.handleSafe({ accountId, name, settings: { name } })
    } catch (cause) {
      throw new AlveoleError('bad-file', 'pod-exists', { cause, detail: { where: name, reason: 'pod-exists' } })
    }
  }
}
