/** A whole vault, from what a person types and the data folder alone: SPEC §17 says where each object stands. */
import { readFileSync } from 'node:fs'
import {
  account,
  accountPage,
  generations,
  state,
  stateOf,
  unverifiedHeader,
  type AccountState,
  type Generation,
} from './account.ts'
import { blobPage, part, PART } from './blob.ts'
import { catalogue, folderOf, said } from './catalogue.ts'
import { decode, hex, join, need, same } from './cbor.ts'
import {
  facetKey,
  head,
  indexRun,
  isWithin,
  manifest,
  manifestKey,
  manifestPage,
  named,
  narrower,
  ownerPart,
  type Head,
} from './collection.ts'
import type { Disk } from './disk.ts'
import { openGroup, stewardOf, type OpenGroup } from './group.ts'
import { activeKey, everKey, identity, keyId, type Identity } from './identity.ts'
import { granted, type Granted } from './keyring.ts'
import { agreement, announcement, feedLines, joinMac, joinRequest, ofGroup, personal } from './message.ts'
import { kemPublic, signingPublic, unverified, verified, type KeyOf } from './primitives.ts'
import { CellsOfRecords, type Seen } from './records.ts'
import { cells, segment, type Cell, type Segment } from './segment.ts'
import { anything, parse, rows, type Shape } from './shape.ts'
import { openSlot, rootSeeds, secretOf, type Seeds } from './unlock.ts'

export interface OpenVault {
  disk: Disk
  storage: string
  identity: Identity
  /** Oldest first. */
  generations: Generation[]
  state: AccountState
  /** A11: all grants and lines, those on pages first. */
  history: Pick<AccountState, 'grants' | 'journal'>
}

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')
const fromBase64url = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64url'))

function stored(disk: Disk, url: string): Uint8Array {
  const bytes = disk.read(url)
  need(bytes !== null)
  return bytes
}

export const identityOf = (disk: Disk, webId: string): Identity => {
  const read = identity(stored(disk, `${disk.storageOf(webId)}alveole/identity.alv`))
  need(read.webId === webId)
  return read
}

/** A2, A3, P4: the root that the words or a slot name, then devices certified under it, then what these signed. */
export function openVault(disk: Disk, webId: string, unlock: { words: string } | { password: string }): OpenVault {
  const storage = disk.storageOf(webId)
  const bytes = stored(disk, `${storage}alveole/account.alv`)
  const { root, ...seeds } =
    'words' in unlock ? ofWords(unlock.words) : openSlot(unlock.password, webId, unverifiedHeader(bytes).slots[0]!)
  const own = identityOf(disk, webId)
  need(same(own.root, root), 'identity-changed')
  const read = account(bytes, webId, activeKey(own))
  const all = generations(read.header, seeds)
  need(own.entries.some(entry => same(entry, read.header.identityHead)))
  const now = parse(state, stateOf(read, all.at(-1)!))
  const past = now.pages.map(({ sealId, hash, key }) =>
    accountPage(named(objectOf({ disk, url: `${storage}alveole/account/` }, sealId), hash), webId, key),
  )
  const history = {
    grants: [...past, now].flatMap(({ grants }) => grants),
    journal: [...past, now].flatMap(({ journal }) => journal),
  }
  return { disk, storage, identity: own, generations: all, state: now, history }
}

function ofWords(words: string): Seeds & { root: Uint8Array } {
  const seeds = rootSeeds(secretOf(words))
  return { ...seeds, root: keyId(signingPublic(seeds.sign), kemPublic(seeds.kem)) }
}

interface Place {
  disk: Disk
  owner: Identity
  id: Uint8Array
  url: string
}
/** M of the head's epoch, and the keys of leaf facets; null where there is none. */
interface Keys {
  manifest: Uint8Array
  of(epoch: string, leaf: string): Uint8Array | null
}

/** §7: the leaves of the published tree. A concept that another names as broader is a node. */
const tree = readFileSync(new URL('../../vocab/facets.ttl', import.meta.url), 'utf8')
const broader = new Set([...tree.matchAll(/skos:broader <([^>]+)>/g)].map(([, path]) => path!))
export const leaves = [...tree.matchAll(/^<([^>]+)> a alv:Facet/gm)]
  .map(([, path]) => path!)
  .filter(path => !broader.has(path))

