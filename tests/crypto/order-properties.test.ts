/** Version vectors and padding as orders: what the rules of SPEC §4 and E4 lean on, for any values. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { advance, commitsOf, decode, encode, order, vector, type Vector } from '#crypto'
import { ENVELOPE_BYTES } from '../../crypto/envelope.ts'
import { none, pad, padme, section, steps, unpad, type Padding } from '../../crypto/padding.ts'
import { codeOf } from './support.ts'

const device = (n: number): Uint8Array => new Uint8Array(16).fill(n)
/** Few devices, counts and hashes, so that many are alike. */
const anyVector: fc.Arbitrary<Vector> = fc
  .array(fc.option(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.constantFrom(0, 0, 0, 7))), {
    minLength: 4,
    maxLength: 4,
  })
  .map(rows =>
    rows.flatMap((row, i) =>
      row ? [{ device: device(i + 1), commits: row[0], last: new Uint8Array(32).fill(row[0] + row[1]) }] : [],
    ),
  )
const spelling = (of: Vector): string => String(encode(vector, of))

describe('version vectors', () => {
  it('[H5] two are equal only if they are one, and turned round they answer the reverse', () => {
    const turned = { after: 'before', before: 'after', equal: 'equal', apart: 'apart' } as const
    fc.assert(
      fc.property(anyVector, anyVector, (a, b) => {
        expect(order(a, b)).toBe(turned[order(b, a)])
        expect(order(a, b) === 'equal').toBe(spelling(a) === spelling(b))
        expect(order(a, a)).toBe('equal')
      }),
      { numRuns: 500 },
    )
  })

  it('[H5] is transitive, whatever the hashes', () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.nat(3)), { minLength: 1, maxLength: 5 })
    const further = (from: Vector, by: [number, number][]): Vector =>
      by.reduce((of, [n, salt]) => {
        const commits = commitsOf(of, device(n)) + 1
        return advance(of, device(n), commits, new Uint8Array(32).fill(10 * commits + salt))
      }, from)
    fc.assert(
      fc.property(anyVector, steps, steps, (oldest, some, more) => {
        const middle = further(oldest, some)
        const newest = further(middle, more)
        const orders = [order(middle, oldest), order(newest, middle), order(newest, oldest)]
        expect(orders).toEqual(['after', 'after', 'after'])
      }),
    )
  })

  it('[H5] equal counts with different hashes are apart, whatever else grew', () => {
    fc.assert(
      fc.property(anyVector, anyVector, fc.nat(3), (a, b, at) => {
        const [x, y] = [1, 2].map(n => new Uint8Array(32).fill(100 + n))
        expect(order(advance(a, device(at + 1), 9, x!), advance(b, device(at + 1), 9, y!))).toBe('apart')
      }),
    )
  })

  it('[H4] a commit more is strictly after, for that device alone, and in the one spelling', () => {
    fc.assert(
      fc.property(anyVector, fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 5 }), (of, n, more) => {
        const next = advance(of, device(n), commitsOf(of, device(n)) + more, new Uint8Array(32).fill(99))
        expect(order(next, of)).toBe('after')
        expect(decode(vector, encode(vector, next))).toEqual(next)
        for (const other of [1, 2, 3, 4, 5, 6].filter(other => other !== n))
          expect(commitsOf(next, device(other))).toBe(commitsOf(of, device(other)))
      }),
    )
  })
})

describe('padding', () => {
  /** As head.ts fills up to 8 KiB steps around what else the head holds. */
  const filling: Padding = length => steps(8192)(length + 777 + ENVELOPE_BYTES) - 777 - ENVELOPE_BYTES
  const rules = { padme, section, none, 'steps of 512': steps(512), 'steps of 8192': steps(8192), filling }

  describe.each(Object.entries(rules))('%s', (_, rule) => {
    const length = fc.oneof(fc.nat(600), fc.nat(20_000), fc.nat(2 ** 31))

    it('[E4] never decreases, leaves room, and leaves a padded length as it is', () => {
      fc.assert(
        fc.property(length, length, (a, b) => {
          const [less, more] = [Math.min(a, b), Math.max(a, b)]
          expect(rule(less)).toBeLessThanOrEqual(rule(more))
          expect(rule(less)).toBeGreaterThanOrEqual(less)
          expect(rule(rule(less))).toBe(rule(less))
        }),
      )
    })

    it('[E4] refuses the plaintext padded to any other length', () => {
      fc.assert(
        fc.property(fc.nat(1500), fc.integer({ min: 1, max: 9000 }), (length, other) => {
          const padded = pad(new Uint8Array(length).fill(1), rule)
          expect(padded.length).toBeGreaterThan(length)
          const short = length + other === padded.length ? other + 1 : other
          const wrong = new Uint8Array(length + short)
          wrong.set(padded.subarray(0, Math.min(wrong.length, length + 1)))
          expect(codeOf(() => unpad(wrong, rule))).toBe('tampered')
        }),
      )
    })
  })
})
