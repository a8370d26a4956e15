/** Vectors of keyrings. */
import { concat, drawEpochKey, facetKey, generationPublic, hash, manifestKey, random, sealKeyring, utf8 } from '#crypto'
import type { Item } from '../../../crypto/cbor.ts'
import { seal } from '../../../crypto/envelope.ts'
import { sealTo } from '../../../crypto/kem.ts'
import { label } from '../../../crypto/labels.ts'
import { padme, steps } from '../../../crypto/padding.ts'
import { cbor, changed, reversed, twice } from './forge.ts'
import { alice, ann, ben, bob, collection } from './people.ts'
import { drawsFor } from './random.ts'
import { cut, flip, write } from './write.ts'

drawsFor('keyring')
const [epochId, epochKey] = [random(8), drawEpochKey()]
const grant = {
  grant: random(16),
  to: generationPublic(ben.generation),
  manifest: manifestKey(epochKey),
  agreement: utf8('agreement'),
  keys: [{ epoch: epochId, facet: 'health', key: facetKey(epochKey, 'health') }],
}
const other = { ...grant, grant: random(16), to: generationPublic(ann.generation) }
const ring = sealKeyring(alice, collection, epochId, [grant, other])
const input = { keyring: ring.bytes, owner: alice, collection, grant: grant.grant, seeds: [ben.generation.kemSeed] }
const old = Array.from({ length: 200 }, () => ({
  epoch: random(8),
  facet: 'health',
  key: facetKey(drawEpochKey(), 'health'),
}))
const long = sealKeyring(alice, collection, epochId, [{ ...grant, keys: [...grant.keys, ...old] }])
const apart = { ...input, keyring: long.bytes, page: long.pages[0]!.bytes }

const header = cbor([1, 'keyring', alice, random(16), collection, epochId])
const pageId = random(16)
const pageKey = random(32)
const keys: Item = grant.keys.map(({ epoch, facet, key }) => [epoch, facet, key])
interface Parts {
  agreement: Uint8Array
  newest: Item
  page: Item
  padding: number
  pageAt: Uint8Array
  hash: Uint8Array | null
  boundTo: Uint8Array
}
/** One grant, field by field. */
function byHand(with_: Partial<Parts> = {}): object {
  const defaults = { agreement: utf8('agreement'), newest: keys, page: [utf8('agreement'), keys], padding: 512 }
  const of: Parts = { ...defaults, pageAt: pageId, hash: null, boundTo: grant.grant, ...with_ }
  const page = seal(pageKey, label.grantPage, concat(grant.grant, of.pageAt), cbor(of.page), padme)
  const payload = cbor([grant.manifest, hash(of.agreement), of.newest, [pageId, pageKey, of.hash]])
  const sealed = sealTo(grant.to, label.keyringEnvelope, concat(header, of.boundTo), payload, steps(of.padding))
  return { ...input, keyring: cbor([header, [[grant.grant, sealed]], [[of.pageAt, page]]]) }
}
const two: Item = [
  [new Uint8Array(16).fill(1), new Uint8Array()],
  [new Uint8Array(16).fill(2), new Uint8Array()],
]
const from = 'by hand'
await write(
  'keyring',
  [
    { name: 'a grant', input },
    { name: 'by one of several keys', input: { ...input, seeds: [random(32), ben.generation.kemSeed] } },
    { name: 'not there', rule: 'R3', input: { ...input, grant: random(16) } },
    { name: 'a page of its own', input: apart },
    { name: 'by hand', input: byHand() },
  ],
  [
    { name: 'another owner', rule: 'O3', set: { owner: bob } },
    { name: 'another collection', rule: 'O3', splice: flip('collection', 0) },
    { name: 'another type', rule: 'O3', set: { keyring: changed(ring.bytes, [0, 1], 'segment') } },
    { name: 'an empty header', rule: 'O3', set: { keyring: cbor([new Uint8Array(), [], []]) } },
    { name: 'another recipient', rule: 'W2', set: { seeds: [ann.generation.kemSeed] } },
    { name: 'no key', rule: 'R3', set: { seeds: [] } },
    { name: 'the grant of another recipient', rule: 'R3', set: { grant: other.grant } },
    { name: 'an envelope under another grant’s id', rule: 'R3', from, set: byHand({ boundTo: other.grant }) },
    { name: 'a grant twice', rule: 'R2', set: { keyring: changed(ring.bytes, [1], twice) } },
    { name: 'grants out of order', rule: 'R2', set: { keyring: changed(ring.bytes, [1], reversed) } },
    { name: 'pages out of order', rule: 'R2', set: { keyring: changed(ring.bytes, [2], reversed) } },
    {
      name: 'a page twice',
      rule: 'R2',
      set: { keyring: changed(ring.bytes, [2], [...(two as Item[]), (two as Item[])[1]!]) },
    },
    { name: 'a payload of 1,024 bytes', rule: 'R4', from, set: byHand({ padding: 1024 }) },
    { name: 'a payload of 256', rule: 'R4', from, set: byHand({ padding: 256, newest: [] }) },
    { name: 'a page left out', rule: 'R5', set: { keyring: changed(ring.bytes, [2], []) } },
    { name: 'the page under another id', rule: 'R5', from, set: byHand({ pageAt: random(16) }) },
    { name: 'another agreement on the page', rule: 'R5', from, set: byHand({ page: [utf8('another'), keys] }) },
    { name: 'another page', rule: 'R5', from: 'a page of its own', splice: flip('page', -1) },
    { name: 'another page, though it opens', rule: 'R5', from, set: byHand({ hash: random(32) }) },
    { name: 'a page without its keys', rule: 'O2', from, set: byHand({ page: [utf8('agreement')] }) },
    {
      name: 'a facet that is no text',
      rule: 'O2',
      from,
      set: byHand({ newest: [[epochId, utf8('health'), random(32)]] }),
    },
    { name: 'cut', rule: 'O2', splice: cut('keyring', -1) },
  ],
)
