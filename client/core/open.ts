/**
 * Creating a vault in a pod, and opening one (protocol §3). Creation ends with the identity log: before it stands there is no
 * vault, and a creation that stopped half-way is simply done again.
 */
import {
  AlveoleError,
  decodePasswordSlot,
  drawGeneration,
  drawSeeds,
  encodeIdentity,
  encodePasswordSlot,
  extendIdentity,
  FLOOR,
  foundIdentity,
  fromWords,
  decode,
  encode,
  generationPublic,
  hash,
  isCode,
  key32,
  openIdentity,
  openPasswordSlot,
  POD_SLOT,
  publicOf,
  random,
  rootSeeds,
  sealAccount,
  sealPasswordSlot,
  signerOf,
  struct,
  toWords,
  unsafeAccountHeader,
  unwrapGenerations,
  verifyAccount,
  wrapGenerations,
  advance,
  drawSealId,
  continues,
  type AccountHeader,
  type Identity,
  type PasswordCost,
  type Seeds,
} from '#crypto'
import { Account } from './account.ts'
import { emptyState, encodeState } from './account-state.ts'
import { ownerRule, writeAcl } from './acl.ts'
import { Me } from './me.ts'
import { accountUrl, identityUrl, inboxUrl, MEDIA_TYPE, vaultRoot } from './paths.ts'
import type { Pod } from './pod.ts'
import { keepKit } from './recovery.ts'
import type { Store } from './store.ts'
import { swap } from './swap.ts'
import type { DeviceSeal, Surroundings, Unlock } from './types.ts'

const seedsFormat = struct({ sign: key32, kem: key32 })
const SLOT = 'device slot'
const SEALED = 'device sealed'
const IDENTITY = 'identity own'

export interface Opened {
  me: Me
  account: Account
}

export const hasVault = async (pod: Pod): Promise<boolean> => (await pod.get(identityUrl(pod.storage))) !== null

export interface CreateOptions {
  password: string
  /** Of this device, as its owner sees it. */
  name?: string
  language?: 'en' | 'fr'
  /** Of the slot in the pod; the device's own slot takes the floor. */
  passwordCost?: PasswordCost
}

export async function create(
  { pod, store, clock = Date.now }: Surroundings,
  options: CreateOptions,
): Promise<Opened & { kit: string[] }> {
  if (await hasVault(pod)) throw new AlveoleError('taken', 'this pod has a vault')
  const secret = random(32)
  const [root, device, slotDevice] = [rootSeeds(secret), drawSeeds(), drawSeeds()]
  const generation = drawGeneration(1)
  const now = clock()
  let identity = foundIdentity(pod.webId, root, now)
  const add = (seeds: Seeds, kind: 'device' | 'password', name: string) =>
    extendIdentity(identity, signerOf(root), now, { type: 'add-device', ...publicOf(seeds), kind, name })
  identity = add(device, 'device', options.name ?? 'first device')
  identity = add(slotDevice, 'password', 'password')
  identity = extendIdentity(identity, signerOf(root), now, {
    type: 'generation',
    number: 1,
    kem: generationPublic(generation),
  })
  const header: AccountHeader = {
    version: 1,
    type: 'account',
    owner: pod.webId,
    sealId: drawSealId(),
    vector: advance([], signerOf(device).id, 1, new Uint8Array(32)),
    identityHead: identity.entries.at(-1)!,
    slots: [await sealPasswordSlot(options.password, pod.webId, slotDevice, options.passwordCost ?? POD_SLOT)],
    ...wrapGenerations(pod.webId, [generation], [publicOf(root), publicOf(device), publicOf(slotDevice)]),
  }
  const account = sealAccount(header, encodeState(emptyState()), generation, signerOf(device))
  await publish(pod, account, encodeIdentity(identity))
  const me = new Me(identity, device, [generation])
  await keepDevice(store, me, options.password)
  await store.set(IDENTITY, encodeIdentity(identity))
  await keepKit({ store, me }, secret)
  return { ...(await load(pod, store, me)), kit: toWords(secret, options.language ?? 'en') }
}

/** The account first, in a folder that only its owner reads; the identity last: it makes the vault. */
async function publish(pod: Pod, account: Uint8Array, identity: Uint8Array): Promise<void> {
  const owner = ownerRule(pod.webId)
  const rules = async (url: string, ...list: Parameters<typeof writeAcl>[1][number][]): Promise<void> => {
    await pod.put(await pod.aclOf(url), writeAcl(url, list), { type: 'text/turtle' })
  }
  await rules(vaultRoot(pod.storage), owner)
  await pod.put(accountUrl(pod.storage), account, { type: MEDIA_TYPE })
  await rules(inboxUrl(pod.storage), owner, { public: 'authenticated', modes: ['Append'], on: ['self'] })
  const url = identityUrl(pod.storage)
  await rules(url, { ...owner, on: ['self'] }, { public: 'all', modes: ['Read'], on: ['self'] })
  try {
    await swap(pod, url, identity, null)
  } catch (error) {
    throw isCode(error, 'conflict') ? new AlveoleError('taken', 'another device made a vault meanwhile') : error
  }
}

