/** When an epoch opens and who gets its keys (protocol §4), over random histories of grants, groups and writes. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { equal, facetKey, hash, toHex, type EpochKey, type OwnerPart } from '#crypto'
import { epochKeyOf, planEpochs, type EpochPlan } from '../../client/core/collections/epochs.ts'
import type { Wanted } from '../../client/core/collections/wanted.ts'

const FACET = 'health/immunizations'
const bytes = (n: number, length = 16): Uint8Array => new Uint8Array(length).fill(n)
const grant = (n: number, more: Partial<Wanted> = {}): Wanted => ({
  grant: bytes(n),
  to: bytes(n, 32),
  checked: true,
  suspended: false,
  giving: false,
  agreement: new Uint8Array(),
  facets: [FACET],
  epochs: 'all',
  held: [],
  ...more,
})
/** Names of the epochs that a plan's keyring opens to a grant; null where it has no envelope. */
const epochsFor = ({ envelopes }: EpochPlan, n: number): string[] | null => {
  const envelope = envelopes?.find(({ grant }) => equal(grant, bytes(n)))
  return envelope ? envelope.keys.map(({ epoch }) => toHex(epoch)).sort() : null
}
const names = ({ epochs }: OwnerPart): string[] => epochs.map(({ id }) => toHex(id)).sort()
const name = (epoch: Uint8Array): string => toHex(epoch)

describe('an epoch opens', () => {
  test('with the first head, and not for a second write', () => {
    const first = planEpochs(null, [], { writes: true }, 1)
    expect(first).toMatchObject({ opened: true })
    const second = planEpochs(first.owner, [], { writes: true }, 2)
    expect(second).toMatchObject({ opened: false, envelopes: null, epoch: first.epoch })
  })

  test('not when somebody comes: who comes gets everything there is', () => {
    const first = planEpochs(null, [], { writes: true }, 1)
    const plan = planEpochs(first.owner, [grant(1)], { writes: false }, 2)
    expect(plan.opened).toBe(false)
    expect(epochsFor(plan, 1)).toEqual(names(first.owner))
    expect(planEpochs(plan.owner, [grant(1)], { writes: true }, 3).envelopes).toBe(null)
  })

  test.each([
    ['a grant ends', []],
    ['its recipient has another key', [grant(1, { to: bytes(9, 32) })]],
    ['another grant takes its place', [grant(2)]],
  ])('when %s', (_, wanted) => {
    const held = planEpochs(null, [grant(1)], { writes: true }, 1)
    const plan = planEpochs(held.owner, wanted, { writes: true }, 2)
    expect(plan.opened).toBe(true)
    expect(plan.epoch).not.toEqual(held.epoch)
    expect(epochsFor(plan, 1)?.includes(name(plan.epoch)) ?? false).toBe(wanted.some(one => equal(one.grant, bytes(1))))
  })
})

describe('a grant of', () => {
  const [before] = [planEpochs(null, [], { writes: true }, 1)]
  const held = [before.epoch]

  test('existing versions only gets nothing written from then on', () => {
    const given = planEpochs(before.owner, [grant(1, { epochs: 'existing', held })], { writes: false }, 2)
    expect(given.opened).toBe(false)
    expect(epochsFor(given, 1)).toEqual([name(before.epoch)])
    const written = planEpochs(given.owner, [grant(1, { epochs: 'existing', held })], { writes: true }, 3)
    expect(written.opened).toBe(true)
    expect(epochsFor(written, 1)).toEqual([name(before.epoch)])
    expect(planEpochs(written.owner, [grant(1, { epochs: 'existing', held })], { writes: true }, 4).opened).toBe(false)
  })

  test('new versions only gets nothing written before it', () => {
    const given = planEpochs(before.owner, [grant(1, { epochs: 'new', held })], { writes: false }, 2)
    expect(given.opened).toBe(true)
    expect(epochsFor(given, 1)).toEqual([name(given.epoch)])
  })

  test('an unchecked group gets the newest manifest and no newer facet key, until it is checked', () => {
    const given = planEpochs(before.owner, [grant(1), grant(2)], { writes: true }, 2)
    const ended = planEpochs(given.owner, [grant(1, { checked: false })], { writes: true }, 3)
    expect(ended.opened).toBe(true)
    expect(epochsFor(ended, 1)).toEqual([name(before.epoch)])
    const still = planEpochs(ended.owner, [grant(1, { checked: false })], { writes: true }, 4)
    expect(still).toMatchObject({ opened: false, envelopes: null })
    const checked = planEpochs(still.owner, [grant(1)], { writes: true }, 5)
    expect(epochsFor(checked, 1)).toEqual(names(checked.owner))
  })
})

/** One step of a history: which grants are live, who could be asked, whose key is another, and whether it writes. */
const step = fc.record({
  live: fc.subarray([1, 2, 3]),
  unasked: fc.subarray([1, 2, 3]),
  rekeyed: fc.subarray([1, 2, 3]),
  writes: fc.boolean(),
})
const kinds = fc.tuple(...[1, 2, 3].map(() => fc.constantFrom<Wanted['epochs']>('all', 'existing', 'new')))

