/**
 * Every kind of object, layer by layer, written from SPEC's layouts rather than by the code under test: so that one layer can be
 * replaced and all around it sealed and signed again, by who may.
 */
import {
  concat,
  deviceKey,
  drawEpochKey,
  drawGroupEpoch,
  facetKey,
  hash,
  keyId,
  label,
  manifestKey,
  openAccountPage,
  openAccountState,
  openBlobPage,
  openForDevice,
  openGrantPage,
  openGroupHead,
  openGroupMessage,
  openIdentity,
  openIndexRun,
  openKeyring,
  openManifest,
  openManifestPage,
  openMessage,
  openOwnerPart,
  openPart,
  openQueuedWrite,
  openSection,
  openSegment,
  publicOf,
  random,
  readGroupLog,
  rootId,
  fromHex,
  signBytes,
  signerOf,
  unwrapGenerations,
  verifyAccount,
  verifyHead,
  type Signer,
} from '#crypto'
import { decodeHistory } from '../../client/core/account-state.ts'
import { encodeCbor } from '../../crypto/cbor.ts'
import { encodeCells } from '../../crypto/cells.ts'
import { commit, seal } from '../../crypto/envelope.ts'
import { sectionKey, sectionTag } from '../../crypto/facet-keys.ts'
import { sealTo } from '../../crypto/kem.ts'
import { groupKey } from '../../crypto/group-epoch.ts'
import { none, padme, section, steps } from '../../crypto/padding.ts'
import { aeadSeal, frame } from '../../crypto/primitives.ts'
import { person } from './support.ts'

/** Sees each layer as it is written, from the innermost out, and gives what stands there. */
export type Tap = (layer: string, bytes: Uint8Array) => Uint8Array
export interface Layered {
  name: string
  /** The names of its layers. */
  layers: readonly string[]
  build(tap: Tap): Uint8Array
  /** May be a promise. */
  open(bytes: Uint8Array): unknown
}

const alice = person('alice')
const me = signerOf(alice.device)
const keyOf = (signer: Uint8Array) => deviceKey(alice.identity, signer)
const owner = alice.webId
const [sealId, collection, id, key, digest] = [random(16), random(16), random(16), random(32), random(32)]
const [epoch, epochKey] = [random(8), drawEpochKey()]
const facet = facetKey(epochKey, 'health')
const [group, groupEpoch] = [random(32), drawGroupEpoch(3)]

/** `signed(x)` (S1), of which the whole is a layer too. */
const signed = (tap: Tap, signer: Signer, use: Parameters<typeof signBytes>[1], bytes: Uint8Array): Uint8Array =>
  tap('whole', signBytes(signer, use, bytes))

const segment: Layered = {
  name: 'segment',
  layers: ['header', 'cells', 'list of rows', 'whole'],
  build(tap) {
    const header = tap('header', encodeCbor([1, 'segment', owner, sealId, collection]))
    const cells = tap('cells', encodeCbor([id, [5], '[["Photo",{}]]']))
    const body = seal(sectionKey(facet, key, sealId), label.sectionBody, header, cells, section)
    const table = tap('list of rows', encodeCbor([[sectionTag(facet, key, sealId), epoch, 0, body.length]]))
    return tap('whole', encodeCbor([header, seal(key, label.table, header, table, steps(256)), body]))
  },
  open: bytes => openSection(openSegment(bytes, owner, collection, key), facet),
}

const head: Layered = {
  name: 'head',
  layers: ['header', 'owner part', 'manifest', 'parts', 'whole'],
  build(tap) {
    const vector = [[id, 2, digest]]
    const header = tap(
      'header',
      encodeCbor([1, 'head', owner, sealId, collection, epoch, 1, vector, digest, [id, digest]]),
    )
    const index = [[[[id, digest, 9, key], [id]]], [id]]
    const plain = encodeCbor([
      [[epoch, epochKey, 7, [epoch]]],
      [[id, digest, digest, digest]],
      [[id, epoch]],
      vector,
      index,
    ])
    const ownerPart = seal(alice.generation.key, label.headOwner, header, tap('owner part', plain), steps(1024))
    const listed = [key, [[id, digest, 9, key, [epoch]]], [[id, digest, 9, key]], [id]]
    const rest = header.length + ownerPart.length + 48
    const padding = (length: number): number => Math.ceil((length + rest) / 8192) * 8192 - rest
    const manifest = seal(
      manifestKey(epochKey),
      label.headManifest,
      concat(header, ownerPart),
      tap('manifest', encodeCbor(listed)),
      padding,
    )
    return signed(tap, me, label.head, tap('parts', encodeCbor([header, ownerPart, manifest, new Uint8Array()])))
  },
  open(bytes) {
    const read = verifyHead(bytes, owner, collection, keyOf)
    return [openOwnerPart(read, alice.generation.key), openManifest(read, manifestKey(epochKey))]
  },
}

