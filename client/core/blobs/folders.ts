/**
 * Which folder the next part of a file goes to: of each collection one until it is full, in whatever opening, as this device notes
 * (SPEC D10); so containers hold a few hundred entries, and their number grows with the files only. Places are noted before they are
 * used, twice as many each time: an opening leaves at most as many empty as it used.
 *
 *   folder <container>     [folder, places taken]
 */
import { decode, encode, fromBase64Url, id16, isCode, random, struct, toBase64Url, uint } from '#crypto'
import { inTurn } from '../parallel.ts'
import type { Store } from '../store.ts'

/** Containers stay under 256 entries. */
const ENTRIES = 256
/** Places noted at once. */
const MOST = 32
/** Milliseconds; what was stored longer ago is looked for again before anything refers to it (protocol §5, Garbage). */
const RECENT = 24 * 3600_000

export const folderInUse = struct({ folder: id16, taken: uint })

interface InUse {
  folder: string
  /** Places that were used, and those noted as taken. */
  used: number
  noted: number
  /** How many are noted next. */
  step: number
}

export class Folders {
  readonly #store: Store
  readonly #clock: () => number
  readonly #turn = inTurn()
  readonly #inUse = new Map<string, InUse>()
  readonly #stored = new Map<string, number>()

  constructor(store: Store, clock: () => number = Date.now) {
    this.#store = store
    this.#clock = clock
  }

  /** For an object of this name, which is about to be stored there. */
  next(container: string, name: string): Promise<string> {
    return this.#turn(async () => {
      const known = this.#inUse.get(container) ?? (await this.#earlier(container))
      const inUse = known && known.used < ENTRIES ? known : anew()
      if (inUse.used === inUse.noted) await this.#note(container, inUse)
      this.#inUse.set(container, inUse)
      inUse.used++
      this.#stored.set(name, this.#clock())
      return inUse.folder
    })
  }

  /** Whether an object of this name was stored by this opening, less than a day ago. */
  isRecent(name: string): boolean {
    return this.#clock() - (this.#stored.get(name) ?? -Infinity) < RECENT
  }

  async #earlier(container: string): Promise<InUse | null> {
    try {
      const stored = await this.#store.get(keyOf(container))
      if (!stored) return null
      const { folder, taken } = decode(folderInUse, stored)
      return { folder: toBase64Url(folder), used: taken, noted: taken, step: 1 }
    } catch (error) {
      if (isCode(error, 'tampered')) return null // as after a restored disk
      throw error
    }
  }

  async #note(container: string, inUse: InUse): Promise<void> {
    const taken = Math.min(ENTRIES, inUse.noted + inUse.step)
    const value = encode(folderInUse, { folder: fromBase64Url(inUse.folder), taken })
    await this.#store.set(keyOf(container), value)
    inUse.noted = taken
    inUse.step = Math.min(MOST, 2 * inUse.step)
  }
}

const keyOf = (container: string): string => `folder ${container}`
const anew = (): InUse => ({ folder: toBase64Url(random(16)), used: 0, noted: 0, step: 1 })
