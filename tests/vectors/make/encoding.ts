/** Vectors of what all formats are made of: CBOR, envelopes, sealing to a public key, facet keys, version vectors. */
import { concat, label, random, toHex, utf8 } from '#crypto'
import { encodeCbor, type Item } from '../../../crypto/cbor.ts'
import { commit, seal } from '../../../crypto/envelope.ts'
import { sealTo } from '../../../crypto/kem.ts'
import { none, section, steps } from '../../../crypto/padding.ts'
import { aeadSeal, frame, kemPublic } from '../../../crypto/primitives.ts'
import { drawsFor } from './random.ts'
import { cut, flip, more, write } from './write.ts'

const nested = (depth: number): Item => (depth ? [nested(depth - 1)] : 0)
const items: Item[] = [
  0,
  23,
  24,
  255,
  256,
  65535,
  65536,
  2 ** 32,
  2 ** 53 - 1,
  true,
  null,
  '',
  'été \u{1f41d}',
  new Uint8Array(0),
  new Uint8Array(24),
  [],
  [1, [2, ['x', new Uint8Array(1)]], null],
  nested(16),
]
const misspelt = {
  '1817': 'longer than need be',
  '1900ff': 'longer than need be',
  '1a0000ffff': 'longer than need be',
  '1b00000000ffffffff': 'longer than need be',
  '1b0020000000000000': 'beyond 2^53 - 1',
  '20': 'negative',
  '5f4100ff': 'indefinite bytes',
  '7f6161ff': 'indefinite text',
  '9f00ff': 'indefinite array',
  a0: 'a map',
  c000: 'a tag',
  f7: 'undefined',
  f93c00: 'a float',
  f8ff: 'a simple value',
  '6180': 'invalid UTF-8',
  '62eda0': 'cut UTF-8',
  '4201': 'cut short',
  '8201': 'cut short',
  '0000': 'bytes left over',
  '9b001fffffffffffff': 'a length beyond the bytes',
  '': 'nothing',
  [`${'81'.repeat(17)}00`]: 'nested beyond 16',
}
await write(
  'cbor',
  items.map((item, i) => ({ name: `item ${i}`, input: { cbor: encodeCbor(item) } })),
  Object.entries(misspelt).map(([cbor, name]) => ({
    name: `${name}: ${cbor.slice(0, 24)}`,
    rule: 'O2',
    set: { cbor },
  })),
)

drawsFor('envelope')
const envelope = (rule: 'none' | 'section' | '512', plaintext: Uint8Array) => {
  const [key, header] = [random(32), utf8('header')]
  const padding = { none, section, 512: steps(512) }[rule]
  return { key, label: label.table, header, padding: rule, sealed: seal(key, label.table, header, plaintext, padding) }
}
/** Padded as told, by a writer of its own. */
function padded(plaintext: Uint8Array): object {
  const [key, header] = [random(32), utf8('header')]
  const { aeadKey, commitment } = commit(key, label.table, header)
  const sealed = aeadSeal(aeadKey, new Uint8Array(24), frame(label.table, header), plaintext)
  return { key, header, label: label.table, padding: '512', sealed: concat(commitment, sealed) }
}
const to512 = (...bytes: number[]): Uint8Array => concat(Uint8Array.from(bytes), new Uint8Array(512 - bytes.length))
await write(
  'envelope',
  [
    { name: 'unpadded', input: envelope('none', utf8('thirty-two bytes of some secret')) },
    { name: 'padded', input: envelope('section', Uint8Array.of(0, 0x80, 0)) },
    { name: 'empty', input: envelope('512', new Uint8Array()) },
    { name: 'by hand', input: padded(to512(1, 2, 0x80)) },
  ],
  [
    { name: 'another commitment', rule: 'E2', splice: flip('sealed', 0) },
    { name: 'another ciphertext', rule: 'E1', splice: flip('sealed', 40) },
    { name: 'another tag', rule: 'E1', splice: flip('sealed', -1) },
    { name: 'cut', rule: 'E1', splice: cut('sealed', -1) },
    { name: 'a byte more', rule: 'E1', splice: more('sealed') },
    { name: 'nothing', rule: 'E1', splice: cut('sealed', 0) },
    { name: 'another header', rule: 'E5', splice: flip('header', 0) },
    { name: 'another key', rule: 'E5', splice: flip('key', 31) },
    { name: 'another label', rule: 'S3', set: { label: label.sectionBody } },
    { name: 'another padding rule', rule: 'E4', from: 'padded', set: { padding: '512' } },
    { name: 'a step too much padding', rule: 'E4', from: 'by hand', set: padded(concat(to512(1, 0x80), to512())) },
    { name: 'short padding', rule: 'E4', from: 'by hand', set: padded(to512(1, 0x80).subarray(1)) },
    { name: 'padding without its mark', rule: 'E4', from: 'by hand', set: padded(to512(1, 2, 0x81)) },
    { name: 'zeros alone', rule: 'E4', from: 'by hand', set: padded(to512()) },
    { name: 'nothing padded', rule: 'E4', from: 'by hand', set: padded(new Uint8Array()) },
  ],
)

