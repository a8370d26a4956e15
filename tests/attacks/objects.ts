/**
 * One of every kind of stored object, and what the client makes of bytes in its place. Of a small vault just made, so that all of
 * it can be tried; pages, which only large vaults have, are sealed here.
 */
import {
  AlveoleError,
  deviceKey,
  hash,
  manifestKey,
  openAccountState,
  openBlobPage,
  openGrantPage,
  openGroupHead,
  openGroupMessage,
  openIdentity,
  openKeyring,
  openManifest,
  openManifestPage,
  openMessage,
  openOwnerPart,
  openPart,
  openSection,
  openSegment,
  random,
  sealBlobPage,
  sealGroupMessage,
  sealKeyring,
  sealManifestPage,
  sealMessage,
  sealPart,
  sealSegment,
  signBytes,
  toHex,
  unwrapGenerations,
  utf8,
  verifyAccount,
  verifyHead,
  drawEpochKey,
  drawSealId,
  epochName,
  facetKey,
  fromBase64Url,
  generationPublic,
  label,
  unsafeGroupHeader,
  unwrapGroupEpoch,
  type OwnerPart,
  type Signer,
} from '#crypto'
import { epochKeyOf } from '../../client/core/collections/epochs.ts'
import { open } from '../../client/core/open.ts'
import { accountUrl, collectionUrl, headUrl, identityUrl } from '../../client/core/paths.ts'
import { folder, openSeal, world } from '../core/world.ts'
import { thorough } from './effort.ts'
import { add } from './scene.ts'

export interface Kept {
  kind: string
  bytes: Uint8Array
  /** What is read out of bytes in its place, or a promise of it, or a coded error. Without the hash that a head, a cell or a keyring has of it. */
  read(bytes: Uint8Array): unknown
  /** Whether something that was checked before names it by its hash: no other bytes are ever read (G1, H7, R6, B5). */
  named: boolean
  /** Who signed it. */
  signer?: Signer
}

/** All that needs to be known of a value: that it is the same. */
const digest = (value: unknown): string =>
  JSON.stringify(value, (_, one: unknown) => (one instanceof Uint8Array ? toHex(one) : one))

export async function everyKind(): Promise<Kept[]> {
  const around = world()
  const alice = await around.member('alice')
  const collection = fromBase64Url(await folder(alice.vault))
  await add(alice.vault, await folder(alice.vault), 'BCG')
  const { group } = await alice.vault.groups.found('Les Abeilles')
  const { pod } = alice.around
  const { me } = await open(alice.around, { seal: openSeal })
  const at = (url: string): Uint8Array => around.server.files.get(url)!.body
  const key = (signer: Uint8Array) => deviceKey(me.identity, signer)
  const owner = me.webId

  const groupHead = at(`${group}head.alv`)
  const header = unsafeGroupHeader(groupHead)
  const epoch = unwrapGroupEpoch(header.group, header.epoch, header.wraps, me.generation.kemSeed)!
  const signed: Omit<Kept, 'named'>[] = [
    { kind: 'identity', bytes: at(identityUrl(pod.storage)), read: bytes => digest(openIdentity(bytes)) },
    {
      kind: 'account',
      bytes: at(accountUrl(pod.storage)),
      read: bytes => {
        const account = verifyAccount(bytes, owner, key)
        return digest([account.header, openAccountState(account, unwrapGenerations(account.header, me.seeds).at(-1)!)])
      },
    },
    {
      kind: 'head',
      bytes: at(headUrl(collectionUrl(pod.storage, collection))),
      read: bytes => {
        const head = verifyHead(bytes, owner, collection, key)
        const part: OwnerPart = openOwnerPart(head, me.generation.key)
        return digest([head, part, openManifest(head, manifestKey(epochKeyOf(part)(epochName(head.header.epoch))!))])
      },
    },
    {
      kind: 'group head',
      bytes: groupHead,
      read: bytes => digest(openGroupHead(bytes, header.group, epoch, key)),
    },
  ]
  return [
    ...signed.map(one => ({ ...one, named: false, signer: me.signer })),
    ...(await sealedOnes(owner, collection, me, epoch)),
  ]
}

