/** When a grant is in force: the client's `from` and `until`, the server's dates, and the clock that both are judged by. */
import fc from 'fast-check'
import { DataFactory, Store as Quads } from 'n3'
import { describe, expect, test } from 'vitest'
import { alv, facets, isWithin, xsd } from '#vocab'
import type { GrantEntry } from '../../client/core/account-state.ts'
import { holds } from '../../client/core/checks.ts'
import { hybridClock } from '../../client/core/clock.ts'
import { isInForce } from '../../pod-server/components/expiring-access-checker.ts'

const START = Date.UTC(2026, 0, 1)
/** Close together, so that many are the same. */
const moment = fc.nat(6).map(n => START + n)
const state = fc.constantFrom<GrantEntry['state']>('giving', 'live', 'ending', 'ended')
const grantOf = (from: number, until: number, state: GrantEntry['state']): GrantEntry => ({
  id: new Uint8Array(16),
  to: 'https://bob.example/#me',
  toKind: 'person',
  collections: [],
  facets: [],
  from,
  until,
  purpose: '',
  epochs: 'all',
  held: [],
  state,
  agreement: new Uint8Array(),
  given: START,
  ended: null,
  signed: START,
  behind: [],
})

const { namedNode, literal } = DataFactory
const rule = namedNode('https://pod.example/.acl#rule')
const dated = (term: string, at: number) =>
  [rule, namedNode(term), literal(new Date(at).toISOString(), namedNode(xsd.dateTime))] as const
function served(from: readonly number[], until: readonly number[]): Quads {
  const acl = new Quads()
  for (const at of from) acl.addQuad(...dated(alv.validFrom, at))
  for (const at of until) acl.addQuad(...dated(alv.validUntil, at))
  return acl
}

describe('a window', () => {
  test('is from its first moment to before its last, while the grant is being given or lives', () => {
    fc.assert(
      fc.property(moment, moment, moment, state, (from, until, now, state) => {
        const inside = now >= from && now < until
        expect(holds(grantOf(from, until, state), now)).toBe(inside && (state === 'giving' || state === 'live'))
      }),
      { numRuns: 500 },
    )
  })

  test('is the same for the server as for the client, to the millisecond', () => {
    fc.assert(
      fc.property(moment, moment, moment, (from, until, now) => {
        expect(isInForce({ acl: served([from], [until]), rule }, now)).toBe(holds(grantOf(from, until, 'live'), now))
      }),
      { numRuns: 500 },
    )
  })

  test('of several dates is where all hold, so that one date more never gives more', () => {
    const dates = fc.array(moment, { maxLength: 3 })
    fc.assert(
      fc.property(dates, dates, moment, (from, until, now) => {
        const all = from.every(at => now >= at) && until.every(at => now < at)
        expect(isInForce({ acl: served(from, until), rule }, now)).toBe(all)
      }),
      { numRuns: 300 },
    )
  })

  test('with a date that cannot be read, or that no calendar has, gives nothing at any time', () => {
    const odd = fc.oneof(
      fc.string(),
      fc.constantFrom(
        '2999-02-30T00:00:00Z',
        '2999-01-01T00:00:00',
        '2999-01-01',
        '2999-13-01T00:00:00Z',
        '2999-01-01T25:00:00Z',
      ),
    )
    fc.assert(
      fc.property(odd, fc.constantFrom(alv.validUntil, alv.validFrom), fc.maxSafeNat(), (text, term, now) => {
        const acl = served([], [])
        acl.addQuad(rule, namedNode(term), literal(text, namedNode(xsd.dateTime)))
        expect(isInForce({ acl, rule }, now)).toBe(false)
      }),
      { numRuns: 300 },
    )
  })
})

describe('the clock', () => {
  test('once a later time was seen, no turned-back clock brings an ended grant to life', () => {
    fc.assert(
      fc.property(moment, fc.array(moment), (until, readings) => {
        let local = START
        const clock = hybridClock(() => local)
        let over = false
        for (const reading of readings) {
          local = reading
          clock.saw(reading)
          const live = holds(grantOf(0, until, 'live'), clock.now())
          expect(live && over).toBe(false)
          over ||= !live
        }
      }),
    )
  })
})

describe('within', () => {
  const path = fc.oneof(
    fc.constantFrom(...facets.map(({ path }) => path)),
    fc.array(fc.constantFrom('a', 'ab', 'b', 'health'), { minLength: 1, maxLength: 3 }).map(ids => ids.join('/')),
  )

  test('[K4] is a partial order, and of two that hold a third one holds the other', () => {
    fc.assert(
      fc.property(path, path, path, (a, b, c) => {
        expect(isWithin(a, a)).toBe(true)
        expect(isWithin(a, b) && isWithin(b, a)).toBe(a === b)
        if (isWithin(a, b) && isWithin(b, c)) expect(isWithin(a, c)).toBe(true)
        if (isWithin(a, b) && isWithin(a, c)) expect(isWithin(b, c) || isWithin(c, b)).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })

  test('[K4] is along whole names: a path is within exactly its own beginnings', () => {
    fc.assert(
      fc.property(path, path, (a, b) => {
        const [ids, above] = [a.split('/'), b.split('/')]
        expect(isWithin(a, b)).toBe(above.every((id, i) => ids[i] === id))
      }),
      { numRuns: 1000 },
    )
  })
})
