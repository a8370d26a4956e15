/**
 * Creating a vault in a pod (protocol §3). The identity log makes it: before that stands there is no vault, and a creation
 * that stopped half-way is simply done again, on this device with the same password even where it did not hear of the end.
 */
import {
  AlveoleError,
  advance,
  drawGeneration,
  drawSealId,
  drawSeeds,
  encodeIdentity,
  extendIdentity,
  foundIdentity,
  generationPublic,
  isCode,
  POD_SLOT,
  publicOf,
  random,
  rootId,
  rootSeeds,
  sealAccount,
  sealPasswordSlot,
  signerOf,
  toWords,
  wrapGenerations,
  type AccountHeader,
  type PasswordCost,
  type Seeds,
} from '#crypto'
import { emptyState, encodeState, withName } from './account-state.ts'
import { ownerRule, writeAcl } from './acl.ts'
import { endCreation, finishCreation, forgetCreation, keepCreation, putFirst, replaceLeftover } from './creation.ts'
import { keepUnderPassword } from './device-keys.ts'
import { hasMark } from './marks.ts'
import { Me } from './me.ts'
import { hasVault, load, open, type Opened } from './open.ts'
import { keepIdentity } from './own-identity.ts'
import { accountUrl, identityUrl, inboxUrl, vaultRoot } from './paths.ts'
import type { Pod } from './pod.ts'
import { keepKit, keptKit } from './recovery.ts'
import type { Store } from './store.ts'
import { swap } from './swap.ts'
import type { Surroundings } from './types.ts'

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
  const { password, name = 'first device', language = 'en', passwordCost = POD_SLOT } = options
  if (await hasVault(pod)) return finish({ pod, store, clock }, password, language)
  if (await hasMark(store, accountUrl(pod.storage)))
    throw new AlveoleError('rolled-back', 'this device has seen a vault here') // or its keys and kit would be written over
  const secret = random(32)
  const [root, device, slotDevice] = [rootSeeds(secret), drawSeeds(), drawSeeds()]
  const generation = drawGeneration(1)
  const now = clock()
  let identity = foundIdentity(pod.webId, root, now)
  const add = (seeds: Seeds, kind: 'device' | 'password') =>
    extendIdentity(identity, signerOf(root), now, { type: 'add-device', ...publicOf(seeds), kind, name: '' }) // I11
  identity = add(device, 'device')
  identity = add(slotDevice, 'password')
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
    slots: [await sealPasswordSlot(password, pod.webId, { ...slotDevice, root: rootId(identity) }, passwordCost)],
    ...wrapGenerations(pod.webId, [generation], [publicOf(root), publicOf(device), publicOf(slotDevice)]),
  }
  const state = withName(emptyState(), signerOf(device).id, name)
  const account = sealAccount(header, encodeState(state), generation, signerOf(device))
  const me = new Me(identity, device, [generation])
  await keepUnderPassword(store, me, password)
  await keepIdentity(store, identity)
  await keepKit({ store, me }, secret)
  await keepCreation(store, account)
  await publish(pod, store, account, encodeIdentity(identity))
  const opened = await load({ pod, store, clock }, me)
  await endCreation(store)
  return { ...opened, kit: toWords(secret, language) }
}

/** A vault is there: perhaps the one that this device made without hearing so. */
async function finish(around: Surroundings, password: string, language: 'en' | 'fr') {
  if (!(await finishCreation(around.pod, around.store))) throw new AlveoleError('taken', 'this pod has a vault')
  const opened = await open(around, { password })
  const kit = await keptKit({ store: around.store, me: opened.me }, language)
  if (!kit) throw new AlveoleError('taken', 'this pod has a vault')
  return { ...opened, kit }
}

/**
 * The account in a folder that only its owner reads, then the identity where none is. Of two devices at it at once one wins
 * that, and only the winner replaces an account that it found there: no vault that stands is ever written over.
 */
async function publish(pod: Pod, store: Store, account: Uint8Array, identity: Uint8Array): Promise<void> {
  const owner = ownerRule(pod.webId)
  const rules = async (url: string, ...list: Parameters<typeof writeAcl>[1][number][]): Promise<void> => {
    await pod.put(await pod.aclOf(url), writeAcl(url, list), { type: 'text/turtle' })
  }
  await rules(vaultRoot(pod.storage), owner)
  const stands = await putFirst(pod, account)
  await rules(inboxUrl(pod.storage), owner, { public: 'authenticated', modes: ['Append'], on: ['self'] })
  const url = identityUrl(pod.storage)
  await rules(url, { ...owner, on: ['self'] }, { public: 'all', modes: ['Read'], on: ['self'] })
  try {
    await swap(pod, url, identity, null)
  } catch (error) {
    if (!isCode(error, 'conflict')) throw error
    await forgetCreation(store)
    throw new AlveoleError('taken', 'another device made a vault meanwhile')
  }
  if (!stands) await replaceLeftover(pod, account)
}
