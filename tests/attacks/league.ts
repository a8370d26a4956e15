/**
 * Whoever is in league with the host: what their keys open on its disk, by the crypto alone, and what a person does with whom it
 * cannot be helped. Nothing here goes through a client.
 */
import type { CollectionId, Vault } from '#core'
import {
  concat,
  deviceKey,
  encodeIdentity,
  equal,
  extendIdentity,
  facetKey,
  fromBase64Url,
  fromHex,
  fromWords,
  groupKemSeed,
  isCode,
  label,
  manifestKey,
  narrow,
  openGrantPage,
  openIdentity,
  openKeyring,
  openManifest,
  openOwnerPart,
  openSection,
  openSegment,
  rootSeeds,
  signerOf,
  unsafeAccountHeader,
  unsafeGroupHeader,
  unwrapGenerations,
  unwrapPrevious,
  verifyHead,
  type Cell,
  type EpochKey,
  type FacetKey,
  type Generation,
  type Identity,
  type OpenedSegment,
  type Seeds,
  type SignedHead,
} from '#crypto'
import { epochIn, findAt } from '../crypto/reading.ts'
import { leavesUnder } from '#vocab'
import { encodeCbor } from '../../crypto/cbor.ts'
import { encodeCells } from '../../crypto/cells.ts'
import { seal } from '../../crypto/envelope.ts'
import { sectionKey, sectionTag } from '../../crypto/facet-keys.ts'
import { section, steps } from '../../crypto/padding.ts'
import { deviceKeys } from '../../client/core/device-keys.ts'
import { accountUrl, collectionUrl, headUrl, identityUrl, objectUrl } from '../../client/core/paths.ts'
import { FACET, openSeal, type Member, type World } from '../core/world.ts'
import type { Host, Stored } from '../hostile-pod.ts'

export const stored = ({ server }: World, url: string): Stored => server.files.get(url)!

export const identityOf = (around: World, { around: { pod } }: Member): Identity =>
  openIdentity(stored(around, identityUrl(pod.storage)).body)

/** A device is removed and, for now, no new generation begun: the person is exposed. */
export function removeDevice(host: Host, around: World, member: Member): void {
  const identity = identityOf(around, member)
  const [device] = identity.devices
  const root = signerOf(rootSeeds(fromWords(member.kit)))
  const next = extendIdentity(identity, root, around.clock(), { type: 'remove-device', device: device!.id })
  host.replace(identityUrl(member.around.pod.storage), encodeIdentity(next))
}

/** All the X-Wing seeds of their own that a member has or had. */
export async function ownSeeds(around: World, { around: { pod, store } }: Member): Promise<Uint8Array[]> {
  const keys = (await deviceKeys(store, pod.webId, { seal: openSeal }))!
  const header = unsafeAccountHeader(stored(around, accountUrl(pod.storage)).body)
  return [keys.kem, ...unwrapGenerations(header, keys).map(({ kemSeed }) => kemSeed)]
}

/** What one device of a member holds: its own seeds, and all generations. */
export async function keptBy(around: World, { around: { pod, store } }: Member): Promise<DeviceKept> {
  const seeds = (await deviceKeys(store, pod.webId, { seal: openSeal }))!
  const header = unsafeAccountHeader(stored(around, accountUrl(pod.storage)).body)
  return { seeds, generations: unwrapGenerations(header, seeds) }
}

interface DeviceKept {
  seeds: Seeds
  generations: Generation[]
}

/** The notes of a collection that somebody with these generations of its owner's opens from the disk; none where its head does not open. */
export async function ownedBy(
  around: World,
  vault: Vault,
  id: CollectionId,
  generations: Generation[],
): Promise<string[]> {
  const head = headOf(around, vault, id)
  const { owner, collection } = { owner: vault.owner, collection: head.header.collection }
  const part = generations.flatMap(({ key }) => orNull(() => openOwnerPart(head, key)) ?? [])[0]
  if (!part) return []
  const epochs = part.epochs.map(({ key }) => key as EpochKey)
  const manifest = openManifest(head, manifestKey(epochs.at(-1)!))
  const at = (sealId: Uint8Array) =>
    stored(around, objectUrl(collectionUrl(vault.pod.storage, collection), sealId)).body
  const segments = [
    ...manifest.segments.map(({ sealId, key }) => openSegment(at(sealId), owner, collection, key)),
    ...(head.parts.tail.length ? [openSegment(head.parts.tail, owner, collection, manifest.tail)] : []),
  ]
  const leaves = epochs.flatMap(key => leavesUnder(FACET).map(leaf => facetKey(key, leaf)))
  const opening = segments.flatMap(segment => leaves.map(async leaf => (await openSection(segment, leaf)) ?? []))
  const cells = (await Promise.all(opening)).flat()
  return cells.map(({ properties }) => String(properties?.['note']))
}

