/** Vectors of a collection: segment, head, keyring, blob part. */
import {
  drawEpochKey,
  epochName,
  facetKey,
  generationPublic,
  hash,
  manifestKey,
  random,
  sealHead,
  sealKeyring,
  sealPart,
  sealSegment,
  type Seeds,
  signerOf,
  toHex,
  utf8,
} from '#crypto'
import { encodeCbor } from '../../../crypto/cbor.ts'
import { bytes, encode, list, struct } from '../../../crypto/codec.ts'
import { id16 } from '../../../crypto/object.ts'
import type { Input } from '../vector.ts'
import { alice, ann, ben, bob, collection, devices, time } from './people.ts'
import { cut, flip, more, write } from './write.ts'

const [epochId, epochKey] = [random(8), drawEpochKey()]
const epoch = epochName(epochId)
const record = toHex(random(16))
const segment = sealSegment(
  alice,
  collection,
  [
    {
      epoch,
      facet: 'health/medications',
      cells: [
        { record, stamp: time, kind: 'medication', properties: { name: 'paracétamol' } },
        { record: toHex(random(16)), stamp: time + 1, kind: 'medication', properties: null },
      ],
    },
    { epoch, facet: 'photos', cells: [] },
  ],
  (_, path) => facetKey(epochKey, path),
)
const segmentInput = {
  segment: segment.bytes,
  owner: alice,
  collection,
  key: segment.key,
  facetKey: facetKey(epochKey, 'health/medications'),
}
await write(
  'segment',
  [
    { name: 'two cells', input: segmentInput },
    { name: 'no cells', input: { ...segmentInput, facetKey: facetKey(epochKey, 'photos') } },
    { name: 'not there', input: { ...segmentInput, facetKey: facetKey(epochKey, 'family') } },
  ],
  [
    { name: 'another owner', rule: 'O3', set: { owner: bob } },
    { name: 'another collection', rule: 'O3', splice: flip('collection', 0) },
    { name: 'another segment key', rule: 'E2', splice: flip('key', 0) },
    { name: 'another version', rule: 'O3', splice: { field: 'segment', at: 4, remove: 1, insert: '02' } },
    { name: 'cut', rule: 'O2', splice: cut('segment', -1) },
    { name: 'a byte more', rule: 'O2', splice: more('segment') },
    { name: 'no segment', rule: 'O2', set: { segment: '' } },
  ],
)

const headOf = (signer: Seeds) =>
  sealHead(
    {
      header: {
        version: 1,
        type: 'head',
        owner: alice,
        collection,
        epoch: epochId,
        generation: 1,
        vector: [{ device: random(16), commits: 3, last: random(32) }],
        identityHead: ann.identity.entries.at(-1)!,
        keyring: null,
      },
      owner: { epochs: [{ id: epochId, key: epochKey, opened: time }], holders: [], withheld: [], accountVector: [] },
      manifest: {
        tail: random(32),
        segments: [
          {
            sealId: segment.sealId,
            hash: hash(segment.bytes),
            size: segment.bytes.length,
            key: segment.key,
            epochs: [epochId],
          },
        ],
        pages: [],
        condemned: [],
      },
      tail: new Uint8Array(),
    },
    ann.generation.key,
    signerOf(signer),
  )
const headInput = {
  head: headOf(ann.device),
  owner: alice,
  collection,
  devices,
  generationKey: ann.generation.key,
  manifestKey: manifestKey(epochKey),
}
await write(
  'head',
  [{ name: 'one segment', input: headInput }],
  [
    { name: 'another owner', rule: 'H2', set: { owner: bob } },
    { name: 'another collection', rule: 'H2', splice: flip('collection', 0) },
    { name: 'no device of the owner', rule: 'I5', set: { devices: {} } },
    { name: 'signed by the root', rule: 'I5', set: { head: toHex(headOf(ann.root)) } },
    { name: 'another signature', rule: 'S2', splice: flip('head', -1) },
    { name: 'another byte', rule: 'S2', splice: flip('head', 4000) },
    { name: 'another manifest key', rule: 'K3', splice: flip('manifestKey', 0) },
    { name: 'another generation key', rule: 'E2', splice: flip('generationKey', 0) },
    { name: 'cut', rule: 'O2', splice: cut('head', -1) },
  ],
)

