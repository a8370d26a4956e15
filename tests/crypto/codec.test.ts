import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bool, bytes, decode, encode, fixed, list, literal, oneOf, optional, struct, text, uint, union } from '#crypto'
import { encodeCbor, type Item } from '../../crypto/cbor.ts'
import { uints, where } from '../../crypto/codec.ts'
import { anyBytes, codeOf } from './support.ts'

const format = struct({ version: literal(1), name: text, id: fixed(4), flags: list(bool), data: optional(bytes) })
const shapes = union({ circle: struct({ radius: uint }), none: struct({}) })
const rising = where(list(uint), 'rising numbers', all => all.every((n, i) => i === 0 || all[i - 1]! < n))

describe('codecs', () => {
  it('[O2] reads back what it wrote, as an array of the fields in order', () => {
    const any = fc.record({
      version: fc.constant(1 as const),
      name: fc.string({ unit: 'grapheme' }),
      id: anyBytes({ minLength: 4, maxLength: 4 }),
      flags: fc.array(fc.boolean()),
      data: fc.option(anyBytes()),
    })
    fc.assert(
      fc.property(any, value => {
        expect(decode(format, encode(format, value))).toEqual(value)
        expect(encode(format, value)).toEqual(encodeCbor([1, value.name, value.id, value.flags, value.data]))
      }),
    )
  })

  const good: Item[] = [1, 'n', new Uint8Array(4), [true], null]
  const bad: [string, Item][] = [
    ['a field too few', good.slice(0, 4)],
    ['a field too many', [...good, null]],
    ['another version', [2, ...good.slice(1)]],
    ['bytes for text', [1, new Uint8Array(1), ...good.slice(2)]],
    ['another length', [1, 'n', new Uint8Array(5), ...good.slice(3)]],
    ['a number in a list of booleans', [1, 'n', new Uint8Array(4), [1], null]],
    ['no array', 7],
    ['nothing', null],
    ['text of as many letters', 'abcde'],
  ]
  it.each(bad)('[O5] refuses %s', (_, item) => expect(codeOf(() => decode(format, encodeCbor(item)))).toBe('tampered'))

  it.each(['__proto__', 'constructor', 'toString', 'square', ''])('[O5] knows no union case %j', name => {
    expect(codeOf(() => decode(shapes, encodeCbor([name, []])))).toBe('tampered')
  })

  it.each<[string, Item]>([
    ['nothing', null],
    ['a name in a list', [['circle'], [3]]],
    ['a name and no body', ['none']],
    ['no fields, as text', ['none', '']],
    ['no fields, as bytes', ['none', new Uint8Array()]],
    ['something after the body', ['none', [], null]],
  ])('[O5] refuses a union case of %s', (_, item) =>
    expect(codeOf(() => decode(shapes, encodeCbor(item)))).toBe('tampered'),
  )

  it('[O2] tells union cases apart by their name', () => {
    expect(decode(shapes, encode(shapes, { type: 'circle', radius: 3 }))).toEqual({ type: 'circle', radius: 3 })
    expect(codeOf(() => decode(shapes, encodeCbor(['circle', []])))).toBe('tampered')
    expect(codeOf(() => decode(oneOf('a', 'b'), encodeCbor('c')))).toBe('tampered')
  })

  it('binds writer and reader to the same further rule', () => {
    expect(decode(rising, encode(rising, [1, 5]))).toEqual([1, 5])
    expect(codeOf(() => encode(rising, [5, 1]))).toBe('usage')
    expect(codeOf(() => decode(rising, encodeCbor([5, 1])))).toBe('tampered')
  })

  it('takes nothing but uints for a list of them', () => {
    expect(decode(uints, encode(uints, [0, 70_000]))).toEqual([0, 70_000])
    for (const item of ['a', null, true, [0]] satisfies Item[]) {
      expect(codeOf(() => encode(uints, [0, item] as number[]))).toBe('usage')
      expect(codeOf(() => decode(uints, encodeCbor([0, item])))).toBe('tampered')
    }
    expect(codeOf(() => decode(uints, encodeCbor('a')))).toBe('tampered')
  })

  it.each([-1, 1.5, Number.NaN, 2 ** 53])('writes no %d as uint', value =>
    expect(codeOf(() => encode(uint, value))).toBe('usage'),
  )

  it('writes no text that has no UTF-8 form', () => expect(codeOf(() => encode(text, 'a\ud800'))).toBe('usage'))
})