/** Those of a group's epochs, as far as `own` opens them. */
export function groupSeeds(around: World, url: string, own: Uint8Array[]): Uint8Array[] {
  const header = unsafeGroupHeader(stored(around, `${url}head.alv`).body)
  const find = findAt(around.server.files, url)
  const newest = own.map(seed => epochIn(header, seed, find)).find(Boolean)
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
  const grants = await grantIds(vault)
  const notes = await Promise.all(grants.map(grant => openedBy(around, vault, head, grant, seeds)))
  return [...new Set(notes.flat())].sort()
}

const grantIds = async (vault: Vault): Promise<Uint8Array[]> =>
  (await vault.grants.list()).map(({ grant }) => fromHex(grant.slice('urn:uuid:'.length).replaceAll('-', '')))

export function headOf(around: World, { owner, pod }: Vault, collection: CollectionId): SignedHead {
  const id = fromBase64Url(collection)
  const identity = openIdentity(stored(around, identityUrl(pod.storage)).body)
  const { body } = stored(around, headUrl(collectionUrl(pod.storage, id)))
  return verifyHead(body, owner, id, signer => deviceKey(identity, signer))
}

interface Held {
  /** Where it is stored; null: the tail of the head. */
  url: string | null
  segment: OpenedSegment
  leaves: FacetKey[]
}

/** The segments that a grant lists to whoever holds the seeds, and the keys of all leaves that it gives. */
function held(around: World, { owner, pod }: Vault, head: SignedHead, grant: Uint8Array, seeds: Uint8Array[]): Held[] {
  const { collection, keyring } = head.header
  const urlOf = (sealId: Uint8Array) => objectUrl(collectionUrl(pod.storage, collection), sealId)
  const object = (sealId: Uint8Array) => stored(around, urlOf(sealId)).body
  if (!keyring) return []
  const envelope = orNull(() => openKeyring(object(keyring.sealId), { owner, collection, grant }, seeds))
  if (!envelope) return []
  const { keys } = openGrantPage(grant, envelope, envelope.page.sealed ?? object(envelope.page.id))
  const manifest = openManifest(head, envelope.manifest)
  const segments = manifest.segments.map(({ sealId, key }) => ({ url: urlOf(sealId), bytes: object(sealId), key }))
  const tail = head.parts.tail.length ? [{ url: null, bytes: head.parts.tail, key: manifest.tail }] : []
  const leaves = [...envelope.newest, ...keys].flatMap(({ facet, key }) =>
    leavesUnder(facet).map(leaf => narrow(key, facet, leaf)),
  )
  return [...segments, ...tail].map(({ url, bytes, key }) => ({
    url,
    leaves,
    segment: openSegment(bytes, owner, collection, key),
  }))
}

async function openedBy(...of: Parameters<typeof held>): Promise<string[]> {
  const opening = held(...of).flatMap(({ segment, leaves }) => leaves.map(async leaf => openSection(segment, leaf)))
  const cells = (await Promise.all(opening)).flatMap(opened => opened ?? [])
  return cells.map(({ properties }) => String(properties?.['note']))
}

/** A stored segment with another text in one section, sealed with the very keys of a reader: what only its hash tells (SPEC G1). */
export async function forgedSegment(
  around: World,
  vault: Vault,
  collection: CollectionId,
  seeds: Uint8Array[],
  note: string,
): Promise<{ url: string; bytes: Uint8Array }> {
  const head = headOf(around, vault, collection)
  const grants = await grantIds(vault)
  const all = grants.flatMap(grant => held(around, vault, head, grant, seeds)).filter(({ url }) => url)
  for (const { url, segment, leaves } of all)
    for (const leaf of leaves) {
      const cells = await openSection(segment, leaf)
      if (cells)
        return {
          url: url!,
          bytes: reseal(
            segment,
            leaf,
            cells.map(cell => ({ ...cell, properties: { note } })),
          ),
        }
    }
  throw new Error('nothing opens')
}

function reseal({ header, key, sealId, rows, body }: OpenedSegment, leaf: FacetKey, cells: Cell[]): Uint8Array {
  const tag = sectionTag(leaf, key, sealId)
  const forged = seal(sectionKey(leaf, key, sealId), label.sectionBody, header, encodeCells(cells), section)
  let offset = 0
  const parts = rows.map(row => {
    const bytes = equal(row.tag, tag) ? forged : body.subarray(row.offset, row.offset + row.size)
    offset += bytes.length
    return { bytes, row: [row.tag, row.epoch, offset - bytes.length, bytes.length] }
  })
  const table = seal(key, label.table, header, encodeCbor(parts.map(({ row }) => row)), steps(256))
  return encodeCbor([header, table, concat(...parts.map(({ bytes }) => bytes))])
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
