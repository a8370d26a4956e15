/**
 * What a plain table in memory would hold. Of each record, what may stand: the last thing that each device was told is done, with what was
 * under way beside it; what it asked for since and does not know; and what was under way when a program of it ended, which may arrive at
 * any time. A record that somebody deleted, and knows it, is gone for all; one whose deletion may have happened may be gone.
 */
import type { RecordId } from '#core'

const GONE = Symbol('gone')
type Value = string | typeof GONE

interface Attempt {
  value: Value
  /** By the count of all that begins and ends. */
  begun: number
  /** Infinity: under way. */
  ended: number
}

interface Known {
  done: Attempt[]
  /** By the program that runs, outcome unknown. */
  open: Attempt[]
  /** Of programs that ended, and deletions: once asked for, they may hold for ever. */
  adrift: Value[]
}

/** null: to be deleted. */
export type Wanted = readonly (readonly [RecordId, string | null])[]

export class Model {
  readonly #records = new Map<RecordId, Map<string, Known>>()
  /** Of each value the record that it was asked for. */
  readonly #askedFor = new Map<string, RecordId>()
  #count = 0

  /** Tells what becomes of it: whoever calls this calls one of both. */
  begin(device: string, wanted: Wanted): { done(): void; failed(): void } {
    const begun = ++this.#count
    const attempts = wanted.map(([id, value]) => {
      const attempt: Attempt = { value: value ?? GONE, begun, ended: Infinity }
      if (value !== null) this.#askedFor.set(value, id)
      const known = this.#of(device, id)
      known.open.push(attempt)
      return { attempt, known }
    })
    const end = (): void => {
      this.#count++
      for (const { attempt } of attempts) attempt.ended = this.#count
    }
    const done = (): void => {
      end()
      for (const { attempt, known } of attempts) settle(known, attempt)
    }
    return { done, failed: end }
  }

  async attempt(device: string, wanted: Wanted, work: () => Promise<unknown>): Promise<void> {
    const { done, failed } = this.begin(device, wanted)
    await work().catch((error: unknown) => {
      failed()
      throw error
    })
    done()
  }

  /** The program ended, by whatever: what it had sent may come later than what the next one does. */
  ended(device: string): void {
    for (const devices of this.#records.values()) {
      const known = devices.get(device)
      known?.adrift.push(...known.open.splice(0).map(({ value }) => value))
    }
  }

  #of(device: string, id: RecordId): Known {
    const devices = this.#records.get(id) ?? new Map<string, Known>()
    this.#records.set(id, devices)
    const known = devices.get(device) ?? { done: [], open: [], adrift: [] }
    devices.set(device, known)
    return known
  }

  /** null where it may stand; else what is wrong with it. */
  wrong(id: RecordId, value: string | null): string | null {
    const all = [...(this.#records.get(id)?.values() ?? [])]
    const done: Value[] = all.flatMap(one => one.done.map(attempt => attempt.value))
    const perhaps: Value[] = all.flatMap(({ open, adrift }) => [...open.map(attempt => attempt.value), ...adrift])
    const isGone = done.includes(GONE)
    if (value === null) return isGone || perhaps.includes(GONE) || !done.length ? null : 'lost'
    if (isGone) return 'came back'
    const may = new Set([...done, ...perhaps])
    return may.has(value) ? null : `holds ${value}, of ${[...may].map(String).join(', ')}`
  }

  ids(): RecordId[] {
    return [...this.#records.keys()]
  }

  /** The record that a value was asked for; null: nobody asked for it. */
  origin(value: string): RecordId | null {
    return this.#askedFor.get(value) ?? null
  }
}

/** It replaces what had ended before it began; of what was under way beside it, either may stand. */
function settle(known: Known, attempt: Attempt): void {
  const isBeside = ({ ended }: Attempt): boolean => ended > attempt.begun
  const before = known.open.filter(one => !isBeside(one))
  known.adrift.push(...before.map(({ value }) => value).filter(value => value === GONE))
  known.open = known.open.filter(one => one !== attempt && isBeside(one))
  known.done = [...known.done.filter(one => isBeside(one) || one.value === GONE), attempt]
}
