/** Vectors of heads and manifest pages. */
import {
  concat,
  drawEpochKey,
  epochName,
  hash,
  manifestKey,
  random,
  sealHead,
  sealIndexRun,
  sealManifestPage,
  signBytes,
  type Seeds,
  signerOf,
  toHex,
} from '#crypto'
import type { Item } from '../../../crypto/cbor.ts'
import { seal } from '../../../crypto/envelope.ts'
import { label } from '../../../crypto/labels.ts'
import { padme, steps, type Padding } from '../../../crypto/padding.ts'
import { cbor, changed, resigned, withMore, without } from './forge.ts'
import { alice, ann, bob, collection, devices, time } from './people.ts'
import { drawsFor } from './random.ts'
import { cut, flip, more, write } from './write.ts'

drawsFor('head')
const [epochId, epochKey] = [random(8), drawEpochKey()]
const entry = { sealId: random(16), hash: random(32), size: 262144, key: random(32), epochs: [epochId] }
const vector = [{ device: random(16), commits: 3, last: random(32) }]
const identityHead = ann.identity.entries.at(-1)!
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
        vector,
        identityHead,
        keyring: null,
      },
      owner: { epochs: [{ id: epochId, key: epochKey, opened: time, of: [] }], holders: [], withheld: [], accountVector: [], index: { runs: [], loose: [] } },
      manifest: { tail: random(32), segments: [entry], pages: [], condemned: [] },
      tail: new Uint8Array(),
    },
    ann.generation.key,
    signerOf(signer),
  )
const M = manifestKey(epochKey)
const input = {
  head: headOf(ann.device),
  owner: alice,
  collection,
  devices,
  generationKey: ann.generation.key,
  manifestKey: M,
}

