/**
 * Creating a vault in a pod (protocol §3). Creation ends with the identity log: before it stands there is no vault, and a
 * creation that stopped half-way is simply done again.
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
import { emptyState, encodeState } from './account-state.ts'
import { ownerRule, writeAcl } from './acl.ts'
import { keepUnderPassword } from './device-keys.ts'
import { Me } from './me.ts'
import { hasVault, load, type Opened } from './open.ts'
import { keepIdentity } from './own-identity.ts'
import { accountUrl, identityUrl, inboxUrl, MEDIA_TYPE, vaultRoot } from './paths.ts'
import type { Pod } from './pod.ts'
import { keepKit } from './recovery.ts'
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
    slots: [
      await sealPasswordSlot(
        options.password,
        pod.webId,
        { ...slotDevice, root: rootId(identity) },
        options.passwordCost ?? POD_SLOT,
      ),
    ],
    ...wrapGenerations(pod.webId, [generation], [publicOf(root), publicOf(device), publicOf(slotDevice)]),
  }
  const account = sealAccount(header, encodeState(emptyState()), generation, signerOf(device))
  await publish(pod, account, encodeIdentity(identity))
  const me = new Me(identity, device, [generation])
  await keepUnderPassword(store, me, options.password)
  await keepIdentity(store, identity)
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
