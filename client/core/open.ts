/**
 * Opening a vault (protocol §3): with this device's own keys, or as a new device that a password slot or the kit lets in. Only
 * what the unlocking keys vouch for counts: the root they name, then devices certified under it, then what these signed.
 */
import {
  AlveoleError,
  deviceKey,
  drawSeeds,
  encodeIdentity,
  equal,
  extendIdentity,
  fromWords,
  keyId,
  isCode,
  openAccountState,
  openPasswordSlot,
  publicOf,
  rootId,
  rootSeeds,
  unsafeAccountHeader,
  unwrapGenerations,
  verifyAccount,
  wrapGenerations,
  type AccountHeader,
  type AccountWraps,
  type Device,
  type Generation,
  type Identity,
  type Seeds,
  type SignedAccount,
  type SlotContent,
} from '#crypto'
import { Account } from './account.ts'
import { decodeState, withName, type AccountState } from './account-state.ts'
import { finishCreation } from './creation.ts'
import { deviceKeys, keepUnderPassword } from './device-keys.ts'
import { ON_DEVICE } from './generations.ts'
import { suspendAll, suspendFound } from './grants/confirmation.ts'
import { isWrapped } from './leaving.ts'
import { hasMark } from './marks.ts'
import { Me } from './me.ts'
import { citedIdentity, keepIdentity } from './own-identity.ts'
import { accountUrl, identityUrl } from './paths.ts'
import type { Pod } from './pod.ts'
import { swap } from './swap.ts'
import type { Surroundings, Unlock } from './types.ts'

export interface Opened {
  me: Me
  account: Account
  /** The pod does not answer: what this device has is shown. */
  stale: boolean
}

export interface OpenOptions {
  /** Of this device, as its owner sees it, where it is a new one. */
  name?: string
  /** One that was removed is let in again, as a new one. */
  anew?: boolean
}

export const hasVault = async (pod: Pod): Promise<boolean> => (await pod.get(identityUrl(pod.storage))) !== null

export async function open(around: Surroundings, unlock: Unlock, options: OpenOptions = {}): Promise<Opened> {
  const { pod, store } = around
  await finishCreation(pod, store)
  const reply = await pod.get(accountUrl(pod.storage))
  if (!reply) throw new AlveoleError('not-granted', 'no vault in this pod')
  const unverified = unsafeAccountHeader(reply.body)
  const own = await deviceKeys(store, pod.webId, unlock)
  const device = own && keyId(publicOf(own))
  const isIn = own && device && unverified.wraps.some(({ to }) => equal(to, device))
  const keys = isIn ? own : await entryKeys(pod.webId, unverified, unlock)
  if (own && own.root !== keys.root) throw new AlveoleError('identity-changed', 'a vault with another root key')
  const identity = await citedIdentity(pod, store, keys.root, unverified.identityHead)
  const signed = verifyAccount(reply.body, pod.webId, signer => deviceKey(identity, signer))
  const generations = unwrapGenerations(signed.header, keys)
  const me = new Me(identity, keys, generations) // a newest one of the log that is none of these keeps nobody out (A3)
  if (isIn) return load(around, me, { signed, etag: reply.etag, stale: reply.stale ?? false })
  if ('seal' in unlock) throw new AlveoleError('wrong-unlock')
  const { leaving } = decodeState(openAccountState(signed, generations.at(-1)!))
  const isGone = device !== null && isRemoved(identity, leaving, device)
  if (isGone && !options.anew) throw new AlveoleError('wrong-unlock', 'this device was removed', ON_DEVICE)
  return enrol(around, me, isGone ? null : own, { name: options.name ?? 'device', password: unlock.password })
}

const isRemoved = ({ devices }: Identity, leaving: readonly Uint8Array[], device: Uint8Array): boolean =>
  leaving.some(id => equal(id, device)) || devices.some(({ id, active }) => !active && equal(id, device))

