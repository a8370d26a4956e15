/**
 * Sealing anew across any history of grants, writes and compactions (protocol §4, A30): who holds a grant sees of every record the
 * newest version that the grant is for, before and after; who does not gets no key of what is sealed from then on.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { epochName, equal, hash, toHex, type Epoch, type OwnerPart, type Section } from '#crypto'
import { planEpochs, type Decision, type EpochPlan } from '../../client/core/collections/epochs.ts'
import type { Merging } from '../../client/core/collections/merge-epochs.ts'
import { entriesOf, OwnIndex } from '../../client/core/collections/own-index.ts'
import { addToSections, mergeSections } from '../../client/core/collections/pack.ts'
import { withoutSuperseded } from '../../client/core/collections/superseded.ts'
import { opens, type Wanted } from '../../client/core/collections/wanted.ts'

const FACET = 'health/immunizations/entry'
const RECORDS = ['00'.repeat(16), '11'.repeat(16)]
const GRANTS = [1, 2, 3]
const NOBODY: ReadonlySet<string> = new Set()
const bytes = (n: number, length = 16): Uint8Array => new Uint8Array(length).fill(n)

const act = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: fc.constant('write' as const), record: fc.constantFrom(...RECORDS) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('delete' as const), record: fc.constantFrom(...RECORDS) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('give' as const),
      n: fc.constantFrom(...GRANTS),
      epochs: fc.constantFrom<Wanted['epochs']>('all', 'existing', 'new'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('end' as const), n: fc.constantFrom(...GRANTS) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('compact' as const),
      atLeast: fc.constantFrom<1 | 2>(1, 2),
      before: fc.nat(40),
    }),
  },
)
/** Whom a commit cannot ask, who waits, who is still being given to. */
const unsure = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ unasked: [] as number[], giving: [] as number[] }) },
  { weight: 1, arbitrary: fc.record({ unasked: fc.subarray(GRANTS), giving: fc.subarray(GRANTS) }) },
)
const history = fc.array(fc.tuple(act, unsure), { maxLength: 24 })
type Step = typeof history extends fc.Arbitrary<(infer T)[]> ? T : never

interface Version {
  record: string
  stamp: number
  deleted: boolean
}
interface Reader {
  id: number
  epochs: Wanted['epochs']
  held: Uint8Array[]
  /** Versions that were there when it was given. */
  since: number
}

class Vault {
  owner: OwnerPart | null = null
  sections: Section[] = []
  readonly versions: Version[] = []
  readonly live = new Map<number, Reader>()
  /** Per grant, ended ones too: every epoch that it ever got a key of. */
  readonly keys = new Map<number, Set<Epoch>>()
  /** When each epoch was drawn, and each grant ended: the number of the commit. */
  readonly drawn = new Map<Epoch, number>()
  readonly ended = new Map<number, number>()
  #stamp = 0
  #given = 0

