/** Which mutants stand in code that ran, by V8's own block coverage. */
import { Session, type Profiler } from 'node:inspector'
import { setFlagsFromString } from 'node:v8'
import type { Place } from './messages.ts'
import { root } from './modules.ts'

type Range = Profiler.CoverageRange

/** Optimized code does not count all of its calls. */
const OPTIMIZERS = ['turbofan', 'maglev']

export class Coverage {
  readonly #session = new Session()
  readonly #places: Map<string, Place[]>

  constructor(places: readonly Place[]) {
    for (const flag of OPTIMIZERS) setFlagsFromString(`--no-${flag}`)
    this.#places = Map.groupBy(places, ({ file }) => file)
    this.#session.connect()
    this.#session.post('Profiler.enable')
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
  }

  end(): void {
    this.#session.disconnect()
    for (const flag of OPTIMIZERS) setFlagsFromString(`--${flag}`)
  }

  /** The ids of those that ran since the last call. */
  take(): number[] {
    let scripts: Profiler.ScriptCoverage[] = []
    this.#session.post('Profiler.takePreciseCoverage', (_, { result }) => (scripts = result))
    return scripts.flatMap(({ url, functions }) => {
      const places = this.#places.get(url.slice(root.length).split('?')[0]!) ?? []
      const ranges = places.length ? functions.flatMap(({ ranges }) => ranges) : []
      return places.filter(place => ran(place, ranges)).map(({ id }) => id)
    })
  }
}

/** By the innermost range around it: what V8 does not list did not change its count. */
function ran({ start }: Place, ranges: readonly Range[]): boolean {
  let inner: Range | null = null
  for (const range of ranges) {
    if (range.startOffset > start || range.endOffset <= start) continue
    if (!inner || range.endOffset - range.startOffset < inner.endOffset - inner.startOffset) inner = range
  }
  return inner !== null && inner.count > 0
}