/** What lets a new device in: a password slot of the pod, or the root from the kit. */
async function entryKeys(webId: string, { slots }: AccountHeader, unlock: Unlock): Promise<SlotContent> {
  if ('seal' in unlock) throw new AlveoleError('wrong-unlock')
  if ('words' in unlock) {
    const seeds = rootSeeds(fromWords(unlock.words))
    return { ...seeds, root: rootId({ root: publicOf(seeds) }) }
  }
  for (const slot of slots) {
    try {
      return await openPasswordSlot(unlock.password, webId, slot)
    } catch (error) {
      if (!isCode(error, 'wrong-unlock')) throw error
    }
  }
  throw new AlveoleError('wrong-unlock', 'the password opens no slot')
}

/**
 * Keeps this device's keys under the password, certifies it, and wraps the generations to it. `begun`: the keys of an
 * enrolment that stopped half-way, taken up where it stopped.
 */
async function enrol(
  around: Surroundings,
  entry: Me,
  begun: Seeds | null,
  { name, password }: { name: string; password: string },
): Promise<Opened> {
  const of = begun && entry.identity.devices.find(({ id }) => equal(id, keyId(publicOf(begun))))
  const device = begun ?? drawSeeds()
  if (!(await hasMark(around.store, accountUrl(around.pod.storage)))) await suspendAll(around.store) // A31
  if (device !== begun) await keepUnderPassword(around.store, new Me(entry.identity, device, []), password)
  const identity = of ? entry.identity : await certify(around, entry, device)
  const opened = await wrappedToo(around, new Me(identity, device, entry.generations), name)
  await suspendFound(around.store, opened.account.state, (around.clock ?? Date.now)())
  return opened
}

/** Into the account, under its name. Where a generation began since, which no device that is not in yet is given, all is to be done again. */
async function wrappedToo(around: Surroundings, me: Me, name: string): Promise<Opened> {
  try {
    const opened = await load(around, me)
    const { account } = opened
    const sealing = (state: AccountState) => ({
      header: wrapToAll(me, me.generations, state, account.header),
    })
    await account.change(state => withName(state, me.device, name), sealing)
    return opened
  } catch (error) {
    if (!isCode(error, 'wrong-unlock')) throw error
    throw new AlveoleError('conflict', 'a device was removed meanwhile: try again', { cause: error })
  }
}

/**
 * To the root, and to each active device that has the generation before or is the one in hand, but those that leave (A14): what the
 * log alone says of a device gives it nothing, or one that leaves could let another in.
 */
export function wrapToAll(
  { webId, identity, device: own }: Me,
  generations: Generation[],
  { leaving }: AccountState,
  { wraps }: Pick<AccountHeader, 'wraps'>,
): AccountWraps {
  const isIn = (device: Device): boolean => isWrapped(wraps, device) || equal(device.id, own)
  const stays = (device: Device): boolean =>
    device.active && isIn(device) && !leaving.some(one => equal(one, device.id))
  return wrapGenerations(webId, generations, [identity.root, ...identity.devices.filter(stays)])
}

async function certify({ pod, store, clock = Date.now }: Surroundings, entry: Me, device: Seeds): Promise<Identity> {
  const addition = { type: 'add-device' as const, ...publicOf(device), kind: 'device' as const, name: '' } // I11
  const current = await pod.get(identityUrl(pod.storage))
  if (!current || !equal(current.body, encodeIdentity(entry.identity))) {
    throw new AlveoleError('conflict', 'another device was added meanwhile: try again')
  }
  const identity = extendIdentity(entry.identity, entry.signer, clock(), addition)
  await swap(pod, identityUrl(pod.storage), encodeIdentity(identity), current.etag)
  await keepIdentity(store, identity)
  return identity
}

export async function load(
  { pod, store, clock = Date.now }: Surroundings,
  me: Me,
  found?: { signed: SignedAccount; etag: string | null; stale: boolean },
): Promise<Opened> {
  const account = new Account(pod, store, me, clock)
  if (found) await account.adopt(found.signed, found.etag, found.stale)
  else await account.refresh()
  return { me, account, stale: found?.stale ?? false }
}