async function sealedOnes(
  owner: string,
  collection: Uint8Array,
  me: Awaited<ReturnType<typeof open>>['me'],
  group: Parameters<typeof sealGroupMessage>[0],
): Promise<Kept[]> {
  const [id, epochKey, to] = [random(8), drawEpochKey(), generationPublic(me.generation)]
  const facet = facetKey(epochKey, 'health')
  const cells = [{ record: '00'.repeat(16), stamp: 1, kind: 'Immunization', properties: { note: 'BCG' } }]
  const segment = await sealSegment(owner, collection, [{ epoch: epochName(id), facet: 'health', cells }], () => facet)
  const entry = { sealId: segment.sealId, hash: hash(segment.bytes), size: 1, key: segment.key, epochs: [id] }
  const [pageId, pageKey] = [drawSealId(), random(32)]
  const grant = random(16)
  const given = { grant, to, manifest: manifestKey(epochKey), agreement: utf8('agreed') }
  const few = sealKeyring(owner, collection, id, [{ ...given, keys: [{ epoch: id, facet: 'health', key: facet }] }])
  const long = Array.from({ length: 130 }, (_, i) => ({
    epoch: id,
    facet: `health/${i}/${'x'.repeat(30)}`,
    key: facet,
  }))
  const many = sealKeyring(owner, collection, id, [{ ...given, keys: long }])
  const opened = openKeyring(many.bytes, { owner, collection, grant }, me.kemSeeds)!
  const [blob, blobKey] = [random(16), random(32)]
  const part = await sealPart(blobKey, blob, 0, utf8('what the file says'))
  const list = sealBlobPage(blobKey, blob, [{ folder: 'f', sealId: part.sealId, hash: part.hash }])
  const body = signBytes(me.signer, label.announcement, utf8('said'))
  const named = (kind: string, bytes: Uint8Array, read: Kept['read']): Kept => ({ kind, bytes, read, named: true })
  const loose = (kind: string, bytes: Uint8Array, read: Kept['read']): Kept => ({ kind, bytes, read, named: false })
  return [
    named('segment', segment.bytes, async bytes =>
      digest(await openSection(openSegment(bytes, owner, collection, segment.key), facet)),
    ),
    named('manifest page', sealManifestPage(owner, collection, pageId, pageKey, [entry]), bytes =>
      digest(openManifestPage(bytes, owner, collection, pageKey)),
    ),
    named('keyring', few.bytes, bytes => {
      const one = openKeyring(bytes, { owner, collection, grant }, me.kemSeeds)
      return digest(one && [one, openGrantPage(grant, one, one.page.sealed!)])
    }),
    named('grant page', many.pages[0]!.bytes, bytes => digest(openGrantPage(grant, opened, bytes))),
    named('blob part', part.bytes, async bytes => digest(await openPart(blobKey, { ...part, blob, index: 0 }, bytes))),
    named('blob page', list.bytes, bytes => digest(openBlobPage(blobKey, blob, list.hash, bytes))),
    loose('message', sealMessage(to, body), bytes => digest(openMessage(me.generation.kemSeed, bytes))),
    loose('group message', sealGroupMessage(group, body), bytes => digest(openGroupMessage([group], bytes))),
  ]
}

/** Of which bytes one bit is enough, unless there is time: where each try costs a signature, or a decapsulation. */
const LARGE = 1000

/** What comes of an object's bits flipped in turn: the codes, and whatever was read all the same. */
export async function flips({ bytes, read }: Kept): Promise<{ codes: string[]; absent: number; read: unknown[] }> {
  const codes = new Set<string>()
  const wrong: unknown[] = []
  let absent = 0
  const altered = bytes.slice()
  for (let bit = 0; bit < bytes.length * 8; bit += bytes.length < LARGE || thorough ? 1 : 7) {
    altered[bit >> 3]! ^= 1 << (bit & 7)
    try {
      const got = await read(altered)
      if (got === 'null') absent++
      else wrong.push([bit, got])
    } catch (error) {
      if (!(error instanceof AlveoleError)) throw error
      codes.add(error.code)
    }
    altered[bit >> 3]! ^= 1 << (bit & 7)
  }
  return { codes: [...codes], absent, read: wrong }
}
