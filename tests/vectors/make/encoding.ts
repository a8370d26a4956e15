/** Vectors of what all formats are made of: CBOR, envelopes, facet keys. */
import { label, random, utf8 } from '#crypto'
import { encodeCbor } from '../../../crypto/cbor.ts'
import { seal } from '../../../crypto/envelope.ts'
import { none, section, steps } from '../../../crypto/padding.ts'
import { cut, flip, more, write } from './write.ts'

const items = [
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

const envelope = (rule: 'none' | 'section' | '512', plaintext: Uint8Array) => {
  const [key, header] = [random(32), utf8('header')]
  const padding = { none, section, 512: steps(512) }[rule]
  return { key, label: label.table, header, padding: rule, sealed: seal(key, label.table, header, plaintext, padding) }
}
await write(
  'envelope',
  [
    { name: 'unpadded', input: envelope('none', utf8('thirty-two bytes of some secret')) },
    { name: 'padded', input: envelope('section', Uint8Array.of(0, 0x80, 0)) },
    { name: 'empty', input: envelope('512', new Uint8Array()) },
  ],
  [
    { name: 'another commitment', rule: 'E2', splice: flip('sealed', 0) },
    { name: 'another ciphertext', rule: 'E1', splice: flip('sealed', 40) },
    { name: 'another tag', rule: 'E1', splice: flip('sealed', -1) },
    { name: 'cut', rule: 'E1', splice: cut('sealed', -1) },
    { name: 'a byte more', rule: 'E1', splice: more('sealed') },
    { name: 'nothing', rule: 'E1', splice: cut('sealed', 0) },
    { name: 'another header', rule: 'E1', splice: flip('header', 0) },
    { name: 'another key', rule: 'E2', splice: flip('key', 31) },
    { name: 'another label', rule: 'S3', set: { label: label.sectionBody } },
    { name: 'another padding rule', rule: 'E4', from: 'padded', set: { padding: '512' } },
  ],
)

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
    { name: 'a concept', input: facet('health', 'health') },
    { name: 'a narrower one', input: facet('health', 'health/medications/dosage') },
    { name: 'by its own path', input: facet('health/medications/dosage', 'health/medications/dosage') },
  ],
  [
    { name: 'broader', rule: 'K4', code: 'usage', set: { ancestor: 'health/medications', path: 'health' } },
    { name: 'beside', rule: 'K4', code: 'usage', set: { ancestor: 'health', path: 'healthcare' } },
  ],
)
