/**
 * Every object that stands in a scene, whoever's and read by whomever, and what its parser makes of bytes in its place: no vault is
 * opened again for it, so that every bit of all of them can be tried.
 */
import {
  archivePage,
  deviceKey,
  epochName,
  equal,
  facetKey,
  fromBase64Url,
  groupKemSeed,
  hash,
  isCode,
  manifestKey,
  objectName,
  openAccountState,
  openGrantPage,
  openEnrolment,
  openGroupHead,
  openGroupMessage,
  openIdentity,
  openIndexRun,
  openKeyring,
  openManifest,
  openMessage,
  openOwnerPart,
  openPart,
  openSection,
  openSegment,
  toBase64Url,
  unsafeGroupHeader,
  unwrapGenerations,
  unwrapPrevious,
  verifyAccount,
  verifyHead,
  type EnrolmentType,
  type EpochKey,
  type GroupEpoch,
  type Manifest,
  type Archived,
  type OwnerPart,
  type Reference,
} from '#crypto'
import { epochIn, findAt } from '../crypto/reading.ts'
import type { BlobRef } from '#core'
import { decodeCbor } from '../../crypto/cbor.ts'
import { epochKeyOf } from '../../client/core/collections/epochs.ts'
import { leaves } from '../../client/core/leaves.ts'
import { open, type Opened } from '../../client/core/open.ts'
import { openSeal, reopen, type Member } from '../core/world.ts'
import { digest, loose, named, nothing, type Kept } from './kept.ts'
import { isRule, short, type Scene } from './scene.ts'

/** A member, and what it takes to read what stands in their storage. */
interface Owner extends Opened {
  storage: string
  files: BlobRef[]
  /** X-Wing seeds of everybody and of the circle: whichever a grant is sealed to. */
  seeds: Uint8Array[]
  circle: GroupEpoch[]
  archive: { reference: Reference; page: Archived }[]
}
type Read = Kept['read']

export async function everyObject(at: Scene): Promise<Kept[]> {
  const members = await Promise.all([at.alice, at.bob, at.carol].map(known))
  const header = unsafeGroupHeader(at.honest.get(`${at.group}head.alv`)!.body)
  const newest = epochIn(header, members[0]!.me.generation.kemSeed, findAt(at.honest, at.group))!
  const steward = members[0]!.me.identity
  const head = at.honest.get(`${at.group}head.alv`)!.body
  const part = openGroupHead(head, header.group, newest, signer => deviceKey(steward, signer))
  const archive = archiveOf(at, header.group, part.archive)
  const older = archive.flatMap(({ page }) => page.secrets.map((secret, i) => ({ number: page.first + i, secret })))
  const circle = [...older, ...unwrapPrevious(header.group, newest, header.previous)]
  const seeds = [...members.flatMap(({ me }) => me.kemSeeds), ...circle.map(groupKemSeed)]
  return [...at.honest]
    .filter(([url]) => !isRule(url))
    .map(([url, { body }]) => {
      const owner = members.find(({ storage }) => url.startsWith(storage))!
      return keptAs(at, { ...owner, seeds, circle, archive }, url, body)
    })
}

/** Oldest first. */
function archiveOf(at: Scene, group: Uint8Array, newest: Reference | null): Owner['archive'] {
  const all: Owner['archive'] = []
  for (let before = newest; before; before = all[0]!.page.before) {
    const body = findAt(at.honest, at.group)(before.sealId)!
    all.unshift({ reference: before, page: archivePage.open(group, before.key, body) })
  }
  return all
}

async function known(member: Member): Promise<Pick<Owner, 'me' | 'account' | 'stale' | 'storage' | 'files'>> {
  const opened = await open(member.around, { seal: openSeal })
  const records = await Array.fromAsync((await reopen(member)).records.query({ kind: 'File' }))
  const files = records.map(({ value }) => value['content'] as unknown as BlobRef)
  return { ...opened, storage: member.around.pod.storage, files }
}

const LOOSE: [RegExp, (owner: Owner, url: string, body: Uint8Array) => Read][] = [
  [/\/identity\.alv$/, () => bytes => digest(openIdentity(bytes))],
  [/\/account\.alv$/, accountReader],
  [/\/groups\/[^/]+\/head\.alv$/, groupReader],
  [/\/groups\/[^/]+\/[^/]+\.alv$/, groupObjectReader],
  [/\/c\/[^/]+\/head\.alv$/, headReader],
  [/\/feed\/[^/]+$/, owner => bytes => digest(openGroupMessage(owner.circle, bytes))],
  [
    /\/inbox\/[^/]+$/,
    ({ me }) =>
      bytes =>
        digest(openMessage(me.generation.kemSeed, bytes)),
  ],
]

/** Short enough for the title of a test. */
const nameOf = (url: string): string =>
  short(url)
    .replace('alveole/', '')
    .replaceAll(/([\w-]{6})[\w-]{12,}/g, '$1')

function keptAs(at: Scene, owner: Owner, url: string, body: Uint8Array): Kept {
  const found = LOOSE.find(([where]) => where.test(url))
  if (found) return { ...loose(nameOf(url), body, found[1](owner, url, body)), signer: owner.me.signer }
  const [, collection, folder, name] = /\/c\/([^/]+)\/(?:([^/]+)\/)?([^/]+)\.alv$/.exec(url)!
  if (folder) return named(nameOf(url), body, partReader(owner, name!))
  const id = fromBase64Url(collection!)
  const head = at.honest.get(url.replace(/[^/]+$/, 'head.alv'))!.body
  const { part, manifest } = manifestOf(owner, id, head)
  const isIt = ({ sealId }: { sealId: Uint8Array }): boolean => toBase64Url(sealId) === name
  const run = part.index.runs.find(({ run }) => isIt(run))?.run
  if (run) return named(nameOf(url), body, bytes => digest(openIndexRun(bytes, owner.me.webId, id, run.key)))
  const entry = manifest.segments.find(isIt)
  const read = entry ? segmentReader(owner, id, body, { part, key: entry.key }) : keyringReader(owner, id, body)
  return named(nameOf(url), body, read)
}