/** This device's seeds, sealed under the password, for the next opening here. */
const keepDevice = async (store: Store, { webId, seeds }: Me, password: string): Promise<void> =>
  store.set(SLOT, encodePasswordSlot(await sealPasswordSlot(password, webId, seeds, FLOOR)))

export async function keepSealed(store: Store, { seeds }: Me, seal: DeviceSeal): Promise<void> {
  await store.set(SEALED, await seal.seal(encode(seedsFormat, seeds)))
}
export const forgetSealed = (store: Store): Promise<void> => store.set(SEALED, null)

export interface OpenOptions {
  name?: string
}

export async function open(
  { pod, store, clock = Date.now }: Surroundings,
  unlock: Unlock,
  options: OpenOptions = {},
): Promise<Opened> {
  const reply = await pod.get(accountUrl(pod.storage))
  if (!reply) throw new AlveoleError('not-granted', 'no vault in this pod')
  const header = unsafeAccountHeader(reply.body)
  const identity = await ownIdentity(pod, store, header)
  const seeds = await deviceSeeds(store, pod.webId, unlock)
  if (seeds) return load(pod, store, new Me(identity, seeds, unwrapGenerations(header, seeds)), reply)
  const { seeds: entry, password } = await entrySeeds(pod.webId, header, unlock)
  return enrol(
    pod,
    store,
    new Me(identity, entry, unwrapGenerations(header, entry)),
    options.name ?? 'device',
    password,
    clock(),
  )
}

/** The cached log where the account cites it; else the pod's, which must continue the cached one. */
async function ownIdentity(pod: Pod, store: Store, { identityHead }: AccountHeader): Promise<Identity> {
  const stored = await store.get(IDENTITY)
  const known = stored && openIdentity(stored)
  const cites = (identity: Identity): boolean => identity.entries.some(entry => String(entry) === String(identityHead))
  if (known && cites(known)) return known
  const reply = await pod.get(identityUrl(pod.storage))
  if (!reply) throw new AlveoleError('not-granted', 'no vault in this pod')
  const identity = openIdentity(reply.body)
  if (identity.webId !== pod.webId) throw new AlveoleError('tampered', 'the identity of somebody else')
  if (known && !continues(identity, known)) throw new AlveoleError('rolled-back', 'the identity log does not continue')
  if (!cites(identity)) throw new AlveoleError('rolled-back', 'an identity log that lost entries')
  await store.set(IDENTITY, encodeIdentity(identity))
  return identity
}

/** null where this device has no keys of its own yet. */
async function deviceSeeds(store: Store, webId: string, unlock: Unlock): Promise<Seeds | null> {
  if ('seal' in unlock) {
    const sealed = await store.get(SEALED)
    if (!sealed) throw new AlveoleError('wrong-unlock', 'this device does not stay unlocked')
    return decode(seedsFormat, await unlock.seal.open(sealed))
  }
  const slot = await store.get(SLOT)
  if (!slot || 'words' in unlock) return null
  return openPasswordSlot(unlock.password, webId, decodePasswordSlot(slot))
}

/** The keys that let a new device in: a password slot's in the pod, or the root's from the kit. */
async function entrySeeds(
  webId: string,
  header: AccountHeader,
  unlock: Unlock,
): Promise<{ seeds: Seeds; password: string }> {
  if ('seal' in unlock) throw new AlveoleError('wrong-unlock')
  if ('words' in unlock) return { seeds: rootSeeds(fromWords(unlock.words)), password: unlock.password }
  for (const slot of header.slots) {
    try {
      return { seeds: await openPasswordSlot(unlock.password, webId, slot), password: unlock.password }
    } catch (error) {
      if (!isCode(error, 'wrong-unlock')) throw error
    }
  }
  throw new AlveoleError('wrong-unlock', 'the password opens no slot')
}

/** Certifies this device, wraps the generations to it, and keeps its keys under the password (protocol §3). */
async function enrol(pod: Pod, store: Store, entry: Me, name: string, password: string, now: number): Promise<Opened> {
  const device = drawSeeds()
  const identity = extendIdentity(entry.identity, entry.signer, now, {
    type: 'add-device',
    ...publicOf(device),
    kind: 'device',
    name,
  })
  const current = await pod.get(identityUrl(pod.storage))
  if (!current || String(hash(current.body)) !== String(hash(encodeIdentity(entry.identity)))) {
    throw new AlveoleError('conflict', 'another device was added meanwhile: try again')
  }
  await swap(pod, identityUrl(pod.storage), encodeIdentity(identity), current.etag)
  await store.set(IDENTITY, encodeIdentity(identity))
  const opened = await load(pod, store, new Me(identity, device, entry.generations))
  const recipients = [identity.root, ...identity.devices.filter(({ active }) => active)]
  await opened.account.change(state => state, wrapGenerations(pod.webId, entry.generations, recipients))
  await keepDevice(store, opened.me, password)
  return opened
}

async function load(
  pod: Pod,
  store: Store,
  me: Me,
  reply?: { body: Uint8Array; etag: string | null },
): Promise<Opened> {
  const account = new Account(pod, store, me)
  if (!reply) await account.refresh()
  else await account.adopt(verifyAccount(reply.body, me.webId, me.deviceKey), reply.etag)
  return { me, account }
}