const collectionUrl = (storage: string, id: Uint8Array): string => `${storage}alveole/c/${base64url(id)}/`
const objectOf = ({ disk, url }: Pick<Place, 'disk' | 'url'>, sealId: Uint8Array): Uint8Array =>
  stored(disk, `${url}${base64url(sealId)}.alv`)

const headOf = ({ disk, owner, id, url }: Place): Head =>
  head(stored(disk, `${url}head.alv`), owner.webId, id, activeKey(owner))

/** Every segment that the manifest lists, its pages and the tail: each by its hash, the tail by the head's signature (G1, H7). */
export function segmentsOf(place: Place, read: Head, m: Uint8Array): Segment[] {
  const { owner, id } = place
  const { tail, segments, pages } = manifest(read, m)
  const paged = pages.flatMap(page =>
    manifestPage(named(objectOf(place, page.sealId), page.hash), owner.webId, id, page.key),
  )
  const listed = [...paged, ...segments].map(entry =>
    segment(named(objectOf(place, entry.sealId), entry.hash), owner.webId, id, entry.key),
  )
  return read.parts.tail.length ? [...listed, segment(read.parts.tail, owner.webId, id, tail)] : listed
}

function recordsOf(place: Place, read: Head, keys: Keys): Map<string, Seen> {
  const all = new CellsOfRecords()
  for (const from of segmentsOf(place, read, keys.manifest)) {
    for (const epoch of new Set(from.rows.map(row => hex(row.epoch)))) {
      for (const leaf of leaves) {
        const key = keys.of(epoch, leaf)
        for (const cell of (key && cells(from, key)) ?? []) all.add(leaf, cell)
      }
    }
  }
  return all.seen()
}

export const ownPlace = ({ disk, storage, identity: owner }: OpenVault, id: Uint8Array): Place => {
  return { disk, owner, id, url: collectionUrl(storage, id) }
}

/** The head of one's own collection, and what its owner part gives (H3). */
export function ownHead(
  vault: OpenVault,
  id: Uint8Array,
): { read: Head; owner: ReturnType<typeof ownerPart>; keys: Keys } {
  const read = headOf(ownPlace(vault, id))
  const generation = vault.generations.find(({ number }) => number === read.header.generation)
  need(generation !== undefined)
  const owner = ownerPart(read, generation.key)
  const epochs = new Map(owner.epochs.map(epoch => [hex(epoch.id), epoch.key]))
  const newest = epochs.get(hex(read.header.epoch))
  need(newest !== undefined)
  const of: Keys['of'] = (epoch, leaf) => (epochs.has(epoch) ? facetKey(epochs.get(epoch)!, leaf) : null)
  return { read, owner, keys: { manifest: manifestKey(newest), of } }
}

export function ownRecords(vault: OpenVault, id: Uint8Array): Map<string, Seen> {
  const { read, keys } = ownHead(vault, id)
  return recordsOf(ownPlace(vault, id), read, keys)
}

/** Q1–Q4: of each record and leaf what stands, by the index and the tail; as `record leaf stamp`. */
export function indexOf(vault: OpenVault, id: Uint8Array): string[] {
  const place = ownPlace(vault, id)
  const { read, owner, keys } = ownHead(vault, id)
  const entries = owner.index.runs.flatMap(({ run, gone }) => {
    const { entries } = indexRun(named(objectOf(place, run.sealId), run.hash), vault.identity.webId, id, run.key)
    const left = new Set(gone.map(hex))
    return entries.filter(({ segment }) => !left.has(segment))
  })
  const { tail } = manifest(read, keys.manifest)
  const inTail = read.parts.tail.length ? cellsOf(segment(read.parts.tail, vault.identity.webId, id, tail), keys) : []
  return standing([...entries, ...inTail])
}

/** As `indexOf`, of all that the head lists. */
export function standingOf(vault: OpenVault, id: Uint8Array): string[] {
  const { read, keys } = ownHead(vault, id)
  return standing(segmentsOf(ownPlace(vault, id), read, keys.manifest).flatMap(from => cellsOf(from, keys)))
}

type Placed = Pick<Cell, 'record' | 'stamp' | 'kind'> & { facet: string }

