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
/** All of it, read. */
const open = (from: Uint8Array, key = run.reference.key): ReturnType<typeof openIndexRun> =>
  JSON.parse(JSON.stringify(openIndexRun(from, owner, collection, key)))

const object = struct({ header: bytes, sealed: bytes })
/** The run with other content, sealed as by whoever has its key. */
function forged(content: Item): Uint8Array {
  const { header } = decode(object, run.bytes)
  const sealed = seal(run.reference.key, label.indexRun, header, encodeCbor(content), padme)
  return encode(object, { header, sealed })
}
/** So many cells, one group, and this for what is said and for words. */
const withTexts = (count: number, said: string, words: string): Uint8Array =>
  forged([
    [[new Uint8Array(16), count]],
    [[0, new Uint8Array(8), 'photos', 'photo']],
    ...[16, 8, 4].map(width => new Uint8Array(width * count)),
    said,
    words,
  ])

describe('index runs', () => {
  it('[Q2] give back segments and entries as they were', () => {
    expect(open(run.bytes)).toEqual({ segments, entries })
    const empty = sealIndexRun(owner, collection, [], [])
    expect(open(empty.bytes, empty.reference.key)).toEqual({ segments: [], entries: [] })
  })

  it('[Q2] tell neighbours apart by any of what a group shares', () => {
    const [one, other] = [entry(1), entry(2)]
    const changes: Partial<IndexEntry>[] = [
      { segment: segments[1]!.segment },
      { facet: 'health/allergies' },
      { kind: 'allergy' },
      { epoch: epochName(new Uint8Array(8).fill(2)) },
    ]
    for (const change of changes) {
      const both = [one, { ...other, ...change }, entry(3)]
      const { reference, bytes: of } = sealIndexRun(owner, collection, segments, both)
      expect(open(of, reference.key).entries).toEqual(both)
    }
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

  it('[Q2] keep words on one line', () => {
    const { reference, bytes: two } = sealIndexRun(owner, collection, segments, [
      entry(1, { brief: { said: { note: 'a\nb' }, words: 'a\nb' } }),
      entry(2),
    ])
    const [first, second] = open(two, reference.key).entries
    expect(first!.brief).toEqual({ said: { note: 'a\nb' }, words: 'a b' })
    expect(second).toEqual(entry(2))
  })

  it('[Q2] are read where their lines are what they should be', () => {
    expect(open(withTexts(2, '{}\n\n', 'words\n\n')).entries.map(({ brief }) => brief)).toEqual([
      { said: {}, words: 'words' },
      null,
    ])
  })

  it.each([
    ['too little said', 2, '{}\n', '\n\n'],
    ['too much said', 1, '{}\n{}\n', '\n'],
    ['said without an end', 1, '{}', '\n'],
    ['too few words', 2, '{}\n{}\n', '\n'],
    ['too many words', 1, '{}\n', '\n\n'],
    ['words without an end', 1, '{}\n', 'a'],
    ['no JSON', 1, '{\n', '\n'],
    ['a number', 1, '5\n', '\n'],
    ['nothing', 1, 'null\n', '\n'],
    ['a list', 1, '[]\n', '\n'],
    ['text', 1, '"said"\n', '\n'],
  ])('[Q2] refuse %s', (_, count, said, words) =>
    expect(codeOf(() => open(withTexts(count, said, words)))).toBe('tampered'),
  )
})
