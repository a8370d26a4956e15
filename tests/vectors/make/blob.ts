/** Vectors of blob parts and pages. */
import { concat, hash, random, sealBlobPage, sealPart, utf8 } from '#crypto'
import type { Item } from '../../../crypto/cbor.ts'
import { commit, seal } from '../../../crypto/envelope.ts'
import { label } from '../../../crypto/labels.ts'
import { padme } from '../../../crypto/padding.ts'
import { aeadSeal, frame } from '../../../crypto/primitives.ts'
import { cbor } from './forge.ts'
import { drawsFor } from './random.ts'
import { cut, flip, write } from './write.ts'

drawsFor('blob-part')
const [blob, key] = [random(16), random(32)]
const part = async (plaintext: Uint8Array, index: number) => {
  const sealed = await sealPart(key, blob, index, plaintext)
  return { key, blob, index, sealId: sealed.sealId, hash: sealed.hash, part: sealed.bytes }
}
const first = await part(utf8('the beginning of a photo'), 0)
/** Its hash matches, so that the rest is what is refused. */
const rehashed = (bytes: Uint8Array) => ({ part: bytes, hash: hash(bytes) })
const lastByte = first.part.slice()
lastByte[lastByte.length - 1]! ^= 1

const sealId = random(16)
const text = utf8('a part by hand')
interface Parts {
  header: Item[]
  nonce: number[]
  plaintext: Uint8Array
  commitment: Uint8Array | null
  chunks: number
}
const fields = (size: number, padded: number): Item[] => [1, 'blob-part', blob, sealId, 0, size, padded]
/** One chunk, sealed field by field; `nonce` is its first nine bytes. */
function byHand(with_: Partial<Parts> = {}) {
  const defaults = {
    header: fields(14, 14),
    nonce: [0, 0, 0, 0, 0, 0, 0, 0, 1],
    plaintext: text,
    commitment: null,
    chunks: 1,
  }
  const of: Parts = { ...defaults, ...with_ }
  const header = cbor(of.header)
  const { aeadKey, commitment } = commit(key, label.blobPart, header)
  const nonce = Uint8Array.from({ length: 24 }, (_, i) => of.nonce[i] ?? 0)
  const chunk = aeadSeal(aeadKey, nonce, frame(label.blobPart, header), of.plaintext)
  const chunks = Array.from({ length: of.chunks }, () => chunk)
  return {
    sealId,
    ...rehashed(
      concat(Uint8Array.of(header.length >> 8, header.length & 255), header, of.commitment ?? commitment, ...chunks),
    ),
  }
}
const from = 'by hand'
const at = (index: number, to: Item) => ({ header: fields(14, 14).with(index, to) })
await write(
  'blob-part',
  [
    { name: 'first', input: first },
    { name: 'empty', input: await part(new Uint8Array(), 3) },
    { name: 'by hand', input: { ...first, ...byHand() } },
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
    { name: 'another commitment, hash and all', rule: 'B3', from, set: byHand({ commitment: random(32) }) },
    {
      name: 'a last chunk that is not said to be',
      rule: 'B2',
      from,
      set: byHand({ nonce: [0, 0, 0, 0, 0, 0, 0, 0, 0] }),
    },
    { name: 'a chunk that was the second', rule: 'B2', from, set: byHand({ nonce: [0, 0, 0, 0, 0, 0, 0, 1, 1] }) },
    { name: 'a counter of the other end', rule: 'B2', from, set: byHand({ nonce: [1, 0, 0, 0, 0, 0, 0, 0, 1] }) },
    { name: 'a chunk more', rule: 'B4', from, set: byHand({ chunks: 2 }) },
    { name: 'no chunk', rule: 'B4', from, set: byHand({ chunks: 0 }) },
    { name: 'more than is there', rule: 'B4', from, set: byHand({ header: fields(15, 15) }) },
    { name: 'less than is padded', rule: 'B4', from, set: byHand({ header: fields(2, 14) }) },
    {
      name: 'no padding where it is due',
      rule: 'B4',
      from,
      set: byHand({ header: fields(17, 17), plaintext: new Uint8Array(17) }),
    },
    {
      name: 'padding that is not zero',
      rule: 'B4',
      from,
      set: byHand({ header: fields(17, 18), plaintext: new Uint8Array(18).fill(1) }),
    },
    { name: 'more than 4 MiB', rule: 'B4', from, set: byHand({ header: fields(2 ** 22 + 1, 2 ** 22) }) },
    { name: 'a part of no type', rule: 'O3', from, set: byHand(at(1, 'segment')) },
    { name: 'another version', rule: 'O3', from, set: byHand(at(0, 2)) },
  ],
)

drawsFor('blob-page')
const listed = Array.from({ length: 2 }, () => ({
  folder: 'AAAAAAAAAAAAAAAAAAAAAA',
  sealId: random(16),
  hash: random(32),
}))
const page = sealBlobPage(key, blob, listed)
const pageInput = { page: page.bytes, hash: page.hash, blob, key }
function pageOf(of: { header?: Item; parts?: Item; padding?: (n: number) => number }) {
  const header = cbor(of.header ?? [1, 'blob-page', blob, sealId])
  const sealed = seal(key, label.blobPage, header, cbor(of.parts ?? []), of.padding ?? padme)
  const bytes = cbor([header, sealed])
  return { page: bytes, hash: hash(bytes) }
}
await write(
  'blob-page',
  [
    { name: 'two parts', input: pageInput },
    { name: 'none', input: { ...pageInput, ...pageOf({}) } },
  ],
  [
    { name: 'another hash', rule: 'B5', splice: flip('hash', 0) },
    { name: 'another byte', rule: 'B5', splice: flip('page', -1) },
    { name: 'cut', rule: 'B5', splice: cut('page', -1) },
    { name: 'another blob', rule: 'B1', splice: flip('blob', 0) },
    { name: 'another key', rule: 'E2', splice: flip('key', 0) },
    { name: 'another type, hash and all', rule: 'O3', set: pageOf({ header: [1, 'blob-part', blob, sealId] }) },
    {
      name: 'a folder as bytes, hash and all',
      rule: 'O2',
      set: pageOf({ parts: [[random(16), random(16), random(32)]] }),
    },
    { name: 'padded to more, hash and all', rule: 'E4', set: pageOf({ padding: () => 512 }) },
  ],
)
