/**
 * What each reader can open in the end, version by version, over any history of grants and writes (protocol §4, A30, A31, A34):
 * nobody gains a version that the grant leaves out, nobody loses one that it gave.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { equal, hash, toHex, type OwnerPart } from '#crypto'
import { planEpochs, type EpochPlan } from '../../client/core/collections/epochs.ts'
import type { Wanted } from '../../client/core/collections/wanted.ts'

const GRANTS = [1, 2, 3]
const bytes = (n: number, length = 16): Uint8Array => new Uint8Array(length).fill(n)

/** Per grant: whether it lives, who could be asked, who waits for a confirmation, whose key is another; and whether it writes. */
const step = fc.record({
  live: fc.subarray(GRANTS),
  unasked: fc.oneof(fc.constant<number[]>([]), fc.subarray(GRANTS)),
  suspended: fc.oneof(fc.constant<number[]>([]), fc.subarray(GRANTS)),
  rekeyed: fc.oneof(fc.constant<number[]>([]), fc.subarray(GRANTS)),
  writes: fc.boolean(),
})
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never
const kinds = fc.tuple(...GRANTS.map(() => fc.constantFrom<Wanted['epochs']>('all', 'existing', 'new')))
const histories = fc.tuple(fc.array(step, { maxLength: 14 }), kinds)

interface Reader {
  wanted: Wanted
  /** How many versions there were when it was given, and the epochs then. */
  since: number
  held: Uint8Array[]
}

class History {
  owner: OwnerPart | null = null
  /** The epoch of every version. */
  readonly versions: string[] = []
  /** Every epoch that a `grant and key` ever got. */
  readonly known = new Map<string, Set<string>>()
  /** What the newest keyring gives each grant. */
  standing = new Map<number, Set<string>>()
  readonly readers = new Map<number, Reader>()
  readonly #keys = new Map<number, number>()
  readonly #ended = new Set<number>()
  readonly #kinds: readonly Wanted['epochs'][]

  constructor(kinds: readonly Wanted['epochs'][]) {
    this.#kinds = kinds
  }

  static nameOf = ({ grant, to }: Pick<Wanted, 'grant' | 'to'>): string => `${toHex(grant)} ${toHex(to)}`

