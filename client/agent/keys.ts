/**
 * An agent to which its owner gave keys: a device of the vault, certified like any other and to be removed like any other, named
 * `agent`. It keeps the vault open, and does what whoever opens it does (client/core/maintain.ts). The vault's password lets it in
 * once and is kept nowhere: with it whoever has the machine would come back after the device was removed.
 */
import { openVault, type Store, type Surroundings, type Vault } from '#core'
import { AlveoleError, isCode, random, toBase64Url } from '#crypto'
import { vouchesFor } from '../core/grants/confirmation.ts'
import type { Problem } from './pass.ts'
import type { Place } from './place.ts'

/** What an agent keeps its device's keys under. */
export interface OwnSecret {
  secret: string
  /** Whether the vault has it as a device: until then its password is needed. */
  enrolled: boolean
}

export interface Keys {
  /** Of the vault; null where this agent was let in before. */
  password: string | null
  own: Pick<Place, 'secret' | 'keepSecret'>
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
      this.#vault ??= await this.#open()
      const undone = await this.#vault.maintain()
      return [...undone, ...(await this.#confirm(this.#vault))]
    } catch (error) {
      if (isCode(error, 'wrong-unlock', 'locked') || !(error instanceof AlveoleError)) throw error
      return [{ code: error.code, job: 'open' }]
    }
  }

  /** The secret stands before anything is kept under it, so that an enrolment that was cut short goes on. */
  async #open(): Promise<Vault> {
    const { own, password } = this.#keys
    const known = await own.secret()
    const { secret, enrolled } = known ?? { secret: toBase64Url(random(32)), enrolled: false }
    if (!known) await own.keepSecret({ secret, enrolled })
    const unlock = { password: enrolled ? secret : (password ?? secret) }
    const vault = await openVault(this.#around, unlock, { name: 'agent', own: secret })
    if (!enrolled) await own.keepSecret({ secret, enrolled: true })
    this.#keys.password = null
    return vault
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