const grant = {
  grant: random(16),
  to: generationPublic(ben.generation),
  manifest: manifestKey(epochKey),
  agreement: utf8('agreement'),
  keys: [{ epoch: epochId, facet: 'health', key: facetKey(epochKey, 'health') }],
}
const other = { ...grant, grant: random(16), to: generationPublic(ann.generation) }
const ring = sealKeyring(alice, collection, epochId, [grant, other])
const keyringInput = {
  keyring: ring.bytes,
  owner: alice,
  collection,
  grant: grant.grant,
  seeds: [ben.generation.kemSeed],
}
const named = struct({ id: id16, sealed: bytes })
const emptyRing = (ids: Uint8Array[]) =>
  encode(struct({ header: bytes, envelopes: list(named), pages: list(named) }), {
    header: new Uint8Array(),
    envelopes: ids.map(id => ({ id, sealed: new Uint8Array() })),
    pages: [],
  })
await write(
  'keyring',
  [
    { name: 'a grant', input: keyringInput },
    { name: 'by one of several keys', input: { ...keyringInput, seeds: [random(32), ben.generation.kemSeed] } },
    { name: 'not there', input: { ...keyringInput, grant: random(16) } },
  ],
  [
    { name: 'another owner', rule: 'O3', set: { owner: bob } },
    { name: 'another collection', rule: 'O3', splice: flip('collection', 0) },
    { name: 'another recipient', rule: 'W2', set: { seeds: [toHex(ann.generation.kemSeed)] } },
    { name: 'no key', rule: 'R3', set: { seeds: [] } },
    { name: 'the grant of another recipient', rule: 'R3', set: { grant: toHex(other.grant) } },
    {
      name: 'a grant twice',
      rule: 'R2',
      set: {
        keyring: toHex(
          encodeCbor([
            new Uint8Array(),
            [
              [grant.grant, new Uint8Array()],
              [grant.grant, new Uint8Array()],
            ],
            [],
          ]),
        ),
      },
    },
    {
      name: 'grants out of order',
      rule: 'R2',
      set: {
        keyring: toHex(
          encodeCbor([
            new Uint8Array(),
            [
              [new Uint8Array(16).fill(2), new Uint8Array()],
              [new Uint8Array(16).fill(1), new Uint8Array()],
            ],
            [],
          ]),
        ),
      },
    },
    { name: 'another header', rule: 'O3', set: { keyring: toHex(emptyRing([])) } },
    { name: 'cut', rule: 'O2', splice: cut('keyring', -1) },
  ],
)

const [blob, blobKey] = [random(16), random(32)]
const part = (plaintext: Uint8Array, index: number) => {
  const sealed = sealPart(blobKey, blob, index, plaintext)
  return { key: blobKey, blob, index, sealId: sealed.sealId, hash: sealed.hash, part: sealed.bytes }
}
const first = part(utf8('the beginning of a photo'), 0)
const rehashed = (bytes: Uint8Array): Input => ({ part: toHex(bytes), hash: toHex(hash(bytes)) })
const lastByte = first.part.slice()
lastByte[lastByte.length - 1]! ^= 1
await write(
  'blob-part',
  [
    { name: 'first', input: first },
    { name: 'empty', input: part(new Uint8Array(), 3) },
  ],
  [
    { name: 'another hash', rule: 'B5', splice: flip('hash', 0) },
    { name: 'another byte', rule: 'B5', splice: flip('part', -1) },
    { name: 'another byte, hash and all', rule: 'B3', set: rehashed(lastByte) },
    { name: 'cut, hash and all', rule: 'B4', set: rehashed(first.part.subarray(0, -1)) },
    { name: 'nothing, hash and all', rule: 'B4', set: rehashed(new Uint8Array()) },
    { name: 'another index', rule: 'B1', set: { index: 1 } },
    { name: 'another blob', rule: 'B1', splice: flip('blob', 0) },
    { name: 'another seal id', rule: 'B1', splice: flip('sealId', 0) },
    { name: 'another key', rule: 'B3', splice: flip('key', 0) },
  ],
)
