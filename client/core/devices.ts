/**
 * The devices of one's own (protocol §3), and how one is removed: the account first, as with grants.
 *
 *   account, under a generation that is wrapped to all but the one that leaves → every head, in a new epoch, under it →
 *   circles kept here → identity log → account, that it is done
 *
 * From the first on the device that leaves opens nothing new, so it can write nothing on top of it either; until the log says so its
 * signatures count, so whatever it had under way is taken along; from then on they count no more. Whoever opens the vault drives
 * on what was begun (SPEC A14).
 */
import {
  AlveoleError,
  encodeIdentity,
  equal,
  extendIdentity,
  generationPublic,
  isCode,
  toBase64Url,
  toHex,
  type Device,
  type Identity,
} from '#crypto'
import type { Sealing } from './account.ts'
import type { AccountState } from './account-state.ts'
import type { Collections } from './collections/collections.ts'
import { contend } from './contend.ts'
import type { Context } from './context.ts'
import { ON_DEVICE } from './generations.ts'
import type { KnownGroups } from './groups/known-groups.ts'
import { renewLeaves } from './groups/renew-leaves.ts'
import { drawnAbove, isBacked, isBehind, isWrapped, whoLeaves, withLeaving } from './leaving.ts'
import { wrapToAll } from './open.ts'
import { keepIdentity, readOwnLog } from './own-identity.ts'
import { inParallel } from './parallel.ts'
import { identityUrl } from './paths.ts'
import { swap } from './swap.ts'
import { everyCollection } from './selections/entries.ts'
import type { CollectionId, DeviceInfo } from './types.ts'

const DAY = 24 * 3600_000

export class Devices {
  readonly #context: Context
  readonly #collections: Collections
  readonly #groups: KnownGroups

  constructor(context: Context, collections: Collections, groups: KnownGroups) {
    this.#context = context
    this.#collections = collections
    this.#groups = groups
  }

  /** Oldest first, removed ones too. */
  async list(): Promise<DeviceInfo[]> {
    const { account, pod, store, me } = this.#context
    await account.refresh()
    const { identity } = await readOwnLog(pod, store, me)
    return identity.devices.map(device => infoOf(device, account.state, me.device))
  }

  /**
   * It opens nothing that is sealed from now on, and what it signs counts no more; what it had, it may have kept. Its logins are the
   * server's: `endLogins`. Done again it finishes what was cut short. Throws `refused` for the device in hand, `not-granted` for none.
   */
  async remove(id: string): Promise<void> {
    const { account, pod, store, me, changed } = this.#context
    await account.refresh()
    const { identity } = await readOwnLog(pod, store, me)
    const device = identity.devices.find(one => toHex(one.id) === id)
    if (!device) throw new AlveoleError('not-granted', 'no such device', { detail: { device: id } })
    if (equal(device.id, me.device))
      throw new AlveoleError('refused', 'the device in hand: remove it from another one', { detail: { device: id } })
    if (device.active) await this.#begin([device.id])
    await this.resume()
    changed()
  }

