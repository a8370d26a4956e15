/**
 * An agent to which its owner gave keys: a device of the vault, certified like any other and to be removed like any other, named
 * `agent`. It keeps the vault open, and does what whoever opens it does (client/core/maintain.ts).
 */
import { openVault, type Store, type Surroundings, type Vault } from '#core'
import { AlveoleError, isCode } from '#crypto'
import { vouchesFor } from '../core/grants/confirmation.ts'
import type { Problem } from './pass.ts'

export interface Keys {
  password: string
  /** Of the owner's own device on this machine, where there is one. */
  beside: Store | null
}

export class KeptVault {
  readonly #around: Surroundings
  readonly #keys: Keys
  #vault: Vault | null = null

  constructor(around: Surroundings, keys: Keys) {
    this.#around = around
    this.#keys = keys
  }

  /** Tells what was not done; what could not be opened now is tried again. Throws `wrong-unlock`. */
  async maintain(): Promise<Problem[]> {
    try {
      this.#vault ??= await openVault(this.#around, { password: this.#keys.password }, { name: 'agent' })
      const undone = await this.#vault.maintain()
      return [...undone, ...(await this.#confirm(this.#vault))]
    } catch (error) {
      if (isCode(error, 'wrong-unlock', 'locked') || !(error instanceof AlveoleError)) throw error
      return [{ code: error.code, job: 'open' }]
    }
  }

  /** What it found when it was let in waits for a person (A31), or for a device that has seen as much. */
  async #confirm({ grants }: Vault): Promise<Problem[]> {
    if ((await grants.list()).every(({ confirmed }) => confirmed)) return []
    const { store, pod } = this.#around
    const { beside } = this.#keys
    if (!beside || !(await vouchesFor(beside, store, pod.storage))) return [{ code: 'unconfirmed', job: 'grants' }]
    await grants.confirm()
    return []
  }

  async lock(): Promise<void> {
    await this.#vault?.lock()
  }
}
