/** Any value of the formats, for property tests: within the rules, and no more particular than these. */
import * as fc from 'fast-check'
import { compare, type Reference, type SegmentEntry, type Vector } from '#crypto'
import { any16, any32, anyBytes } from './support.ts'

export const any8 = anyBytes({ minLength: 8, maxLength: 8 })
export const anyText = fc.string({ unit: 'grapheme', maxLength: 20 })
export const anyUint = fc.oneof(fc.nat(300), fc.nat(70_000), fc.maxSafeNat())
export const anyCount = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })

/** At most so many: sealing is what takes time. */
export const few = <T>(of: fc.Arbitrary<T>, maxLength = 3): fc.Arbitrary<T[]> => fc.array(of, { maxLength })

const sortedBy = <T>(key: (value: T) => Uint8Array, of: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
  fc
    .uniqueArray(of, { maxLength: 4, selector: value => String(key(value)) })
    .map(values => values.toSorted((a, b) => compare(key(a), key(b))))

export const anyVector: fc.Arbitrary<Vector> = sortedBy(
  ({ device }) => device,
  fc.record({ device: any16, commits: anyCount, last: any32 }),
)

export const anyReference: fc.Arbitrary<Reference> = fc.record({
  sealId: any16,
  hash: any32,
  size: anyUint,
  key: any32,
})
export const anySegmentEntry: fc.Arbitrary<SegmentEntry> = fc.record({
  sealId: any16,
  hash: any32,
  size: anyUint,
  key: any32,
  epochs: few(any8),
})
