/** The hybrid clock: stamps rise, whatever the local clock does and whatever was seen from elsewhere. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hybridClock } from '../../client/core/clock.ts'

test('every stamp is greater than any given or seen before', () => {
  const event = fc.oneof(
    fc.record({ saw: fc.integer({ min: 0, max: 1000 }) }),
    fc.record({ local: fc.integer({ min: 0, max: 1000 }) }),
    fc.constant('next' as const),
  )
  fc.assert(
    fc.property(fc.array(event), events => {
      let [local, greatest] = [0, 0]
      const clock = hybridClock(() => local)
      for (const one of events) {
        if (one === 'next') {
          const stamp = clock.next()
          expect(stamp).toBeGreaterThan(greatest)
          expect(stamp).toBeGreaterThanOrEqual(local)
          greatest = stamp
        } else if ('saw' in one) {
          clock.saw(one.saw)
          greatest = Math.max(greatest, one.saw)
        } else local = one.local
        expect(clock.now()).toBeGreaterThanOrEqual(Math.max(local, greatest))
      }
    }),
  )
})