const indexRun: Layered = {
  name: 'index run',
  layers: ['header', 'columns', 'whole'],
  build(tap) {
    const header = tap('header', encodeCbor([1, 'index-run', owner, sealId, collection]))
    const groups = [[0, epoch, 'health/medications/what', 'Medication']]
    const columns = [[[id, 1]], groups, id, new Uint8Array(8), new Uint8Array(4), '{}\n', 'mot\n']
    const plain = tap('columns', encodeCbor(columns))
    return tap('whole', encodeCbor([header, seal(key, label.indexRun, header, plain, padme)]))
  },
  open: bytes => JSON.stringify(openIndexRun(bytes, owner, collection, key)), // to the last line
}

const accountPage: Layered = {
  name: 'account page',
  layers: ['header', 'content', 'whole'],
  build(tap) {
    const header = tap('header', encodeCbor([1, 'account-page', owner, sealId]))
    const content = tap('content', encodeCbor([[], [[7, 'revoked', 'urn:uuid:x', owner]], []]))
    return tap('whole', encodeCbor([header, seal(key, label.accountPage, header, content, padme)]))
  },
  open: bytes => decodeHistory(openAccountPage(bytes, owner, key)),
}

const manifestPage: Layered = {
  name: 'manifest page',
  layers: ['header', 'list of entries', 'whole'],
  build(tap) {
    const header = tap('header', encodeCbor([1, 'manifest-page', owner, sealId, collection]))
    const entries = tap('list of entries', encodeCbor([[id, digest, 9, key, [epoch]]]))
    return tap('whole', encodeCbor([header, seal(key, label.manifestPage, header, entries, steps(4096))]))
  },
  open: bytes => openManifestPage(bytes, owner, collection, key),
}

const keyring: Layered = {
  name: 'keyring',
  layers: ['header', 'page', 'payload', 'whole'],
  build(tap) {
    const header = tap('header', encodeCbor([1, 'keyring', owner, sealId, collection, epoch]))
    const page = tap('page', encodeCbor([digest, [[epoch, 'health', facet]]]))
    const sealedPage = seal(key, label.grantPage, concat(id, sealId), page, padme)
    const plain = encodeCbor([
      manifestKey(epochKey),
      hash(digest),
      [[epoch, 'health', facet]],
      [sealId, key, hash(sealedPage)],
    ])
    const to = publicOf(alice.device).kem
    const payload = sealTo(to, label.keyringEnvelope, concat(header, id), tap('payload', plain), steps(512))
    return tap('whole', encodeCbor([header, [[id, payload]], [[sealId, sealedPage]]]))
  },
  open(bytes) {
    const opened = openKeyring(bytes, { owner, collection, grant: id }, [alice.device.kem])
    return opened && openGrantPage(id, opened, opened.page.sealed ?? new Uint8Array())
  },
}

const blobPart: Layered = {
  name: 'blob part',
  layers: ['header'],
  build(tap) {
    const header = tap('header', encodeCbor([1, 'blob-part', id, sealId, 0, 0, 0]))
    const { aeadKey, commitment } = commit(key, label.blobPart, header)
    const nonce = Uint8Array.from({ length: 24 }, (_, i) => Number(i === 8)) // the first chunk, and the last
    const chunk = aeadSeal(aeadKey, nonce, frame(label.blobPart, header), new Uint8Array())
    return concat(Uint8Array.of(0, header.length), header, commitment, chunk)
  },
  open: bytes => openPart(key, { blob: id, sealId, index: 0, hash: hash(bytes) }, bytes),
}

const blobPage: Layered = {
  name: 'blob page',
  layers: ['header', 'list of parts', 'whole'],
  build(tap) {
    const header = tap('header', encodeCbor([1, 'blob-page', id, sealId]))
    const parts = tap('list of parts', encodeCbor([['2026/', sealId, digest]]))
    return tap('whole', encodeCbor([header, seal(key, label.blobPage, header, parts, padme)]))
  },
  open: bytes => openBlobPage(key, id, hash(bytes), bytes),
}