interface Parts {
  header: Item[]
  owner: Item
  manifest: Item
  tail: Uint8Array
  /** What the owner part and the manifest part are bound to. */
  boundTo: (header: Uint8Array, owner: Uint8Array) => [Uint8Array, Uint8Array]
  padding: (rest: number) => Padding
}
const row = [random(16), 3, random(32)]
const parts: Parts = {
  header: [1, 'head', alice, random(16), collection, epochId, 1, [row], identityHead, [random(16), random(32)]],
  owner: [
    [[epochId, epochKey, time, [random(8)]]],
    [[random(16), random(32), random(32), random(32)]],
    [[random(16), epochId]],
    [row],
    [[[[random(16), random(32), 900, random(32)], [random(16)]]], [random(16)]],
  ],
  manifest: [
    random(32),
    [[random(16), random(32), 300, random(32), [epochId]]],
    [[random(16), random(32), 4200, random(32)]],
    [random(16)],
  ],
  tail: random(99),
  boundTo: (header, owner) => [header, concat(header, owner)],
  padding: rest => length => Math.ceil((length + rest) / 8192) * 8192 - rest,
}
/** Field by field, signed by a device that may. */
function byHand(with_: Partial<Parts> = {}): { head: Uint8Array } {
  const { header, owner, manifest, tail, boundTo, padding } = { ...parts, ...with_ }
  const head = cbor(header)
  const sealedOwner = seal(ann.generation.key, label.headOwner, boundTo(head, head)[0], cbor(owner), steps(1024))
  const rest = head.length + sealedOwner.length + tail.length + 48
  const bound = boundTo(head, sealedOwner)[1]
  const sealedManifest = seal(M, label.headManifest, bound, cbor(manifest), padding(rest))
  return { head: signBytes(signerOf(ann.device), label.head, cbor([head, sealedOwner, sealedManifest, tail])) }
}
const at = (index: number, to: Item): Item[] => parts.header.with(index, to)
const second = byHand({ header: at(3, random(16)) }).head
const partOf = (head: Uint8Array, index: number): Item => {
  let found: Item = null
  changed(head, [0, index], old => (found = old))
  return found
}
const from = 'by hand'
await write(
  'head',
  [
    { name: 'one segment', input },
    { name: 'by hand', input: { ...input, ...byHand() } },
  ],
  [
    { name: 'another owner', rule: 'H2', set: { owner: bob } },
    { name: 'another collection', rule: 'H2', splice: flip('collection', 0) },
    { name: 'another type', rule: 'O3', from, set: byHand({ header: at(1, 'account') }) },
    { name: 'another version', rule: 'O3', from, set: byHand({ header: at(0, 2) }) },
    { name: 'no device of the owner', rule: 'I5', set: { devices: {} } },
    { name: 'signed by the root', rule: 'I5', set: { head: headOf(ann.root) } },
    {
      name: 'named by all 32 bytes',
      rule: 'S1',
      set: { head: changed(input.head, [1], old => concat(old as Uint8Array, old as Uint8Array)) },
    },
    {
      name: 'a signature of 63 bytes',
      rule: 'S1',
      set: { head: changed(input.head, [2], old => (old as Uint8Array).subarray(1)) },
    },
    {
      name: 'two signatures',
      rule: 'S1',
      set: { head: changed(input.head, [], old => [...(old as Item[]), (old as Item[])[2]!]) },
    },
    { name: 'another signature', rule: 'S2', splice: flip('head', -1) },
    { name: 'another byte', rule: 'S2', splice: flip('head', 4000) },
    {
      name: 'signed as something else',
      rule: 'S3',
      set: { head: signBytes(signerOf(ann.device), label.account, partsOf(input.head)) },
    },
    { name: 'another manifest key', rule: 'K3', splice: flip('manifestKey', 0) },
    { name: 'the epoch’s key itself', rule: 'K3', set: { manifestKey: epochKey } },
    { name: 'another generation key', rule: 'H3', splice: flip('generationKey', 0) },
    {
      name: 'the owner part of another head',
      rule: 'H1',
      from,
      set: { head: resigned(byHand().head, label.head, ann.device, [1], partOf(second, 1)) },
    },
    {
      name: 'the manifest part of another head',
      rule: 'H1',
      from,
      set: { head: resigned(byHand().head, label.head, ann.device, [2], partOf(second, 2)) },
    },
    {
      name: 'a manifest bound to the header alone',
      rule: 'H1',
      from,
      set: byHand({ boundTo: header => [header, header] }),
    },
    {
      name: 'a vector out of order',
      rule: 'H4',
      from,
      set: byHand({
        header: at(7, [
          [new Uint8Array(16).fill(9), 1, random(32)],
          [new Uint8Array(16), 1, random(32)],
        ]),
      }),
    },
    { name: 'a device twice in the vector', rule: 'H4', from, set: byHand({ header: at(7, [row, row]) }) },
    {
      name: 'an account vector that counts none',
      rule: 'H4',
      from,
      set: byHand({ owner: [[], [], [], [[random(16), 0, random(32)]], [[], []]] }),
    },
    {
      name: 'a holder without its agreement',
      rule: 'O2',
      from,
      set: byHand({ owner: [[], [[random(16), random(32)]], [], [], [[], []]] }),
    },
    {
      name: 'parts that fill 4 KiB too much',
      rule: 'H8',
      from,
      set: byHand({ padding: rest => length => Math.ceil((length + rest) / 8192) * 8192 + 4096 - rest }),
    },
    { name: 'parts that are not filled', rule: 'H8', from, set: byHand({ padding: () => length => length }) },
    { name: 'a field less in the header', rule: 'O3', from, set: byHand({ header: without(parts.header) as Item[] }) },
    { name: 'a field more in the manifest', rule: 'O2', from, set: byHand({ manifest: withMore(parts.manifest) }) },
    {
      name: 'a key of 31 bytes',
      rule: 'O2',
      from,
      set: byHand({ owner: [[[epochId, epochKey.subarray(1), time, []]], [], [], [], [[], []]] }),
    },
    { name: 'cut', rule: 'O2', splice: cut('head', -1) },
    { name: 'nothing', rule: 'O5', set: { head: '' } },
  ],
)

function partsOf(head: Uint8Array): Uint8Array {
  let found = new Uint8Array()
  changed(head, [0], old => (found = old as Uint8Array<ArrayBuffer>))
  return found
}

drawsFor('manifest-page')
const [sealId, key] = [random(16), random(32)]
const page = sealManifestPage(alice, collection, sealId, key, [entry])
const pageInput = { page, owner: alice, collection, key }
const pageHeader = cbor([1, 'manifest-page', alice, sealId, collection])
const pageOf = (entries: Item, header = pageHeader): { page: Uint8Array } => ({
  page: cbor([header, seal(key, label.manifestPage, header, cbor(entries), steps(4096))]),
})
await write(
  'manifest-page',
  [
    { name: 'one segment', input: pageInput },
    { name: 'no segment', input: { ...pageInput, ...pageOf([]) } },
  ],
  [
    { name: 'another owner', rule: 'H9', set: { owner: bob } },
    { name: 'another collection', rule: 'H9', splice: flip('collection', 0) },
    { name: 'another key', rule: 'H9', splice: flip('key', 0) },
    { name: 'the key of another page', rule: 'H9', set: { key: random(32) } },
    { name: 'another type', rule: 'O3', set: pageOf([], cbor([1, 'segment', alice, sealId, collection])) },
    {
      name: 'a header that is no byte string',
      rule: 'O1',
      set: { page: changed(page, [0], [1, 'manifest-page', alice, sealId, collection]) },
    },
    { name: 'an entry without epochs', rule: 'O2', set: pageOf([[random(16), random(32), 1, random(32)]]) },
    { name: 'a hash in place of the list', rule: 'O2', set: pageOf(hash(page)) },
    {
      name: 'padded to less',
      rule: 'E4',
      set: { page: cbor([pageHeader, seal(key, label.manifestPage, pageHeader, cbor([]), steps(1024))]) },
    },
    { name: 'cut', rule: 'O2', splice: cut('page', -1) },
    { name: 'a byte more', rule: 'O2', splice: more('page') },
  ],
)

