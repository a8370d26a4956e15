/**
 * What a hostile host, or somebody with its disk, has in hand: every stored byte, without rules in the way, the power to answer
 * otherwise than it should, and the keys of whoever is in league with it. Nothing here goes through a client.
 */
import type { CollectionId, Pod, Vault } from '#core'
import {
  deviceKey,
  encodeIdentity,
  extendIdentity,
  fromBase64Url,
  fromHex,
  fromWords,
  groupKemSeed,
  isCode,
  narrow,
  openGrantPage,
  openIdentity,
  openKeyring,
  openManifest,
  openSection,
  openSegment,
  rootSeeds,
  signerOf,
  unsafeAccountHeader,
  unsafeGroupHeader,
  unwrapGenerations,
  unwrapGroupEpoch,
  unwrapPrevious,
  verifyHead,
  type Identity,
  type SignedHead,
} from '#crypto'
import { leavesUnder } from '#vocab'
import { deviceKeys } from '../../client/core/device-keys.ts'
import { accountUrl, collectionUrl, headUrl, identityUrl, objectUrl } from '../../client/core/paths.ts'
import { openSeal, type Member, type World } from './world.ts'

type Stored = World['server']['files'] extends Map<string, infer F> ? F : never

export const stored = ({ server }: World, url: string): Stored => server.files.get(url)!

let version = 1e9
/** Puts other bytes in a file's place, whoever may write it. */
export function replace(around: World, url: string, body: Uint8Array): void {
  around.server.files.set(url, { ...stored(around, url), body: Uint8Array.from(body), version: ++version })
}

/** The pod, with some requests answered otherwise. */
export const answering = (pod: Pod, otherwise: Partial<Pod>): Pod =>
  new Proxy(pod, {
    get(target, property) {
      const value: unknown = Reflect.get(property in otherwise ? otherwise : target, property)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })

/** Runs `work` before each GET of a URL that matches, until it gives true. */
export function beforeGet(pod: Pod, matches: RegExp, work: (url: string) => unknown): Pod {
  return answering(pod, {
    get: async (url, options) => {
      if (matches.test(url)) await work(url)
      return pod.get(url, options)
    },
  })
}

export function beforePut(pod: Pod, matches: RegExp, work: (url: string) => unknown): Pod {
  return answering(pod, {
    put: async (url, body, options) => {
      if (matches.test(url)) await work(url)
      return pod.put(url, body, options)
    },
  })
}

/** For `beforeGet` and `beforePut`: the first time only. */
export function once(work: () => unknown): () => unknown {
  let done = false
  return () => {
    if (done) return undefined
    done = true
    return work()
  }
}

export const identityOf = (around: World, { around: { pod } }: Member): Identity =>
  openIdentity(stored(around, identityUrl(pod.storage)).body)

/** A device is removed and, for now, no new generation begun: the person is exposed. */
export function removeDevice(around: World, member: Member): void {
  const identity = identityOf(around, member)
  const [device] = identity.devices
  const root = signerOf(rootSeeds(fromWords(member.kit)))
  const next = extendIdentity(identity, root, around.clock(), { type: 'remove-device', device: device!.id })
  replace(around, identityUrl(member.around.pod.storage), encodeIdentity(next))
}

/** All the X-Wing seeds of their own that a member has or had. */
export async function ownSeeds(around: World, { around: { pod, store } }: Member): Promise<Uint8Array[]> {
  const keys = (await deviceKeys(store, pod.webId, { seal: openSeal }))!
  const header = unsafeAccountHeader(stored(around, accountUrl(pod.storage)).body)
  return [keys.kem, ...unwrapGenerations(header, keys).map(({ kemSeed }) => kemSeed)]
}

/** Those of a group's epochs, as far as `own` opens them. */
export function groupSeeds(around: World, url: string, own: Uint8Array[]): Uint8Array[] {
  const header = unsafeGroupHeader(stored(around, `${url}head.alv`).body)
  const newest = own.map(seed => unwrapGroupEpoch(header.group, header.epoch, header.wraps, seed)).find(Boolean)
  return newest ? unwrapPrevious(header.group, newest, header.previous).map(groupKemSeed) : []
}

/** The notes that these seeds open in somebody's collection as the disk has it now, by whichever grant. */
export async function openedFrom(
  around: World,
  vault: Vault,
  collection: CollectionId,
  seeds: Uint8Array[],
): Promise<string[]> {
  const head = headOf(around, vault, collection)
  const grants = (await vault.grants.list()).map(({ grant }) =>
    fromHex(grant.slice('urn:uuid:'.length).replaceAll('-', '')),
  )
  return [...new Set(grants.flatMap(grant => openedBy(around, vault, head, grant, seeds)))].sort()
}

function headOf(around: World, { owner, pod }: Vault, collection: CollectionId): SignedHead {
  const id = fromBase64Url(collection)
  const identity = openIdentity(stored(around, identityUrl(pod.storage)).body)
  const { body } = stored(around, headUrl(collectionUrl(pod.storage, id)))
  return verifyHead(body, owner, id, signer => deviceKey(identity, signer))
}

function openedBy(around: World, vault: Vault, head: SignedHead, grant: Uint8Array, seeds: Uint8Array[]): string[] {
  const { owner, pod } = vault
  const { collection, keyring } = head.header
  const object = (sealId: Uint8Array) => stored(around, objectUrl(collectionUrl(pod.storage, collection), sealId)).body
  if (!keyring) return []
  const envelope = orNull(() => openKeyring(object(keyring.sealId), { owner, collection, grant }, seeds))
  if (!envelope) return []
  const { keys } = openGrantPage(grant, envelope, envelope.page.sealed ?? object(envelope.page.id))
  const manifest = openManifest(head, envelope.manifest)
  const segments = manifest.segments.map(({ sealId, key }) => ({ bytes: object(sealId), key }))
  const tail = head.parts.tail.length ? [{ bytes: head.parts.tail, key: manifest.tail }] : []
  return [...segments, ...tail].flatMap(({ bytes, key }) => {
    const segment = openSegment(bytes, owner, collection, key)
    const leaves = [...envelope.newest, ...keys].flatMap(({ facet, key }) =>
      leavesUnder(facet).map(leaf => narrow(key, facet, leaf)),
    )
    return leaves
      .flatMap(leaf => openSection(segment, leaf) ?? [])
      .map(({ properties }) => String(properties?.['note']))
  })
}

/** Sealed to none of the seeds. */
function orNull<T>(work: () => T): T | null {
  try {
    return work()
  } catch (error) {
    if (isCode(error, 'tampered')) return null
    throw error
  }
}
