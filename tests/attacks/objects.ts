/**
 * One of every kind of bytes that are sealed or signed, and what the client makes of others in its place. Of a small vault just
 * made, so that all of it can be tried; pages, which only large vaults have, are sealed here.
 */
import {
  ACCESS_START,
  bytes as bytesCodec,
  decode,
  deviceKey,
  encode,
  hash,
  list,
  manifestKey,
  openAccessBatch,
  openAccountPage,
  openAccountState,
  openBlobPage,
  openCatalogue,
  openGrantPage,
  archivePage,
  cataloguePage,
  checkpointPage,
  climb,
  openEnrolment,
  openGroupHead,
  rosterPage,
  type Reference,
  openGroupMessage,
  openIdentity,
  openIndexRun,
  openKeyring,
  openManifest,
  openManifestPage,
  openMessage,
  openOwnerPart,
  openPart,
  openSection,
  openSegment,
  readGroupLog,
  random,
  sealAccessBatch,
  sealAccountPage,
  sealBlobPage,
  sealCatalogue,
  sealGroupMessage,
  sealIndexRun,
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
  type GroupEpoch,
  type OwnerPart,
} from '#crypto'
import type { PageKind } from '../../crypto/group-page.ts'
import { epochIn, findAt, readBy, smallTree } from '../crypto/reading.ts'
import { epochKeyOf } from '../../client/core/collections/epochs.ts'
import { open } from '../../client/core/open.ts'
import { accountUrl, collectionUrl, headUrl, identityUrl } from '../../client/core/paths.ts'
import type { Me } from '../../client/core/me.ts'
import { folder, openSeal, world } from '../core/world.ts'
import { innerKinds } from './inner.ts'
import { digest, loose, named, type Kept } from './kept.ts'
import { add } from './scene.ts'

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
  const epoch = epochIn(header, me.generation.kemSeed, findAt(around.server.files, group))!
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
  const log = openGroupHead(groupHead, header.group, epoch, key).entries
  const entries = loose('group entries', encode(list(bytesCodec), log), bytes =>
    digest(readGroupLog(decode(list(bytesCodec), bytes), (_author, _root, signer) => key(signer))),
  )
  return [
    entries,
    ...signed.map(one => ({ ...one, named: false, signer: me.signer })),
    ...(await sealedOnes(owner, collection, me, epoch)),
    ...(await innerKinds(me, header.group, epoch)),
    ...groupKinds(me, header.group),
    catalogueKind(me, header.group, epoch),
  ]
}

const READ = { at: 1, who: 'https://bob.example/#me', application: '', path: 'alveole/account.alv' }