const cellsOf = (from: Segment, keys: Keys): Placed[] =>
  [...new Set(from.rows.map(row => hex(row.epoch)))].flatMap(epoch =>
    leaves.flatMap(facet => {
      const key = keys.of(epoch, facet)
      return ((key && cells(from, key)) ?? []).map(cell => ({ ...cell, facet }))
    }),
  )

function standing(all: readonly Placed[]): string[] {
  const newest = new Map<string, Placed>()
  for (const one of all) {
    const old = newest.get(`${one.record} ${one.facet}`)
    const isLater =
      !old || (one.kind === '' && old.kind !== '') || (one.stamp > old.stamp && (one.kind === '' || old.kind !== ''))
    if (isLater) newest.set(`${one.record} ${one.facet}`, one)
  }
  return [...newest].map(([name, { stamp }]) => `${name} ${stamp}`).toSorted()
}

type Announced = Shape<typeof announcement>

/** What one grant shows of one collection; null where the keyring has no envelope of it. */
export function grantedRecords(
  disk: Disk,
  { owner: webId, grant }: Announced,
  { id, url }: Announced['collections'][number],
  seeds: Uint8Array[],
) {
  const owner = identityOf(disk, webId)
  const place = { disk, owner, id, url }
  const read = headOf(place)
  const opened = openKeyring(place, read, grant, seeds)
  if (!opened) return null
  const all = [...opened.newest, ...opened.keys]
  const of: Keys['of'] = (epoch, leaf) => {
    const found = all.find(key => hex(key.epoch) === epoch && isWithin(leaf, key.facet))
    return found ? narrower(found.key, found.facet, leaf) : null
  }
  const terms = agreement(opened.agreement, webId, everKey(owner))
  return { records: recordsOf(place, read, { manifest: opened.manifest, of }), terms, apart: opened.apart }
}

function openKeyring(
  place: Place,
  { header: { keyring } }: Head,
  grant: Uint8Array,
  seeds: Uint8Array[],
): Granted | null {
  if (!keyring) return null
  const bytes = named(objectOf(place, keyring.sealId), keyring.hash)
  const expected = { owner: place.owner.webId, collection: place.id, grant }
  return granted(bytes, expected, seeds, pageId => objectOf(place, pageId))
}

interface PartRef {
  folder: string
  name: string
  hash: string
}
export interface BlobRef {
  blob: string
  key: string
  size: number
  partBytes?: number
  parts?: PartRef[]
  page?: PartRef
}

const SMALLER = [18, 19, 20, 21].map(power => 2 ** power)

/** B6: a blob whole, from the reference in a cell. */
export function blobOf(disk: Disk, container: string, ref: BlobRef): Uint8Array {
  const [blob, key] = [fromBase64url(ref.blob), fromBase64url(ref.key)]
  const at = ({ folder, name }: PartRef): Uint8Array => stored(disk, `${container}${folder}/${name}.alv`)
  const listed = ref.page && blobPage(at(ref.page), blob, fromBase64url(ref.page.hash), key)
  const parts = listed?.map(of => ({ ...of, name: base64url(of.sealId), hash: base64url(of.hash) })) ?? ref.parts!
  const opened = parts.map((of, index) => {
    const expected = { blob, sealId: fromBase64url(of.name), index, hash: fromBase64url(of.hash) }
    return part(at(of), expected, key)
  })
  const whole = join(...opened)
  need(ref.partBytes === undefined || SMALLER.includes(ref.partBytes))
  const full = ref.partBytes ?? PART
  need(whole.length === ref.size && parts.length === Math.max(1, Math.ceil(ref.size / full)))
  need(opened.slice(0, -1).every(one => one.length === full))
  return whole
}

/** N10: the steward's root is the one that the log admitted. */
export function groupOf(
  { disk, generations: own }: OpenVault,
  { url, id }: AccountState['groups'][number],
): OpenGroup | null {
  const bytes = stored(disk, `${url}head.alv`)
  const steward = identityOf(disk, stewardOf(bytes))
  const ever = (author: string, root: Uint8Array): KeyOf => {
    const person = identityOf(disk, author)
    return same(person.root, root) ? everKey(person) : () => null
  }
  const seeds = own.map(({ kemSeed }) => kemSeed)
  const find = (sealId: Uint8Array): Uint8Array => stored(disk, `${url}${base64url(sealId)}.alv`)
  const open = openGroup(bytes, id, seeds, { active: activeKey(steward), ever }, find)
  if (open) need(same(open.log.stewards.get(steward.webId)!.root, steward.root))
  return open
}