drawsFor('index-run')
const segments = [toHex(random(16)), toHex(random(16))]
const records = [toHex(random(16)), toHex(random(16)), toHex(random(16))]
const place = { kind: 'Medication', facet: 'health/medications/what', epoch: epochName(epochId) }
const sealedRun = sealIndexRun(
  alice,
  collection,
  segments.map((segment, i) => ({ segment, cells: i + 2 })),
  [
    {
      ...place,
      record: records[0]!,
      stamp: time,
      segment: segments[0]!,
      brief: { said: { text: 'Paracétamol' }, words: 'paracetamol 1 g' },
    },
    { ...place, record: records[1]!, stamp: time + 1, segment: segments[1]!, brief: { said: {}, words: '' } },
    { ...place, kind: '', record: records[2]!, stamp: 2 ** 53 - 1, segment: segments[0]!, brief: null },
  ],
)
const runInput = { run: sealedRun.bytes, owner: alice, collection, key: sealedRun.reference.key }
const [runId, runKey] = [random(16), random(32)]
const runHeader = cbor([1, 'index-run', alice, runId, collection])
const one: Item[] = [[[runId, 1]], [[0, epochId, 'photos/when', 'Photo']], random(16), new Uint8Array(8), new Uint8Array(4)]
const runOf = (content: Item, header = runHeader, padding: Padding = padme): object => ({
  ...runInput,
  key: runKey,
  run: cbor([header, seal(runKey, label.indexRun, header, cbor(content), padding)]),
})
const put = (at: number, item: Item): object => runOf([...one, '{}\n', '\n'].with(at, item))
const bad = (name: string, rule: string, set: object) => ({ name, rule, from: 'by hand', set })
await write(
  'index-run',
  [
    { name: 'three cells of two segments', input: runInput },
    { name: 'by hand', input: runOf([...one, '{}\n', '\n']) },
    { name: 'nothing', input: runOf([[], [], new Uint8Array(), new Uint8Array(), new Uint8Array(), '', '']) },
  ],
  [
    { name: 'another owner', rule: 'Q3', set: { owner: bob } },
    { name: 'another collection', rule: 'Q3', splice: flip('collection', 0) },
    { name: 'another key', rule: 'Q3', splice: flip('key', 0) },
    bad('another type', 'O3', runOf([...one, '{}\n', '\n'], cbor([1, 'manifest-page', alice, runId, collection]))),
    bad('an id too few', 'Q2', put(2, new Uint8Array())),
    bad('half a stamp', 'Q2', put(3, new Uint8Array(4))),
    bad('a group’s number of three bytes', 'Q2', put(4, new Uint8Array(3))),
    bad('a group that is not there', 'Q2', put(4, Uint8Array.of(0, 0, 0, 1))),
    bad('a segment that is not there', 'Q2', put(1, [[1, epochId, 'photos/when', 'Photo']])),
    bad('nothing said of a cell', 'Q2', put(5, '')),
    bad('something said of a cell that is not there', 'Q2', put(5, '{}\n{}\n')),
    bad('what is said without an end', 'Q2', put(5, '{}')),
    bad('no words for a cell', 'Q2', put(6, '')),
    bad('words of a cell that is not there', 'Q2', put(6, 'a\nb\n')),
    bad('what is said in a list', 'Q2', put(5, '[]\n')),
    bad('what is said as a text', 'Q2', put(5, '""\n')),
    bad('what is said as nothing', 'Q2', put(5, 'null\n')),
    bad('what is said that is not JSON', 'Q2', put(5, 'photo\n')),
    bad('padded to steps', 'E4', runOf([...one, '{}\n', '\n'], runHeader, steps(4096))),
    { name: 'cut', rule: 'O2', splice: cut('run', -1) },
    { name: 'a byte more', rule: 'O2', splice: more('run') },
  ],
)
