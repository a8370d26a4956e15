import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { advance, commitsOf, decode, encode, order, vector, type Vector } from '#crypto'
import { encodeCbor } from '../../crypto/cbor.ts'
import { codeOf } from './support.ts'

const device = (n: number): Uint8Array => new Uint8Array(16).fill(n)
/** The hash of a device's n-th object in one history: the same count has the same hash. */
const hashOf = (id: number, commits: number, history = 0): Uint8Array =>
  Uint8Array.of(id, commits, history, ...new Uint8Array(29))
const of = (counts: Record<number, number>, history = 0): Vector =>
  Object.entries(counts).map(([id, commits]) => ({ device: device(+id), commits, last: hashOf(+id, commits, history) }))

const counts = fc.dictionary(fc.constantFrom('1', '2', '3', '4'), fc.integer({ min: 1, max: 3 })) as fc.Arbitrary<
  Record<number, number>
>

describe('version vectors', () => {
  it('[H5] orders as sets of commits do: equal, after, before, apart', () => {
    fc.assert(
      fc.property(counts, counts, (a, b) => {
        const devices = [1, 2, 3, 4]
        const more = devices.some(id => (a[id] ?? 0) > (b[id] ?? 0))
        const less = devices.some(id => (a[id] ?? 0) < (b[id] ?? 0))
        expect(order(of(a), of(b))).toBe(more && less ? 'apart' : more ? 'after' : less ? 'before' : 'equal')
        const mirrored = { after: 'before', before: 'after', equal: 'equal', apart: 'apart' } as const
        expect(order(of(b), of(a))).toBe(mirrored[order(of(a), of(b))])
      }),
    )
  })

  it('[H5] is transitive', () => {
    fc.assert(
      fc.property(counts, counts, counts, (a, b, c) => {
        const descends = order(of(a), of(b)) === 'after' && order(of(b), of(c)) === 'after'
        expect(descends ? order(of(a), of(c)) : 'after').toBe('after')
      }),
    )
  })

  it('[H5] takes one count with two hashes for two histories, whatever else grew', () => {
    expect(order(of({ 1: 2 }), of({ 1: 2 }, 9))).toBe('apart')
    expect(order([...of({ 1: 2 }), ...of({ 2: 5 })], of({ 1: 2 }, 9))).toBe('apart')
  })

  it('[H4] advances one device and stays sorted', () => {
    const one = advance(advance([], device(2), 1, hashOf(2, 1)), device(1), 1, hashOf(1, 1))
    expect(one.map(row => row.device[0])).toEqual([1, 2])
    const two = advance(one, device(2), 2, hashOf(2, 2))
    expect([commitsOf(two, device(2)), commitsOf(two, device(1)), commitsOf(two, device(3))]).toEqual([2, 1, 0])
    expect(order(two, one)).toBe('after')
    expect(decode(vector, encode(vector, two))).toEqual(two)
  })

  const row = (id: number, commits: number) => [device(id), commits, hashOf(id, commits)]
  it.each([
    ['rows out of order', [row(2, 1), row(1, 1)]],
    ['a device twice', [row(1, 1), row(1, 2)]],
    ['a row of no commits', [row(1, 0)]],
  ])('[H4] refuses %s', (_, rows) => {
    expect(codeOf(() => decode(vector, encodeCbor(rows)))).toBe('tampered')
    expect(
      codeOf(() => encode(vector, rows.map(([device, commits, last]) => ({ device, commits, last })) as Vector)),
    ).toBe('usage')
  })
})
