import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  decode,
  drawEpochKey,
  encode,
  epochBytes,
  epochName,
  epochsOf,
  facetKey,
  label,
  list,
  openSection,
  openSegment,
  random,
  sealSegment,
  struct,
  text,
  toHex,
  uint,
  bytes as bytesCodec,
  type Cell,
  type Epoch,
  type EpochKey,
} from '#crypto'
import { encodeCbor, type Item } from '../../crypto/cbor.ts'
import { decodeCells, encodeCells } from '../../crypto/cells.ts'
import { seal } from '../../crypto/envelope.ts'
import { steps } from '../../crypto/padding.ts'
import { any16, codeLater, codeOf, flipped } from './support.ts'

const owner = 'https://alice.example/#me'
const collection = new Uint8Array(16).fill(3)
const epochs = new Map<Epoch, EpochKey>([1, 2].map(n => [epochName(new Uint8Array(8).fill(n)), drawEpochKey()]))
const [early, late] = [...epochs.keys()] as [Epoch, Epoch]
const keyOf = (epoch: Epoch, facet: string) => facetKey(epochs.get(epoch)!, facet)
const cell = (n: number, properties: Cell['properties'] = { dose: n }): Cell => ({
  record: toHex(new Uint8Array(16).fill(n)),
  stamp: 1_700_000_000_000 + n,
  kind: 'medication',
  properties,
})
const sealed = await sealSegment(
  owner,
  collection,
  [
    { epoch: early, facet: 'health/dosage', cells: [cell(1), cell(2, null)] },
    { epoch: late, facet: 'health/dosage', cells: [cell(3)] },
    { epoch: late, facet: 'photos', cells: [] },
  ],
  keyOf,
)
const opened = openSegment(sealed.bytes, owner, collection, sealed.key)

describe('segments', () => {
  it('opens each section with its own facet and epoch key, and no other', async () => {
    expect(await openSection(opened, keyOf(early, 'health/dosage'))).toEqual([cell(1), cell(2, null)])
    expect(await openSection(opened, keyOf(late, 'health/dosage'))).toEqual([cell(3)])
    expect(await openSection(opened, keyOf(late, 'photos'))).toEqual([])
    expect(epochsOf(opened)).toEqual(new Set([early, late]))
  })

  it('[G4] answers null for a section that is not there, without telling why', () => {
    expect(openSection(opened, keyOf(early, 'photos'))).toBeNull()
    expect(openSection(opened, keyOf(early, 'health'))).toBeNull()
  })

  it('[O3] refuses another owner, another collection and another key', () => {
    expect(codeOf(() => openSegment(sealed.bytes, 'https://bob.example/#me', collection, sealed.key))).toBe('tampered')
    expect(codeOf(() => openSegment(sealed.bytes, owner, new Uint8Array(16), sealed.key))).toBe('tampered')
    expect(codeOf(() => openSegment(sealed.bytes, owner, collection, random(32)))).toBe('tampered')
  })

  it('[G2] seals one facet of one epoch once: twice would be one key for two plaintexts', async () => {
    const section = { epoch: early, facet: 'photos', cells: [cell(1)] }
    const twice = [section, { ...section, cells: [cell(2)] }]
    expect(await codeLater(() => sealSegment(owner, collection, twice, keyOf))).toBe('usage')
  })

  it('[G3] takes only rows that follow each other from the start to the end of the body', () => {
    const object = struct({ header: bytesCodec, table: bytesCodec, body: bytesCodec })
    const { header, body } = decode(object, sealed.bytes)
    const row = (tag: number, offset: number, size: number) => [
      new Uint8Array(16).fill(tag),
      new Uint8Array(8),
      offset,
      size,
    ]
    const read = (...rows: Item[]): string => {
      const table = seal(sealed.key, label.table, header, encodeCbor(rows), steps(256))
      return codeOf(() => openSegment(encode(object, { header, table, body }), owner, collection, sealed.key))
    }
    const half = body.length / 2
    expect(read(row(1, 0, half), row(2, half, half))).toBe('no error')
    expect(read(row(1, half, half), row(2, 0, half))).toBe('tampered')
    expect(read(row(1, 0, half), row(2, half - 1, half))).toBe('tampered')
    expect(read(row(1, 0, half), row(2, half, half - 1))).toBe('tampered')
    expect(read(row(1, 0, half), row(2, half, half + 1))).toBe('tampered')
    expect(read(row(1, 1, body.length))).toBe('tampered')
    expect(read()).toBe('tampered')
  })

  it('[G3] reads no section out of a body that was changed', async () => {
    const at = sealed.bytes.length - 60
    const altered = openSegment(flipped(sealed.bytes, at * 8), owner, collection, sealed.key)
    const keys = [keyOf(early, 'health/dosage'), keyOf(late, 'health/dosage'), keyOf(late, 'photos')]
    const results = await Promise.all(keys.map(key => codeLater(async () => openSection(altered, key))))
    expect(results.filter(code => code === 'tampered')).toHaveLength(1)
    expect(results.filter(code => code === 'no error')).toHaveLength(2)
  })

  it('[E3] seals the same cells twice into unrelated bytes', async () => {
    const seal = () => sealSegment(owner, collection, [{ epoch: early, facet: 'photos', cells: [cell(1)] }], keyOf)
    const [a, b] = [await seal(), await seal()]
    expect(a.key).not.toEqual(b.key)
    expect(a.key).toHaveLength(32)
    const [x, y] = [a, b].map(one => openSegment(one.bytes, owner, collection, one.key))
    expect(x!.rows[0]!.tag).not.toEqual(y!.rows[0]!.tag)
    expect(x!.body).not.toEqual(y!.body)
    expect(codeOf(() => openSegment(a.bytes, owner, collection, b.key))).toBe('tampered')
  })

  it('names epochs as bytes and as text', () => expect(epochName(epochBytes(early))).toBe(early))
})