  /** Whoever is to leave beside those that the account says. */
  #due({ leaving }: AccountState, asked: readonly Uint8Array[] = []): Device[] {
    const { account, me } = this.#context
    return whoLeaves(me, [...leaving, ...asked], account.header.wraps).filter(({ id }) => !has(leaving, id))
  }

  /**
   * A generation without who leaves, above all that the log states; nothing where another device has begun that meanwhile. A slot does
   * not say whose it is: with a password that may have one, all go.
   */
  async #begin(asked: readonly Uint8Array[] = []): Promise<void> {
    const { account, me, clock } = this.#context
    let due: Device[] = []
    const edit = (state: AccountState): AccountState => {
      due = this.#due(state, asked)
      return due.reduce((next, device) => withLeaving(next, device, clock(), me.webId), state)
    }
    const sealing = (next: AccountState): Sealing => {
      if (!due.length && !isBehind(me)) return {}
      const { header } = account
      const generations = drawnAbove(me)
      const slots = due.some(one => one.kind === 'password' && isWrapped(header.wraps, one)) ? { slots: [] } : {}
      return { generations, header: { ...wrapToAll(me, generations, next, header), ...slots } }
    }
    await account.change(edit, sealing)
  }

  /** Takes every removal that was begun, by whichever device, to its end. */
  async resume(): Promise<void> {
    const { account, me } = this.#context
    if (!account.state.leaving.length && isBacked(me)) return
    await this.#complete()
    await inParallel(everyCollection(account.state), ({ id }) =>
      unlessBroken(this.#collections.bringInLine(toBase64Url(id) as CollectionId)),
    ) // one without a head gets one, or the device that leaves might sign its first
    await this.#renewCircles()
    await this.#publish()
    await this.#collections.telling.mend({ always: true }) // what it announced for us, a device in use says again (X10)
    await account.change(state => ({
      ...state,
      leaving: state.leaving.filter(id => me.identity.devices.some(one => one.active && equal(one.id, id))),
    }))
  }

  /**
   * A circle whose pod does not answer holds a removal up, since its head may be by the device that leaves, and is nobody's once the
   * log says so; but for a day at most, or whoever hosts one could keep a thief's device in the vault.
   */
  async #renewCircles(): Promise<void> {
    const { account, clock } = this.#context
    const failures = await renewLeaves(this.#context, this.#groups)
    const waiting = failures.find(error => isCode(error, 'offline', 'busy', 'server', 'conflict'))
    const { journal, leaving } = account.state
    const gone = new Set(leaving.map(toHex))
    const since = journal.flatMap(({ what, object, at }) => (what === 'device-removed' && gone.has(object) ? at : []))
    const isNew = since.some(at => at <= clock() && clock() - at < DAY)
    if (waiting && isNew) throw waiting
  }

  /** The account first: whom one that leaves let in meanwhile leaves too, and what it made the log state is no generation of ours. */
  async #complete(): Promise<void> {
    const { account, me } = this.#context
    if (this.#due(account.state).length || isBehind(me)) await this.#begin()
  }

  /** In one swap: who is removed, and the generations that began meanwhile. Nobody finds the log between the two (I6). */
  async #publish(): Promise<void> {
    const { pod, store, me } = this.#context
    await contend(async () => {
      const { identity, etag } = await readOwnLog(pod, store, me)
      await this.#complete()
      const next = this.#extended(identity)
      if (next === identity) return
      await swap(pod, identityUrl(pod.storage), encodeIdentity(next), etag)
      await keepIdentity(store, next)
      me.identity = next
    })
  }

  #extended(identity: Identity): Identity {
    const { account, me, clock } = this.#context
    if (!me.deviceKey(me.device)) throw new AlveoleError('wrong-unlock', 'this device was removed', ON_DEVICE)
    const leaving = identity.devices.filter(({ id, active }) => active && has(account.state.leaving, id))
    const removed = leaving.reduce(
      (log, { id }) => extendIdentity(log, me.signer, clock(), { type: 'remove-device', device: id }),
      identity,
    )
    return me.generations
      .filter(({ number }) => number > identity.generation)
      .reduce((log, generation) => {
        const { number } = generation
        return extendIdentity(log, me.signer, clock(), {
          type: 'generation',
          number,
          kem: generationPublic(generation),
        })
      }, removed)
  }
}

const has = (ids: readonly Uint8Array[], id: Uint8Array): boolean => ids.some(one => equal(one, id))

const infoOf = (
  { id, kind, added, active }: Device,
  { devices, leaving }: AccountState,
  own: Uint8Array,
): DeviceInfo => ({
  id: toHex(id),
  name: devices.find(one => equal(one.id, id))?.name ?? '',
  kind,
  added: new Date(added).toISOString(),
  this: equal(id, own),
  active: active && !has(leaving, id),
  leaving: active && has(leaving, id),
})

/** A folder or circle that the host broke or hides keeps no device in the vault: nothing can be sealed in it either. */
async function unlessBroken(work: Promise<void>): Promise<void> {
  try {
    await work
  } catch (error) {
    if (!isCode(error, 'tampered', 'rolled-back', 'forked', 'not-granted', 'identity-changed')) throw error
  }
}