  take([act, { unasked, giving }]: Step): void {
    if (act.type === 'give' && this.live.has(act.n)) return
    if (act.type === 'give') this.#give(act.n, act.epochs)
    if (act.type === 'end') {
      const reader = this.live.get(act.n)
      if (reader) this.ended.set(reader.id, this.#stamp + 1)
      this.live.delete(act.n)
    }
    const wanted = [...this.live].map(([n, reader]) => this.#wanted(reader, unasked.includes(n), giving.includes(n)))
    const isWrite = act.type === 'write' || act.type === 'delete'
    const merging: Merging | null = act.type === 'compact' ? { before: act.before, atLeast: act.atLeast } : null
    const now = ++this.#stamp
    const plan = planEpochs(this.owner, wanted, { writes: isWrite, merging }, now)
    this.#seal(
      plan,
      { wanted, absent: [], accountVector: [], now },
      isWrite ? this.#version(act) : null,
      merging !== null,
    )
  }

  #give(n: number, epochs: Wanted['epochs']): void {
    const held = epochs === 'all' ? [] : (this.owner?.epochs ?? []).map(({ id }) => id)
    this.live.set(n, { id: 16 * n + (this.#given++ % 16), epochs, held, since: this.versions.length })
  }

  #wanted({ id, epochs, held }: Reader, unasked: boolean, giving: boolean): Wanted {
    const grant = hash(Uint8Array.of(id, this.#given)).subarray(0, 16)
    return {
      ...this.#named(id, grant),
      checked: !unasked,
      suspended: false,
      giving,
      agreement: bytes(0, 0),
      facets: ['health'],
      epochs,
      held,
    }
  }

  readonly #ids = new Map<number, Uint8Array>()
  #named(id: number, fresh: Uint8Array): { grant: Uint8Array; to: Uint8Array } {
    const grant = this.#ids.get(id) ?? fresh
    this.#ids.set(id, grant)
    return { grant, to: hash(grant) }
  }

  #version(act: { type: string; record: string }): Version {
    const version = { record: act.record, stamp: this.#stamp, deleted: act.type === 'delete' }
    this.versions.push(version)
    return version
  }

  #seal(plan: EpochPlan, decision: Decision, version: Version | null, compacts: boolean): void {
    const moved = this.sections.map(section => ({ ...section, epoch: plan.moved.get(section.epoch) ?? section.epoch }))
    const cell = version && {
      record: version.record,
      stamp: version.stamp,
      kind: version.deleted ? '' : 'Immunization',
      properties: version.deleted ? null : { note: String(version.stamp) },
      facet: FACET,
    }
    const all = addToSections(mergeSections(moved), epochName(plan.epoch), cell ? [cell] : [])
    const index = new OwnIndex()
    const known = addToSections(this.sections, epochName(plan.epoch), cell ? [cell] : []) // as it was before anything moved
    index.add(entriesOf(known, null))
    this.sections = compacts ? withoutSuperseded(all, index, decision, plan, NOBODY) : all
    for (const { id } of plan.owner.epochs)
      if (!this.drawn.has(epochName(id))) this.drawn.set(epochName(id), decision.now)
    for (const { grant, keys } of plan.envelopes ?? []) {
      const id = [...this.#ids].find(([, known]) => equal(known, grant))![0]
      const known = this.keys.get(id) ?? new Set()
      this.keys.set(id, known)
      for (const { epoch } of keys) known.add(toHex(epoch) as Epoch)
    }
    this.owner = plan.owner
  }

  /** The stamps that a grant shows, record by record. */
  shown(reader: Reader): (number | null)[] {
    const wanted = this.#wanted(reader, false, false)
    const open = new Set(
      this.owner!.epochs.filter(epoch => opens(wanted, epoch, this.owner!.withheld)).map(({ id }) => epochName(id)),
    )
    const cells = this.sections.filter(({ epoch }) => open.has(epoch)).flatMap(section => section.cells)
    return RECORDS.map(record => newest(cells.filter(cell => cell.record === record)))
  }

  /** What it is for. */
  meant({ epochs, since }: Reader): (number | null)[] {
    const versions = this.versions.filter(
      (_, at) => epochs === 'all' || (epochs === 'existing' ? at < since : at >= since),
    )
    return RECORDS.map(record =>
      newest(
        versions.filter(one => one.record === record).map(one => ({ ...one, kind: one.deleted ? '' : 'Immunization' })),
      ),
    )
  }
}

/** SPEC G6: a tombstone of the record before any other, then the greater stamp. */
function newest(cells: readonly { stamp: number; kind: string }[]): number | null {
  const tombstones = cells.filter(({ kind }) => kind === '')
  return tombstones.length ? -1 : Math.max(0, ...cells.map(({ stamp }) => stamp)) || null
}

test('[A30] no reader gains or loses a version, whatever is put together and when', () => {
  fc.assert(
    fc.property(history, steps => {
      const vault = new Vault()
      const doubtful = new Set<number>()
      for (const step of steps) {
        vault.take(step)
        for (const n of step[1].unasked) doubtful.add(n) // gets what was withheld once it could be asked
        for (const [n, reader] of vault.live)
          if (!doubtful.has(n)) expect(vault.shown(reader)).toEqual(vault.meant(reader))
      }
      for (const [id, end] of vault.ended)
        for (const epoch of vault.keys.get(id) ?? []) expect(vault.drawn.get(epoch)).toBeLessThan(end)
    }),
    { numRuns: 500 },
  )
})
