/**
 * Other members' identities: read from their pods, verified, held against the pins of this vault (protocol §3). A root that
 * is not the pinned one is a hard stop; a log that lost entries is a rollback.
 */
import {
  AlveoleError,
  continues,
  encodeIdentity,
  equal,
  fromHex,
  isCode,
  openIdentity,
  rootId,
  toHex,
  type Identity,
} from '#crypto'
import type { Account } from './account.ts'
import type { AccountState } from './account-state.ts'
import { identityUrl } from './paths.ts'
import type { Pod } from './pod.ts'
import type { Store } from './store.ts'

export interface Person {
  webId: string
  name: string
  storage: string
  identity: Identity
  /** 64 hexadecimal digits; what pins and group logs name. */
  root: string
  /** Compared by words or QR, or vouched for by a group's log. */
  confirmed: boolean
}

type Pin = AccountState['pins'][number]

const FRESH = 5 * 60_000
/** For how long a log that came with a catalogue does, to check what its person signed. */
const DAY = 24 * 3600_000

export class People {
  readonly #pod: Pod
  readonly #store: Store
  readonly #account: Account
  readonly #clock: () => number
  readonly #known = new Map<string, { person: Person; at: number }>()
  readonly #asking = new Map<string, Promise<Person>>()
  /** From catalogues: nothing is sealed to them. */
  readonly #learnt = new Map<string, { person: Person; at: number }>()

  constructor(pod: Pod, store: Store, account: Account, clock: () => number) {
    this.#pod = pod
    this.#store = store
    this.#account = account
    this.#clock = clock
  }

  /** Throws `unknown-person` where there is no vault behind the WebID. `atLeast`: an entry that the log must contain. */
  async find(webId: string, atLeast?: Uint8Array): Promise<Person> {
    const known = this.#known.get(webId)
    const recent = known && this.#clock() - known.at < FRESH
    if (recent && (!atLeast || contains(known.person, atLeast))) return known.person
    const person = await this.#readOnce(webId)
    if (atLeast && !contains(person, atLeast))
      throw new AlveoleError('rolled-back', 'an identity log that lost entries', { detail: { webId } })
    this.#known.set(webId, { person, at: this.#clock() })
    return person
  }

  /**
   * As their pod says now, whatever was pinned or seen: to compare words over, never to seal to. `changed`: another root than the pinned
   * one, or than this device saw.
   */
  async unsafeLook(webId: string): Promise<Person & { changed: boolean }> {
    const person = await this.#fetched(webId)
    const [pin, kept] = [this.#pin(webId), await this.#kept(webId)]
    const known = pin ? toHex(pin.root) : kept && rootId(kept)
    const changed = known !== null && known !== person.root
    return { ...person, changed, confirmed: !changed && (pin?.confirmed ?? false) }
  }

  /** Whoever asks while an answer is under way gets that one: many messages of one person are read at once. */
  #readOnce(webId: string): Promise<Person> {
    const asked = this.#asking.get(webId)
    if (asked) return asked
    const asking = this.#read(webId).finally(() => this.#asking.delete(webId))
    this.#asking.set(webId, asking)
    return asking
  }