async function sealedOnes(owner: string, collection: Uint8Array, me: Me, group: GroupEpoch): Promise<Kept[]> {
  const [id, epochKey, to] = [random(8), drawEpochKey(), generationPublic(me.generation)]
  const facet = facetKey(epochKey, 'health')
  const cells = [{ record: '00'.repeat(16), stamp: 1, kind: 'Immunization', properties: { note: 'BCG' } }]
  const segment = await sealSegment(owner, collection, [{ epoch: epochName(id), facet: 'health', cells }], () => facet)
  const entry = { sealId: segment.sealId, hash: hash(segment.bytes), size: 1, key: segment.key, epochs: [id] }
  const covered = { segment: toHex(segment.sealId), cells: 1 }
  const brief = { ...cells[0]!, ...covered, facet: 'health', epoch: epochName(id), brief: { said: {}, words: 'bcg' } }
  const run = sealIndexRun(owner, collection, [covered], [brief])
  const [pageId, pageKey] = [drawSealId(), random(32)]
  const past = sealAccountPage(owner, utf8('what is over'))
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
  const unhashed = { ...opened, page: { ...opened.page, hash: null } }
  const [blob, blobKey] = [random(16), random(32)]
  const part = await sealPart(blobKey, blob, 0, utf8('what the file says'))
  const list = sealBlobPage(blobKey, blob, [{ folder: 'f', sealId: part.sealId, hash: part.hash }])
  const body = signBytes(me.signer, label.announcement, utf8('said'))
  return [
    named('segment', segment.bytes, async bytes =>
      digest(await openSection(openSegment(bytes, owner, collection, segment.key), facet)),
    ),
    named('manifest page', sealManifestPage(owner, collection, pageId, pageKey, [entry]), bytes =>
      digest(openManifestPage(bytes, owner, collection, pageKey)),
    ),
    named('account page', past.bytes, bytes => digest(openAccountPage(bytes, owner, past.reference.key))),
    named('index run', run.bytes, bytes => digest(openIndexRun(bytes, owner, collection, run.reference.key))),
    named('keyring', few.bytes, bytes => {
      const one = openKeyring(bytes, { owner, collection, grant }, me.kemSeeds)
      return digest(one && [one, openGrantPage(grant, one, one.page.sealed!)])
    }),
    named('grant page', many.pages[0]!.bytes, bytes => digest(openGrantPage(grant, unhashed, bytes))),
    named('blob part', part.bytes, async bytes =>
      digest(await openPart(blobKey, { ...part, hash: hash(bytes), blob, index: 0 }, bytes)),
    ),
    named('blob page', list.bytes, bytes => digest(openBlobPage(blobKey, blob, hash(bytes), bytes))),
    loose('access batch', sealAccessBatch({ kem: to, generation: 1 }, ACCESS_START, [READ], 0), bytes =>
      digest(openAccessBatch(me.generation.kemSeed, bytes)),
    ),
    loose('message', sealMessage(to, body), bytes => digest(openMessage(me.generation.kemSeed, bytes))),
    loose('group message', sealGroupMessage(group, body), bytes => digest(openGroupMessage([group], bytes))),
  ]
}

/** Those of a circle, large ones' too. */
function groupKinds(me: Me, group: Uint8Array): Kept[] {
  const of = smallTree(group, random(32), [generationPublic(me.generation)])
  const seed = me.generation.kemSeed
  const [enrolment, stewards] = of.objects.slice(-2).map(({ bytes }) => bytes) as [Uint8Array, Uint8Array]
  const archive = archivePage.seal(group, { before: null, entries: [random(9)], first: 1, secrets: [random(32)] })
  const row = { webId: me.webId, root: random(32), role: 'member' as const, leaf: random(16), by: me.webId, at: 1 }
  const bucket = { type: 'bucket' as const, leaves: [row] }
  const roster = rosterPage.seal(group, bucket)
  const none = { epoch: 1, kem: random(32), exposed: false, count: 1, offers: [], nested: [], succession: [random(9)] }
  const state = checkpointPage.seal(group, { ...none, roster: bucket })
  const page = <T>(
    kind: PageKind<T>,
    { bytes, reference }: { bytes: Uint8Array; reference: Reference },
    name: string,
  ) => named(name, bytes, from => digest(kind.open(group, reference.key, from)))
  return [
    named('page of the key tree', of.tree, bytes => digest(readBy(of.find, climb(group, bytes, seed)))),
    loose('enrolment', enrolment, bytes => digest(openEnrolment('group-enrolment', group, seed, bytes))),
    named('stewards’ object', stewards, bytes => digest(openEnrolment('group-stewards', group, seed, bytes))),
    page(archivePage, archive, 'archive page'),
    page(rosterPage, roster, 'roster page'),
    page(checkpointPage, state, 'state page'),
    page(cataloguePage, cataloguePage.seal(group, utf8('rows')), 'catalogue page'),
  ]
}

function catalogueKind({ webId, signer, deviceKey: key }: Me, group: Uint8Array, epoch: GroupEpoch): Kept {
  const header = { version: 1, type: 'catalogue', owner: webId, group, turn: 1 } as const
  const head = sealCatalogue(header, { pages: [], rows: utf8('rows') }, epoch, signer)
  return { ...loose('catalogue', head, bytes => digest(openCatalogue(bytes, group, epoch, key))), signer }
}
