/** Which tests a mutant must withstand, and in which order: those that run it, the cheapest files first. */
import type { Cost, MeasuredFile, Place } from './messages.ts'
import type { Running } from './runner.ts'

export type Plan = { file: string; indexes: number[] }[]

interface Ran {
  ids: Set<number>
  files: Set<string>
}

export class Tests {
  readonly #files: readonly MeasuredFile[]
  readonly #atStart: ReadonlySet<number>
  readonly #fileOf: ReadonlyMap<number, string>
  readonly #ran: ReadonlyMap<Cost, Ran>
  /** Test files that killed what any test may see. */
  readonly #killers = new Set<string>()

  constructor(files: readonly MeasuredFile[], atStart: readonly number[], places: readonly Place[]) {
    this.#files = files
    this.#atStart = new Set(atStart)
    this.#fileOf = new Map(places.map(({ id, file }) => [id, file]))
    const costs = files.flatMap((file): Cost[] => [file, ...file.tests])
    this.#ran = new Map(
      costs.map(cost => [
        cost,
        { ids: new Set(cost.hits), files: new Set(cost.hits.map(hit => this.#fileOf.get(hit)!)) },
      ]),
    )
  }

  /**
   * None: no test runs it. What runs as the modules start is seen by whatever uses its file; where nothing in that file runs
   * later, as in a table of names, by any test: those that saw other such mutants first.
   */
  planFor(id: number): Plan {
    if (!this.#atStart.has(id)) return this.#plan(({ ids }) => ids.has(id))
    const file = this.#fileOf.get(id)!
    const near = this.#plan(({ files }) => files.has(file))
    if (near.length) return near
    const all = this.#plan(() => true)
    return [...all.filter(of => this.#killers.has(of.file)), ...all.filter(of => !this.#killers.has(of.file))]
  }

  /** That this test file killed a mutant that had this plan. */
  killed(plan: Plan, by: string): void {
    if (plan.length === this.#files.length) this.#killers.add(by)
  }

  /** Where a file runs it at its start, all its tests may see it. */
  #plan(sees: (ran: Ran) => boolean): Plan {
    return this.#files
      .map(of => {
        const whole = sees(this.#ran.get(of)!)
        const chosen = [...of.tests.entries()].filter(
          ([, test]) => !test.failed && (whole || sees(this.#ran.get(test)!)),
        )
        const cost = chosen.reduce((sum, [, { ms }]) => sum + ms, of.ms)
        const indexes = chosen.toSorted(([, a], [, b]) => a.ms - b.ms).map(([index]) => index)
        return { file: of.file, indexes, cost }
      })
      .filter(({ indexes }) => indexes.length)
      .sort((a, b) => a.cost - b.cost)
      .map(({ file, indexes }) => ({ file, indexes }))
  }

  /** How long a test, or the start of a file, may take: many times what it takes without a mutant. */
  limit(of: Running): number {
    const file = this.#files.find(measured => measured.file === of.file)
    const usual = 'index' in of ? file?.tests[of.index]?.ms : file?.ms
    return 5_000 + 5 * (usual ?? 0)
  }
}
