/**
 * What a plain table in memory would hold. Of each record, what may stand: the last thing that each device was told is done, what it asked
 * for since and does not know, and what was under way when a program of it ended, which may arrive at any time. A record that somebody
 * deleted, and knows it, is gone for all; one whose deletion may have happened may be gone.
 */
import type { RecordId } from '#core'

const GONE = Symbol('gone')
type Value = string | typeof GONE

interface Asked {
  value: Value
  /** In the order in which its device asked. */
  at: number
}

interface Known {
  /** The last thing done, as its device was told. */
  done: Asked | null
  /** Asked for since by the same program, outcome unknown. */
  open: Asked[]
  /** Of programs that ended. */
  adrift: Value[]
}

/** Tells that what was asked for is done. */
export type Done = () => void

export class Model {
  readonly #records = new Map<RecordId, Map<string, Known>>()
  /** Of each value the record that it was asked for. */
  readonly #askedFor = new Map<string, RecordId>()
  #count = 0

  asked(device: string, id: RecordId, value: string | null): Done {
    const known = this.#of(device, id)
    const asked: Asked = { value: value ?? GONE, at: ++this.#count }
    known.open.push(asked)
    if (value !== null) this.#askedFor.set(value, id)
    return () => {
      if (known.done && known.done.at > asked.at) return
      known.done = asked
      const before = known.open.filter(({ at }) => at < asked.at)
      known.adrift.push(...before.map(one => one.value).filter(one => one === GONE)) // it stays so, if it came to it
      known.open = known.open.filter(({ at }) => at > asked.at)
    }
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
    const known = devices.get(device) ?? { done: null, open: [], adrift: [] }
    devices.set(device, known)
    return known
  }

  /** null where it may stand; else what is wrong with it. */
  wrong(id: RecordId, value: string | null): string | null {
    const all = [...(this.#records.get(id)?.values() ?? [])]
    const done = all.flatMap(one => (one.done ? [one.done.value] : []))
    const perhaps = all.flatMap(({ open, adrift }) => [...open.map(one => one.value), ...adrift])
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
