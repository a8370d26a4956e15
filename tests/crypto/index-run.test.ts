import { describe, expect, it } from 'vitest'
import {
  bytes,
  decode,
  encode,
  epochName,
  hash,
  label,
  openIndexRun,
  random,
  sealIndexRun,
  struct,
  toHex,
  type IndexEntry,
} from '#crypto'
import { encodeCbor, type Item } from '../../crypto/cbor.ts'
import { seal } from '../../crypto/envelope.ts'
import { padme } from '../../crypto/padding.ts'
import { codeOf } from './support.ts'

const owner = 'https://alice.example/#me'
const collection = new Uint8Array(16).fill(6)
const hex = (n: number): string => toHex(new Uint8Array(16).fill(n))
const segments = [
  { segment: hex(0xa1), cells: 3 },
  { segment: hex(0xa2), cells: 40 },
]
const entry = (n: number, more: Partial<IndexEntry> = {}): IndexEntry => ({
  record: hex(n),
  stamp: 1_700_000_000_000 + n,
  kind: 'medication',
  facet: 'health/medications',
  epoch: epochName(new Uint8Array(8).fill(1)),
  segment: segments[0]!.segment,
  brief: { said: { name: `n° ${n}`, date: null }, words: `n ${n}` },
  ...more,
})
const entries = [
  entry(1),
  entry(2, { segment: segments[1]!.segment }),
  entry(3, { brief: null }),
  entry(4, { kind: 'allergy' }),
  entry(5, { facet: 'health/allergies', stamp: 0 }),
  entry(6, { epoch: epochName(new Uint8Array(8).fill(2)), stamp: Number.MAX_SAFE_INTEGER }),
  entry(7, { segment: segments[1]!.segment }),
]
const run = sealIndexRun(owner, collection, segments, entries)
const open = (from: Uint8Array, key = run.reference.key) => openIndexRun(from, owner, collection, key)

const object = struct({ header: bytes, sealed: bytes })
/** The run with other content, sealed as by whoever has its key. */
function forged(content: Item): Uint8Array {
  const { header } = decode(object, run.bytes)
  const sealed = seal(run.reference.key, label.indexRun, header, encodeCbor(content), padme)
  return encode(object, { header, sealed })
}
/** So many cells, one group, and this for briefs. */
const withBriefs = (count: number, briefs: string): Uint8Array =>
  forged([
    [[new Uint8Array(16), count]],
    [[0, new Uint8Array(8), 'photos', 'photo']],
    ...[16, 8, 4].map(width => new Uint8Array(width * count)),
    briefs,
  ])

describe('index runs', () => {
  it('[Q2] give back segments and entries as they were', () => {
    expect(open(run.bytes)).toEqual({ segments, entries })
    const empty = sealIndexRun(owner, collection, [], [])
    expect(open(empty.bytes, empty.reference.key)).toEqual({ segments: [], entries: [] })
  })

  it('[Q2] say once what many cells share', () => {
    const size = (of: IndexEntry[]): number => sealIndexRun(owner, collection, segments, of).bytes.length
    const many = Array.from({ length: 200 }, () => entry(1))
    const apart = many.map((one, i) => ({ ...one, kind: `medication ${i}` }))
    expect(size(many)).toBeLessThan(size(apart) / 1.3)
  })

  it('[H7] are named by hash, size and a key of their own', () => {
    const { reference } = run
    expect(reference).toMatchObject({ hash: hash(run.bytes), size: run.bytes.length })
    expect(reference.key).toHaveLength(32)
    const again = sealIndexRun(owner, collection, segments, entries).reference
    expect(again.key).not.toEqual(reference.key)
    expect(again.sealId).not.toEqual(reference.sealId)
  })

  it('[Q3] open for their owner, collection and key', () => {
    const { key } = run.reference
    expect(codeOf(() => openIndexRun(run.bytes, 'https://bob.example/#me', collection, key))).toBe('tampered')
    expect(codeOf(() => openIndexRun(run.bytes, owner, random(16), key))).toBe('tampered')
    expect(codeOf(() => open(run.bytes, random(32)))).toBe('tampered')
  })

  it('[Q2] are read where their briefs are what they should be', () => {
    expect(open(withBriefs(2, '[[{},"words"],null]')).entries.map(({ brief }) => brief)).toEqual([
      { said: {}, words: 'words' },
      null,
    ])
  })

  it.each([
    ['no JSON', 1, '[null'],
    ['no JSON, of as many cells as its refusal has letters', 15, '[null'],
    ['no list', 1, '{"length":1}'],
    ['too few', 2, '[null]'],
    ['a number', 1, '[5]'],
    ['text of two letters', 1, '["ab"]'],
    ['an empty list', 1, '[[]]'],
    ['a list of one', 1, '[[{}]]'],
    ['a list of three', 1, '[[{},"words",1]]'],
    ['what only looks like a list', 1, '[{"length":2,"0":{},"1":"words"}]'],
    ['nothing said', 1, '[[null,"words"]]'],
    ['a list said', 1, '[[[],"words"]]'],
    ['text said', 1, '[["said","words"]]'],
    ['words that are no text', 1, '[[{},1]]'],
  ])('[Q2] refuse for briefs: %s', (_, count, briefs) =>
    expect(codeOf(() => open(withBriefs(count, briefs)))).toBe('tampered'),
  )
})