drawsFor('kem')
const kemSeed = random(32)
const sealedTo = (seed: Uint8Array) =>
  sealTo(kemPublic(seed), label.message, utf8('header'), utf8('secret'), steps(512))
const keyWith = (at: number, ...bytes: number[]): Uint8Array => {
  const key = kemPublic(kemSeed)
  key.set(bytes, at)
  return key
}
const point = (bytes: Uint8Array): string => toHex(concat(sealedTo(kemSeed).subarray(0, 1088), bytes, random(560)))
await write(
  'kem',
  [
    {
      name: 'sealed',
      input: { seed: kemSeed, label: label.message, header: utf8('header'), padding: '512', sealed: sealedTo(kemSeed) },
    },
    { name: 'a key to seal to', input: { public: kemPublic(kemSeed) } },
  ],
  [
    { name: 'without its envelope', rule: 'W1', splice: cut('sealed', 1120) },
    { name: 'cut', rule: 'W1', splice: cut('sealed', -1) },
    { name: 'to somebody else', rule: 'W2', set: { sealed: sealedTo(random(32)) } },
    { name: 'another ciphertext before the same envelope', rule: 'W2', splice: flip('sealed', 500) },
    { name: 'a ciphertext too short', rule: 'W3', splice: cut('sealed', 1119) },
    { name: 'nothing', rule: 'W3', splice: cut('sealed', 0) },
    { name: 'a point of low order', rule: 'W3', set: { sealed: point(new Uint8Array(32)) } },
    { name: 'another point of low order', rule: 'W3', set: { sealed: point(Uint8Array.of(1, ...new Uint8Array(31))) } },
    { name: 'another label', rule: 'S3', set: { label: label.keyringEnvelope } },
    { name: 'a key too short', rule: 'W4', from: 'a key to seal to', splice: cut('public', -1) },
    { name: 'a key too long', rule: 'W4', from: 'a key to seal to', splice: more('public') },
    { name: 'no key', rule: 'W4', from: 'a key to seal to', splice: cut('public', 1) },
    {
      name: 'a coefficient over the modulus',
      rule: 'W4',
      from: 'a key to seal to',
      set: { public: keyWith(0, 0x01, 0x0d) },
    },
    {
      name: 'the last coefficient over it',
      rule: 'W4',
      from: 'a key to seal to',
      set: { public: keyWith(1150, 0x1f, 0xd0) },
    },
    {
      name: 'a key of low order',
      rule: 'W4',
      from: 'a key to seal to',
      set: { public: keyWith(1184, ...new Uint8Array(32)) },
    },
  ],
)

drawsFor('facet-keys')
const facet = (ancestor: string, path: string) => ({
  epochKey: new Uint8Array(32).fill(7),
  ancestor,
  path,
  segmentKey: new Uint8Array(32).fill(8),
  sealId: new Uint8Array(16).fill(9),
})
await write(
  'facet-keys',
  [
    { name: 'a concept', rule: 'K2', input: facet('health', 'health') },
    { name: 'a narrower one', input: facet('health', 'health/medications/dosage') },
    { name: 'by its own path', input: facet('health/medications/dosage', 'health/medications/dosage') },
  ],
  [
    { name: 'broader', rule: 'K4', code: 'usage', set: { ancestor: 'health/medications', path: 'health' } },
    { name: 'beside', rule: 'K4', code: 'usage', set: { ancestor: 'health', path: 'healthcare' } },
  ],
)

drawsFor('version-vector')
const [first, second] = [new Uint8Array(16).fill(1), new Uint8Array(16).fill(2)]
const [here, there] = [random(32), random(32)]
const of = (...rows: Item[]): Uint8Array => encodeCbor(rows)
const both = of([first, 1, here], [second, 4, here])
const ordered = (name: string, one: Uint8Array, other: Uint8Array) => ({
  name,
  rule: 'H5',
  input: { vector: one, other },
})
await write(
  'version-vector',
  [
    ordered('the same', both, both),
    ordered('one commit more', of([first, 2, there], [second, 4, here]), both),
    ordered('one commit less', both, of([first, 2, there], [second, 4, here])),
    ordered('a device more', both, of([first, 1, here])),
    ordered('a device less', of([second, 4, here]), both),
    ordered('each has more', of([first, 2, there], [second, 4, here]), of([first, 1, here], [second, 5, there])),
    ordered('each has a device more', of([first, 1, here]), of([second, 4, here])),
    ordered('one count with two hashes', of([first, 1, there], [second, 5, there]), both),
    ordered('nothing yet', of(), both),
  ],
  [
    { name: 'out of order', rule: 'H4', set: { vector: of([second, 4, here], [first, 1, here]) } },
    { name: 'a device twice', rule: 'H4', set: { vector: of([first, 1, here], [first, 2, there]) } },
    { name: 'no commits', rule: 'H4', set: { vector: of([first, 0, here]) } },
    { name: 'a device of 15 bytes', rule: 'O2', set: { vector: of([first.subarray(1), 1, here]) } },
    { name: 'a row of two', rule: 'O2', set: { vector: of([first, 1]) } },
  ],
)