const account: Layered = {
  name: 'account',
  layers: ['keys', 'older keys', 'header', 'parts', 'whole'],
  build(tap) {
    const { key: newest, kemSeed } = alice.generation
    const wrapped = encodeCbor([owner, 2])
    const keys = tap('keys', encodeCbor([newest, kemSeed]))
    const wrap = sealTo(publicOf(alice.device).kem, label.accountWrap, wrapped, keys, none)
    const older = tap('older keys', encodeCbor([key, digest]))
    const previous = seal(newest, label.accountPrevious, encodeCbor([owner, 1]), older, none)
    const slot = [id, 3, 2 ** 26, owner, digest]
    const header = tap(
      'header',
      encodeCbor([
        1,
        'account',
        owner,
        sealId,
        2,
        [[id, 2, digest]],
        digest,
        [[keyId(publicOf(alice.device)), wrap]],
        [previous],
        [slot],
      ]),
    )
    const state = seal(newest, label.accountState, header, digest, steps(8192))
    return signed(tap, me, label.account, tap('parts', encodeCbor([header, state])))
  },
  open(bytes) {
    const read = verifyAccount(bytes, owner, keyOf)
    return openAccountState(read, unwrapGenerations(read.header, alice.device).at(-1)!)
  },
}

const identity: Layered = {
  name: 'identity log',
  layers: ['body', 'entry', 'whole', 'list of entries'],
  build(tap) {
    const { sign, kem } = publicOf(alice.root)
    const body = tap('body', encodeCbor(['root', [sign, kem]]))
    const entry = tap('entry', encodeCbor([1, 0, new Uint8Array(32), 5, owner, body]))
    return tap('list of entries', encodeCbor([signed(tap, signerOf(alice.root), label.identityEntry, entry)]))
  },
  open: openIdentity,
}

const groupLog: Layered = {
  name: 'group log entry',
  layers: ['body', 'entry', 'whole'],
  build(tap) {
    const body = tap('body', encodeCbor(['found', ['family', digest, fromHex(rootId(alice.identity))]]))
    const entry = tap('entry', encodeCbor([1, 0, new Uint8Array(32), 5, owner, body]))
    return signed(tap, me, label.groupEntry, entry)
  },
  open: bytes => readGroupLog([bytes], (_author, _root, signer) => keyOf(signer)),
}

const groupHead: Layered = {
  name: 'group head',
  layers: ['header', 'log', 'parts', 'whole'],
  build(tap) {
    const fields = [1, 'group', owner, sealId, group, 3, digest, [id, digest], [digest]]
    const header = tap('header', encodeCbor(fields))
    const log = tap('log', encodeCbor([digest, [id, digest, 9, key], [digest]]))
    const sealed = seal(groupKey(groupEpoch), label.groupLog, header, log, steps(512))
    return signed(tap, me, label.groupHead, tap('parts', encodeCbor([header, sealed])))
  },
  open: bytes => openGroupHead(bytes, group, groupEpoch, keyOf),
}

const message: Layered = {
  name: 'message',
  layers: ['header', 'whole'],
  build(tap) {
    const header = tap('header', encodeCbor([1, 'message', sealId]))
    return tap(
      'whole',
      encodeCbor([header, sealTo(publicOf(alice.device).kem, label.message, header, digest, steps(512))]),
    )
  },
  open: bytes => openMessage(alice.device.kem, bytes),
}

const groupMessage: Layered = {
  name: 'group message',
  layers: ['header', 'whole'],
  build(tap) {
    const header = tap('header', encodeCbor([1, 'group-message', sealId, 3]))
    const sealed = seal(groupKey(groupEpoch), label.groupMessage, header, digest, steps(512))
    return tap('whole', encodeCbor([header, sealed]))
  },
  open: bytes => openGroupMessage([groupEpoch], bytes),
}

const deviceSlot: Layered = {
  name: 'device slot',
  layers: ['header', 'whole'],
  build(tap) {
    const { sign, kem } = alice.device
    const header = tap('header', encodeCbor([1, 'device-slot', sealId]))
    return tap('whole', encodeCbor([header, seal(hash(concat(sign, kem)), label.deviceSlot, header, digest, padme)]))
  },
  open: bytes => openForDevice(alice.device, bytes),
}

const queuedWrite: Layered = {
  name: 'queued write',
  layers: ['cells', 'content', 'header', 'whole'],
  build(tap) {
    const { sign, kem } = alice.device
    const cells = tap('cells', encodeCells([{ record: '00'.repeat(16), stamp: 1, kind: 'A', properties: { x: 1 } }]))
    const content = tap('content', encodeCbor([1, [sealId], [['health', true, cells]]]))
    const header = tap('header', encodeCbor([1, 'queued-write', sealId, collection]))
    return tap('whole', encodeCbor([header, seal(hash(concat(sign, kem)), label.queuedWrite, header, content, padme)]))
  },
  open: bytes => openQueuedWrite(alice.device, bytes),
}

export const layered: readonly Layered[] = [
  segment,
  head,
  indexRun,
  manifestPage,
  keyring,
  blobPart,
  blobPage,
  account,
  accountPage,
  identity,
  groupLog,
  groupHead,
  message,
  groupMessage,
  deviceSlot,
  queuedWrite,
]