  async #read(webId: string): Promise<Person> {
    const person = await this.#fetched(webId)
    const confirmed = this.#checkPin(webId, person.root) // before it is kept: what this device has seen is sealed to where nobody answers
    await this.#checkContinues(person.identity)
    return { ...person, confirmed }
  }

  async #fetched(webId: string): Promise<Omit<Person, 'confirmed'>> {
    const profile = await this.#pod.profile(webId)
    if (!profile?.storage) throw new AlveoleError('unknown-person', 'no pod behind this WebID', { detail: { webId } })
    const reply = await this.#pod.get(identityUrl(profile.storage))
    if (!reply) throw new AlveoleError('unknown-person', 'no vault in this pod', { detail: { webId } })
    const identity = openIdentity(reply.body)
    if (identity.webId !== webId)
      throw new AlveoleError('tampered', 'the identity of somebody else', { detail: { webId } })
    return { webId, name: profile.name ?? webId, storage: profile.storage, identity, root: rootId(identity) }
  }

  async #checkContinues(identity: Identity): Promise<void> {
    const known = this.#pin(identity.webId) ? await this.lastKnown(identity.webId) : await this.#kept(identity.webId)
    if (known && rootId(known) !== rootId(identity)) {
      throw new AlveoleError('identity-changed', 'another root key than before', { detail: { webId: identity.webId } })
    }
    if (known && !continues(identity, known)) {
      const code = continues(known, identity) ? 'rolled-back' : 'forked'
      throw new AlveoleError(code, 'the identity log does not continue', { detail: { webId: identity.webId } })
    }
    await this.#store.set(`identity ${identity.webId}`, encodeIdentity(identity))
  }

  async #kept(webId: string): Promise<Identity | null> {
    const stored = await this.#store.get(`identity ${webId}`)
    return stored && openIdentity(stored)
  }

  /** As `find`, for checking what they signed: a log that a catalogue has serves a day, without a request to their pod. */
  async author(webId: string, atLeast?: Uint8Array): Promise<Person> {
    const learnt = this.#learnt.get(webId)
    const serves = learnt && this.#clock() - learnt.at < DAY && (!atLeast || contains(learnt.person, atLeast))
    const known = this.#known.get(webId)
    return serves && !(known && this.#clock() - known.at < FRESH) ? learnt.person : this.find(webId, atLeast)
  }

  /**
   * From a catalogue: a log as their pod might serve it, so it is held against pin and what was seen in the same way (I9), and before
   * against `root`, which the group's log has: whoever folds names nobody's first root (X10).
   */
  async learn(
    webId: string,
    { name, storage, log, root }: { name: string; storage: string; log: Uint8Array; root: string },
  ): Promise<void> {
    const told = openIdentity(log)
    if (told.webId !== webId) throw new AlveoleError('tampered', 'the identity of somebody else', { detail: { webId } })
    if (rootId(told) !== root)
      throw new AlveoleError('identity-changed', 'another root key than the circle has', { detail: { webId } })
    const last = this.#learnt.get(webId)
    if (last && last.person.storage === storage && continues(last.person.identity, told)) return
    const confirmed = this.#checkPin(webId, rootId(told))
    const kept = await this.#kept(webId)
    const identity = kept && continues(kept, told) ? kept : told
    if (identity === told) await this.#checkContinues(told)
    this.#learnt.set(webId, {
      person: { webId, name, storage, identity, root: rootId(identity), confirmed },
      at: this.#clock(),
    })
  }

  /** What this device saw last, verified then; null: never seen, or not under the root that is pinned now. */
  async lastKnown(webId: string): Promise<Identity | null> {
    const known = await this.#kept(webId)
    return known && this.#isPinned(webId, rootId(known)) ? known : null
  }

  /** As `find`; as this device last saw it where their pod does not answer. For checking what they signed before. */
  async identity(webId: string): Promise<Identity> {
    try {
      return (await this.find(webId)).identity
    } catch (error) {
      const known = isCode(error, 'offline', 'busy', 'server') && (await this.lastKnown(webId))
      if (!known) throw error
      return known
    }
  }

  /** As `identity`, of whoever says that they left a message: of a stranger nothing is kept (A35). */
  async sender(webId: string): Promise<Identity> {
    const isKnown = this.#known.has(webId) || this.#pin(webId) || (await this.#kept(webId))
    return isKnown ? this.identity(webId) : (await this.#fetched(webId)).identity
  }

  /** Where somebody's storage is; their profile is asked once. */
  async storage(webId: string): Promise<string | null> {
    return this.#known.get(webId)?.person.storage ?? (await this.#pod.profile(webId))?.storage ?? null
  }

  #pin(webId: string): Pin | undefined {
    return this.#account.state.pins.find(pin => pin.webId === webId)
  }

  #isPinned(webId: string, root: string): boolean {
    const pin = this.#pin(webId)
    return !pin || toHex(pin.root) === root
  }

  /** Whether the pin is confirmed. */
  #checkPin(webId: string, root: string): boolean {
    if (!this.#isPinned(webId, root))
      throw new AlveoleError('identity-changed', 'another root key than the pinned one', { detail: { webId } })
    return this.#pin(webId)?.confirmed ?? false
  }

  /** Remembers a person's root for all devices; `confirmed` never goes back. */
  pin({ webId, root }: Person, confirmed: boolean): void {
    this.#account.defer(state => {
      const known = state.pins.find(pin => pin.webId === webId)
      if (known && (known.confirmed || !confirmed)) return state
      const rest = state.pins.filter(pin => pin.webId !== webId)
      return { ...state, pins: [...rest, { webId, root: fromHex(root), confirmed }] }
    })
  }

  /** Their root was compared with them (SPEC V5): it takes the place of whichever was pinned, for all devices, at once. */
  async confirm({ webId, root }: Pick<Person, 'webId' | 'root'>): Promise<void> {
    await this.#account.change(state => ({
      ...state,
      pins: [...state.pins.filter(pin => pin.webId !== webId), { webId, root: fromHex(root), confirmed: true }],
    }))
    this.forget(webId)
  }

  /** The next look asks their pods again, or one's. */
  forget(webId?: string): void {
    if (webId === undefined) for (const all of [this.#known, this.#learnt]) all.clear()
    else for (const all of [this.#known, this.#learnt]) all.delete(webId)
  }

  lock(): void {
    this.forget()
  }
}

export const contains = ({ identity }: Person, entry: Uint8Array): boolean =>
  identity.entries.some(hash => equal(hash, entry))

/** Any device that the log ever certified: for entries of a chain that a newer head vouches for. */
export const everDeviceKey = ({ identity }: Pick<Person, 'identity'>, signer: Uint8Array): Uint8Array | null =>
  identity.devices.find(device => equal(device.id, signer))?.sign ?? null

/** Whether it names a device that was removed: what that signed may be of before, and what it signs now counts no more. */
export const isOfRemoved = ({ identity }: Pick<Person, 'identity'>, signer: Uint8Array): boolean =>
  identity.devices.some(({ id, active }) => !active && equal(id, signer))

/** Names of the devices that were removed, as hexadecimal digits. */
export const removedOf = ({ identity }: Pick<Person, 'identity'>): Set<string> =>
  new Set(identity.devices.filter(({ active }) => !active).map(({ id }) => toHex(id)))
