/**
 * A device of the soak: one store, a clock of its own, and a vault in one tab or two, where one takes it over from the other, whose work
 * ends where it stands. A program that died is started anew.
 */
import { AlveoleError, decode, hash32, isCode, order, struct, vector } from '#crypto'
import { openVault, type ObjectStore, type Vault } from '#core'
import { memoryObjects } from '../../client/core/object-store.ts'
import { openSeal, type Member } from '../core/world.ts'
import type { Random } from '../fuzz/random.ts'
import type { Model } from './model.ts'
import { programOn, Spells, TROUBLES, type Climate, type Program, type Surrounded } from './weather.ts'

export interface Settings {
  name: string
  member: Member
  model: Model
  random: Random
  climate: Climate
  server: Spells
  /** Milliseconds that clocks differ by at most, from the server's. */
  skew: number
}

export class Device {
  readonly name: string
  readonly #settings: Settings
  readonly #weather: Surrounded
  /** Half of them keep what they fetch, so that what they write without a line waits. */
  readonly #objects: ObjectStore | undefined
  #offset = 0
  #program: Program | null = null
  #vault: Promise<Vault> | null = null
  #tab = 0

  constructor(settings: Settings) {
    const { name, member, random, climate, server } = settings
    this.name = name
    this.#settings = settings
    this.#weather = { climate, random, server, device: new Spells(member.around.clock!) }
    this.#objects = random.below(2) ? memoryObjects() : undefined
  }

  /** Now and then its person goes on in another tab, which opens the vault anew, as after the program died. */
  async #vaultFor(tab: number): Promise<Vault> {
    if (tab !== this.#tab && this.#settings.random.below(4) === 0) {
      this.#program?.kill()
      this.#tab = tab
    }
    if (!this.#vault || this.#program!.isDead()) this.#vault = this.#open()
    return this.#vault
  }

  async #open(): Promise<Vault> {
    const { member, model, name, random, skew } = this.#settings
    model.ended(name)
    this.#offset = random.below(2 * skew + 1) - skew // somebody sets the clock
    const { pod, store, clock } = member.around
    const mine = (this.#program = programOn(pod, store, this.#weather))
    const around = { pod: mine.pod, store: mine.store, clock: () => clock!() + this.#offset }
    try {
      return await openVault({ ...around, ...(this.#objects && { objects: this.#objects }) }, { seal: openSeal })
    } catch (error) {
      mine.kill() // and is started anew
      throw error
    }
  }

  /** One thing that its person does, whatever comes of it; only what no weather excuses is thrown. */
  async act(tab: number, work: (vault: Vault) => Promise<void>): Promise<void> {
    const { random, climate, server } = this.#settings
    if (random.below(1000) < climate.spells) {
      const trouble = random.pick(TROUBLES)
      const where = trouble === 'offline' || trouble === 'disk' ? this.#weather.device : server
      where.begin(trouble)
    }
    try {
      await work(await this.#vaultFor(tab))
    } catch (error) {
      if (!(error instanceof AlveoleError)) throw error
      if (ACCUSING.has(error.code)) throw new Error(`${this.name}: ${error.code}`, { cause: error })
      if (isCode(error, 'unauthorized')) this.#weather.device.renew() // its person signs in again
    }
  }

  /** In good weather, as the same device. */
  readonly wellOpened = (): Promise<Vault> => {
    const { around } = this.#settings.member
    this.#program?.kill()
    return openVault({ ...around, ...(this.#objects && { objects: this.#objects }) }, { seal: openSeal })
  }
}

/** Of a host that only has bad weather nobody may be told these. */
export const ACCUSING = new Set(['tampered', 'rolled-back', 'forked', 'identity-changed', 'wrong-unlock'])

const mark = struct({ vector, hash: hash32 })

/** What a device has seen of any object only ever grows. */
export function watchMarks({ around: { store } }: Member): void {
  const set = store.set.bind(store)
  store.set = async (key, value) => {
    const old = key.startsWith('seen ') ? store.values.get(key) : undefined
    if (old && value) {
      const is = order(decode(mark, value).vector, decode(mark, old).vector)
      if (is !== 'after' && is !== 'equal') throw new Error(`a mark went ${is}: ${key}`)
    }
    return set(key, value)
  }
}