  wanted(of: Step): Wanted[] {
    for (const n of of.rekeyed) this.#keys.set(n, (this.#keys.get(n) ?? 0) + 1)
    for (const n of this.readers.keys()) if (!of.live.includes(n)) this.#ended.add(n)
    return of.live.filter(n => !this.#ended.has(n)).map(n => this.#wantedOf(n, of))
  }

  #wantedOf(n: number, { unasked, suspended }: Step): Wanted {
    const epochs = this.#kinds[n - 1]!
    const { held, since } = this.readers.get(n) ?? {
      held: epochs === 'all' ? [] : (this.owner?.epochs ?? []).map(({ id }) => id),
      since: this.versions.length,
    }
    const wanted: Wanted = {
      grant: bytes(n),
      to: hash(bytes(16 * n + (this.#keys.get(n) ?? 0), 32)),
      checked: !unasked.includes(n),
      suspended: suspended.includes(n),
      giving: false,
      agreement: new Uint8Array(),
      facets: ['health'],
      epochs,
      held,
    }
    this.readers.set(n, { wanted, since, held })
    return wanted
  }

  /** One commit, and what readers learn of it. */
  take(of: Step): { wanted: Wanted[]; plan: EpochPlan; before: Map<number, Set<string>> } {
    const [before, wanted] = [this.standing, this.wanted(of)]
    const plan = planEpochs(this.owner, wanted, { writes: of.writes }, 1)
    this.owner = plan.owner
    if (of.writes) this.versions.push(toHex(plan.epoch))
    if (plan.envelopes) this.standing = new Map()
    for (const { grant, to, keys } of plan.envelopes ?? []) {
      const epochs = keys.map(({ epoch }) => toHex(epoch))
      this.standing.set(grant[0]!, new Set(epochs))
      const name = History.nameOf({ grant, to })
      this.known.set(name, new Set([...(this.known.get(name) ?? []), ...epochs]))
    }
    return { wanted, plan, before }
  }

  /** The versions that `epochs` open, as numbers. */
  opened = (epochs: ReadonlySet<string> | undefined): number[] =>
    this.versions.flatMap((epoch, i) => (epochs?.has(epoch) ? [i] : []))

  /** All that any key of the grant ever opened. */
  everOpened(n: number): number[] {
    const epochs = [...this.known].flatMap(([name, of]) => (name.startsWith(toHex(bytes(n))) ? [...of] : []))
    return this.opened(new Set(epochs))
  }
}

type Taken = ReturnType<History['take']> & { of: Step; history: History }
function over(runs: number, check: (taken: Taken) => void): void {
  fc.assert(
    fc.property(histories, ([steps, kindOf]) => {
      const history = new History(kindOf)
      for (const of of steps) check({ ...history.take(of), of, history })
    }),
    { numRuns: runs },
  )
}

test('[A30] existing-only opens nothing written since it was given, new-only nothing from before', () => {
  over(400, ({ history }) => {
    for (const [n, { wanted, since }] of history.readers) {
      const opened = history.everOpened(n)
      if (wanted.epochs === 'existing') expect(opened.filter(version => version >= since)).toEqual([])
      if (wanted.epochs === 'new') expect(opened.filter(version => version < since)).toEqual([])
    }
  })
})

test('[A30] who is confirmed and could be asked opens all that the grant says', () => {
  over(400, ({ history, wanted }) => {
    for (const { grant, epochs, checked, suspended } of wanted) {
      if (!checked || suspended) continue
      const { since } = history.readers.get(grant[0]!)!
      const all = history.versions.map((_, i) => i)
      const given = all.filter(version => epochs === 'all' || version < since === (epochs === 'existing'))
      expect(history.opened(history.standing.get(grant[0]!))).toEqual(given)
    }
  })
})

test('[A30] nobody loses an epoch while the grant lives, whatever becomes of the others', () => {
  over(400, ({ wanted, before, history }) => {
    for (const { grant } of wanted) {
      const [was, is] = [before, history.standing].map(of => [...(of.get(grant[0]!) ?? [])])
      expect(is).toEqual(expect.arrayContaining(was!))
    }
  })
})

test('[A30] a key that its grant left behind opens nothing written afterwards', () => {
  const left = new Map<History, Map<string, number>>()
  over(400, ({ history, wanted, of }) => {
    const ended = left.get(history) ?? new Map<string, number>()
    left.set(history, ended)
    for (const name of history.known.keys())
      if (!wanted.some(one => History.nameOf(one) === name) && !ended.has(name))
        ended.set(name, history.versions.length - Number(of.writes))
    for (const [name, at] of ended) {
      if (wanted.some(one => History.nameOf(one) === name)) continue
      expect(history.opened(history.known.get(name)).filter(version => version >= at)).toEqual([])
    }
  })
})

test('[A31] [A34] nothing is written for who waits for a confirmation, and no new epoch is for who could not be asked', () => {
  over(400, ({ history, wanted, plan, of }) => {
    const newest = toHex(plan.epoch)
    for (const { grant, suspended, checked } of wanted) {
      const opens = history.standing.get(grant[0]!)?.has(newest) ?? false
      if (suspended && of.writes) expect(opens).toBe(false)
      if (!checked && plan.opened) expect(opens).toBe(false)
    }
  })
})

test('[A30] a keyring is sealed to those who should hold it, and names nobody else', () => {
  over(200, ({ wanted, plan }) => {
    if (!plan.envelopes) return
    expect(plan.envelopes.map(History.nameOf)).toEqual(wanted.map(History.nameOf))
    expect(plan.owner.holders.every(({ to }, i) => equal(to, hash(wanted[i]!.to)))).toBe(true)
  })
})