/** X6: what a member announced to the group, or a person to us. */
function announced(disk: Disk, signed: Uint8Array, to: string): Announced {
  const claim = parse(announcement, unverified(signed).bytes)
  const owner = identityOf(disk, claim.owner)
  verified(signed, 'announcement', activeKey(owner))
  return placed(disk, claim, to)
}

function placed(disk: Disk, claim: Announced, to: string): Announced {
  const storage = disk.storageOf(claim.owner)
  need(claim.to === to && claim.collections.every(({ id, url }) => url === collectionUrl(storage, id)))
  return claim
}

interface Told {
  announcements: Announced[]
  /** What each owner told of their heads. */
  lines: Shape<typeof feedLines>[]
}

/** X6, X9, X10: what members announced and told, in the catalogue and beside it. */
export function feedOf(disk: Disk, url: string, group: OpenGroup, id: Uint8Array): Told {
  const { log, epochs } = group
  const unfolded = disk.list(`${url}feed/`).flatMap(line => ofGroup(stored(disk, line), epochs) ?? [])
  const isLines = (signed: Uint8Array): boolean => rows(anything)(decode(unverified(signed).bytes)).length === 4
  const rowsFolded = foldedIn(disk, url, group, id)
  const all: Told = {
    announcements: [
      ...rowsFolded.flatMap(({ announcements }) => announcements.map(one => placed(disk, one, url))),
      ...unfolded.filter(signed => !isLines(signed)).map(signed => announced(disk, signed, url)),
    ],
    lines: [
      ...rowsFolded.flatMap(({ lines }) => lines),
      ...unfolded.filter(isLines).map(signed => toldIn(disk, signed, url)),
    ],
  }
  const isMember = ({ owner }: { owner: string }): boolean =>
    log.members.some(
      ({ webId, root, state: is }) => webId === owner && is === 'member' && same(root, identityOf(disk, owner).root),
    )
  return { announcements: all.announcements.filter(isMember), lines: all.lines.filter(isMember) }
}

function toldIn(disk: Disk, signed: Uint8Array, to: string): Shape<typeof feedLines> {
  const claim = parse(feedLines, unverified(signed).bytes)
  verified(signed, 'feed lines', activeKey(identityOf(disk, claim.owner)))
  need(claim.to === to)
  return claim
}

/** N18, N19. */
function foldedIn(disk: Disk, url: string, { log, epochs }: OpenGroup, id: Uint8Array) {
  const at = `${url}catalogue.alv`
  if (!disk.list(url).includes(at)) return []
  const head = stored(disk, at)
  const steward = identityOf(disk, folderOf(head))
  need(same(log.stewards.get(steward.webId)!.root, steward.root))
  const find = (sealId: Uint8Array): Uint8Array => stored(disk, `${url}${base64url(sealId)}.alv`)
  const { rows: all } = catalogue(head, id, epochs, activeKey(steward), find)
  return all.flatMap(part => said(part, url, webId => activeKey(identityOf(disk, webId))))
}

export function inboxOf({ disk, storage, identity: own, generations: all }: OpenVault): Announced[] {
  const seeds = all.map(({ kemSeed }) => kemSeed)
  return disk
    .list(`${storage}alveole/inbox/`)
    .map(url => announced(disk, personal(stored(disk, url), seeds), own.webId))
}

/** X5: who asks to join, by an invitation that the steward's account knows. */
export function requestsOf(
  { disk, generations: all }: OpenVault,
  { url, id, invitations }: AccountState['groups'][number],
): string[] {
  const seeds = all.map(({ kemSeed }) => kemSeed)
  return disk.list(`${url}inbox/`).map(place => {
    const signed = personal(stored(disk, place), seeds)
    const { group, webId, root, invitation, mac } = parse(joinRequest, unverified(signed).bytes)
    const secret = invitations.find(known => same(known.id, invitation))?.secret
    need(secret !== undefined && same(group, id))
    need(same(mac, joinMac(secret, group, root, webId)))
    const person = identityOf(disk, webId)
    need(same(person.root, root))
    verified(signed, 'join request', activeKey(person))
    return webId
  })
}