describe('cells', () => {
  const columns = struct({ ids: bytesCodec, stamps: list(uint), cells: text })
  const written = (ids: Uint8Array, stamps: number[], cells: string) => encode(columns, { ids, stamps, cells })

  it('[G5] reads back any JSON, in columns', () => {
    const any = fc.record({
      record: any16.map(toHex),
      stamp: fc.maxSafeNat(),
      kind: fc.string({ unit: 'grapheme' }),
      properties: fc.option(fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true })),
    })
    const plain = (cells: unknown): unknown =>
      JSON.parse(JSON.stringify(cells, (key, value) => (key === '__proto__' ? undefined : value)))
    fc.assert(
      fc.property(fc.array(any, { maxLength: 6 }), cells => {
        expect(decodeCells(encodeCells(cells))).toEqual(plain(cells))
      }),
    )
  })

  it('[G5] holds a hundred thousand', () => {
    const many = Array.from({ length: 100_000 }, () => cell(7))
    expect(decodeCells(encodeCells(many))).toHaveLength(100_000)
  })

  const id = new Uint8Array(16)
  it.each([
    ['an id too short', written(id.subarray(1), [1], '[["k",{}]]')],
    ['a stamp too many', written(id, [1, 2], '[["k",{}]]')],
    ['a body too many', written(id, [1], '[["k",{}],["k",{}]]')],
    ['no JSON', written(id, [1], '[["k",{}]')],
    ['no array', written(id, [1], '{"length":1}')],
    [
      'no JSON, of as many cells as its refusal has letters',
      written(
        new Uint8Array(240),
        Array.from({ length: 15 }, () => 1),
        '[',
      ),
    ],
    ['a body that only looks like a list', written(id, [1], '[{"length":2,"0":"k","1":{}}]')],
    ['a body of three', written(id, [1], '[["k",{},1]]')],
    ['a kind that is no text', written(id, [1], '[[1,{}]]')],
    ['properties that are a list', written(id, [1], '[["k",[]]]')],
    ['properties that are a number', written(id, [1], '[["k",1]]')],
    ['JSON nested without end', written(id, [1], `[["__proto__",${'['.repeat(200_000)}`)],
  ])('[G5] refuses %s', (_, from) => expect(codeOf(() => decodeCells(from))).toBe('tampered'))

  it.each(['__proto__', '\\u005f_proto__', '__pr\\u006fto__'])('[G5] lets no property named %s in', name => {
    const [read] = decodeCells(
      written(id, [1], `[["k",{"${name}":{"admin":true},"deep":{"${name}":1},"kept":"${name}"}]]`),
    )
    expect(Object.keys(read!.properties!)).toEqual(['deep', 'kept'])
    expect(read!.properties!.kept).toBe('__proto__')
    expect(Object.keys(read!.properties!.deep as object)).toEqual([])
  })

  it('[G5] keeps text that only looks like an escape', () => {
    const told = cell(1, { path: 'C:\\u0041', name: '"__proto__":' })
    expect(decodeCells(encodeCells([told]))).toEqual([told])
  })

  it('[G5] writes no record id of another length', () => {
    expect(codeOf(() => encodeCells([{ ...cell(1), record: 'aabb' }]))).toBe('usage')
  })
})