function accountReader({ me }: Owner): Read {
  return bytes => {
    const account = verifyAccount(bytes, me.webId, me.deviceKey)
    return digest([account.header, openAccountState(account, unwrapGenerations(account.header, me.seeds).at(-1)!)])
  }
}

function groupReader({ me, circle }: Owner, _: string, body: Uint8Array): Read {
  const { group } = unsafeGroupHeader(body)
  return bytes => digest(openGroupHead(bytes, group, circle.at(-1)!, signer => deviceKey(me.identity, signer)))
}

/** What enrols members, or stewards: by whoever it is for. Larger circles' pages are in tests/core/group-pages.test.ts. */
function groupObjectReader({ seeds, archive }: Owner, url: string, body: Uint8Array): Read {
  const [head] = decodeCbor(body) as [Uint8Array]
  const [, type, , group] = decodeCbor(head) as [number, EnrolmentType, Uint8Array, Uint8Array]
  const archived = archive.find(({ reference }) => url.endsWith(objectName(reference.sealId)))
  if (archived) return bytes => digest(archivePage.open(group, archived.reference.key, bytes))
  const holders = seeds.filter(seed => openEnrolment(type, group, seed, body) !== null)
  return bytes => {
    const keys = holders.map(seed => openEnrolment(type, group, seed, bytes))
    return keys.some(key => key === null) ? nothing : digest(keys)
  }
}

function manifestOf({ me }: Owner, id: Uint8Array, bytes: Uint8Array): { part: OwnerPart; manifest: Manifest } {
  const head = verifyHead(bytes, me.webId, id, me.deviceKey)
  const part = openOwnerPart(head, me.generation.key)
  const key = epochKeyOf(part)(epochName(head.header.epoch))!
  return { part, manifest: openManifest(head, manifestKey(key)) }
}

function headReader(owner: Owner, url: string): Read {
  const [, id] = /\/c\/([^/]+)\//.exec(url)!
  return bytes => digest(manifestOf(owner, fromBase64Url(id!), bytes))
}

/** All its sections. */
function segmentReader(
  owner: Owner,
  id: Uint8Array,
  body: Uint8Array,
  { part, key }: { part: OwnerPart; key: Uint8Array },
): Read {
  const opening = (bytes: Uint8Array) => openSegment(bytes, owner.me.webId, id, key)
  const all = part.epochs.flatMap(epoch => leaves().map(leaf => facetKey(epoch.key as EpochKey, leaf)))
  const whole = opening(body)
  const found = Promise.all(all.map(async facet => ((await openSection(whole, facet)) ? [facet] : [])))
  return async bytes => {
    const segment = opening(bytes)
    return digest(await Promise.all((await found).flat().map(async facet => openSection(segment, facet))))
  }
}

/**
 * Each grant by whoever it is for, the one first whose envelope or page has other bytes than it had: what it takes to open one is most
 * of the time. A keyring that was replaced lies there too.
 */
function keyringReader({ me, account, seeds }: Owner, collection: Uint8Array, body: Uint8Array): Read {
  const opening = (grant: Uint8Array, seed: Uint8Array, bytes: Uint8Array) => {
    const opened = openKeyring(bytes, { owner: me.webId, collection, grant }, [seed])
    return opened && [opened, openGrantPage(grant, opened, opened.page.sealed!)]
  }
  const ours = account.state.grants.flatMap(({ id }) =>
    seeds.flatMap(seed => {
      const opened = orNull(() => openKeyring(body, { owner: me.webId, collection, grant: id }, [seed]))
      return opened ? [{ grant: id, seed, places: placesOf(body, id, opened.page.id) }] : []
    }),
  )
  return bytes => {
    const at = bytes.findIndex((byte, i) => byte !== body[i])
    const isThere = ({ places }: (typeof ours)[number]) => places.some(([from, to]) => from <= at && at < to)
    const order = [...ours.filter(isThere), ...ours.filter(one => !isThere(one))]
    const all: unknown[] = []
    for (const { grant, seed } of order) {
      const opened = opening(grant, seed, bytes)
      if (!opened) return nothing
      all.push(opened)
    }
    return all.length ? digest(all) : nothing
  }
}

/** Where the envelope and the page of a grant stand, with their ids. */
function placesOf(keyring: Uint8Array, grant: Uint8Array, page: Uint8Array): [from: number, to: number][] {
  const [, ...lists] = decodeCbor(keyring) as [Uint8Array, ...[Uint8Array, Uint8Array][][]]
  return lists.flat().flatMap(([id, sealed]) => {
    const isIts = equal(id, grant) || equal(id, page)
    return isIts
      ? [[id.byteOffset, sealed.byteOffset + sealed.length].map(at => at - keyring.byteOffset) as [number, number]]
      : []
  })
}

function partReader({ files }: Owner, name: string): Read {
  const file = files.find(({ parts }) => parts?.some(part => part.name === name))!
  const [blob, key, sealId] = [file.blob, file.key, name].map(fromBase64Url) as [Uint8Array, Uint8Array, Uint8Array]
  const index = file.parts!.findIndex(part => part.name === name)
  return async bytes => digest(await openPart(key, { blob, sealId, index, hash: hash(bytes) }, bytes))
}

/** Sealed to another seed. */
function orNull<T>(work: () => T): T | null {
  try {
    return work()
  } catch (error) {
    if (isCode(error, 'tampered')) return null
    throw error
  }
}