describe('over any history', () => {
  /** Runs it; calls `check` with every plan and whether it opened an epoch, the writes of each epoch in order. */
  const run = (
    steps: readonly { live: number[]; unasked: number[]; rekeyed: number[]; writes: boolean }[],
    kindOf: readonly Wanted['epochs'][],
    check: (plan: EpochPlan, wanted: Wanted[], heldAt: Map<number, string[]>, gone: Set<string>) => void,
  ): void => {
    let owner: OwnerPart | null = null
    const heldAt = new Map<number, string[]>()
    const keyNumber = new Map<number, number>()
    const ended = new Set<number>()
    /** `grant key` pairs that left, with the epochs there were then. */
    const gone = new Set<string>()
    let last: Wanted[] = []
    for (const { live, unasked, rekeyed, writes } of steps) {
      for (const n of rekeyed) keyNumber.set(n, (keyNumber.get(n) ?? 0) + 1)
      const wanted = live
        .filter(n => !ended.has(n))
        .map(n => {
          if (!heldAt.has(n)) heldAt.set(n, owner ? names(owner) : [])
          const held = (owner?.epochs ?? []).map(({ id }) => id).filter(id => heldAt.get(n)!.includes(toHex(id)))
          const to = hash(bytes(n * 16 + (keyNumber.get(n) ?? 0), 32))
          return grant(n, {
            to,
            checked: !unasked.includes(n),
            epochs: kindOf[n - 1]!,
            held: kindOf[n - 1] === 'all' ? [] : held,
          })
        })
      for (const n of heldAt.keys()) if (!live.includes(n)) ended.add(n)
      for (const old of last)
        if (!wanted.some(one => equal(one.grant, old.grant) && equal(one.to, old.to)))
          gone.add(`${toHex(old.grant)} ${toHex(old.to)}`)
      const plan = planEpochs(owner, wanted, { writes }, 1)
      if (!writes && !plan.opened && !plan.envelopes) continue
      check(plan, wanted, heldAt, gone)
      owner = plan.owner
      last = wanted
    }
  }
  const histories = fc.tuple(fc.array(step, { maxLength: 12 }), kinds)

  test('nobody who left holds an epoch that opened afterwards', () => {
    fc.assert(
      fc.property(histories, ([steps, kindOf]) => {
        const known = new Map<string, Set<string>>()
        run(steps, kindOf, ({ envelopes, owner }, _, __, gone) => {
          for (const { grant, to, keys } of envelopes ?? []) {
            const id = `${toHex(grant)} ${toHex(to)}`
            expect(gone.has(id), 'an envelope to somebody who left').toBe(false)
            known.set(id, new Set(keys.map(({ epoch }) => toHex(epoch))))
          }
          const newest = toHex(owner.epochs.at(-1)!.id)
          for (const id of gone) expect(known.get(id)?.has(newest) ?? false).toBe(false)
        })
      }),
      { numRuns: 1000 },
    )
  })

  test('everybody holds exactly the epochs of the grant, and the right keys', () => {
    fc.assert(
      fc.property(histories, ([steps, kindOf]) => {
        run(steps, kindOf, ({ envelopes, owner }, wanted, heldAt) => {
          for (const [i, { keys }] of (envelopes ?? []).entries()) {
            const { epochs, grant } = wanted[i]!
            const withheld = owner.withheld.filter(one => equal(one.grant, grant)).map(({ epoch }) => toHex(epoch))
            const held = heldAt.get(grant[0]!)!
            const mine = names(owner)
              .filter(id => epochs === 'all' || held.includes(id) === (epochs === 'existing'))
              .filter(id => !withheld.includes(id))
            expect(keys.map(({ epoch }) => toHex(epoch)).sort()).toEqual(mine)
            for (const { epoch, facet, key } of keys)
              expect(key).toEqual(facetKey(epochKeyOf(owner)(toHex(epoch)) as EpochKey, facet))
          }
        })
      }),
      { numRuns: 500 },
    )
  })

  test('what is withheld is withheld from the unchecked only, and from nobody who already had it', () => {
    fc.assert(
      fc.property(histories, ([steps, kindOf]) => {
        run(steps, kindOf, ({ owner }, wanted) => {
          for (const { grant } of owner.withheld)
            expect(wanted.find(one => equal(one.grant, grant))?.checked).toBe(false)
        })
      }),
      { numRuns: 500 },
    )
  })

  test('a write never lands in an epoch that an existing-only grant holds', () => {
    fc.assert(
      fc.property(histories, ([steps, kindOf]) => {
        run(steps, kindOf, (plan, wanted, heldAt) => {
          for (const { epochs, grant } of wanted)
            if (epochs === 'new') expect(heldAt.get(grant[0]!)!.includes(toHex(plan.epoch))).toBe(false)
        })
      }),
      { numRuns: 500 },
    )
  })
})
