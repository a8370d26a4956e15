/**
 * What a plain table in memory would hold. Of each record, what may stand: the last thing that each device was told is done, and what it
 * asked for since and does not know. A record that somebody deleted, and knows it, is gone for all.
 */
import type { RecordId } from '#core'

const GONE = Symbol('gone')
type Value = string | typeof GONE

interface Known {
  /** Done, as its device was told. */
  done: Value | null
  /** Asked for since, outcome unknown. */
  open: Value[]
}

export class Model {
  readonly #records = new Map<RecordId, Map<string, Known>>()

  ids(): RecordId[] {
    return [...this.#records.keys()]
  }

  asked(device: string, id: RecordId, value: string | null): void {
    this.#of(device, id).open.push(value ?? GONE)
  }

  /** The last thing asked for is done. */
  done(device: string, id: RecordId): void {
    const known = this.#of(device, id)
    known.done = known.open.at(-1)!
    known.open = []
  }

  #of(device: string, id: RecordId): Known {
    const devices = this.#records.get(id) ?? new Map<string, Known>()
    this.#records.set(id, devices)
    const known = devices.get(device) ?? { done: null, open: [] }
    devices.set(device, known)
    return known
  }

  /** null where it may stand; else what is wrong with it. */
  wrong(id: RecordId, value: string | null): string | null {
    const all = [...this.#records.get(id)!.values()]
    const isGone = all.some(({ done }) => done === GONE)
    const mayBeGone = isGone || all.some(({ open }) => open.includes(GONE)) || all.every(({ done }) => done === null)
    if (value === null) return mayBeGone ? null : 'lost'
    if (isGone) return 'came back'
    const may = new Set(all.flatMap(({ done, open }) => [...(done === null ? [] : [done]), ...open]))
    return may.has(value) ? null : `holds ${value}, of ${[...may].map(String).join(', ')}`
  }
}
