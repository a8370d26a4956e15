/**
 * Which selections are behind what this device writes, noted before it does: whoever dies in between, or finds no line for it, brings
 * them up to date when the vault is opened again (SPEC Z4). A note goes once nothing is under way and nothing was left behind.
 *
 *   to follow    [selection, …]        followed    [when it last looked at all of them (ms)]
 */
import { decode, encode, equal, id16, isCode, list, struct, toHex, uint, type Codec } from '#crypto'
import { inTurn } from '../parallel.ts'
import type { Store } from '../store.ts'

const KEY = 'to follow'
const LOOKED = 'followed'
export const behind = list(id16)
export const followed = struct({ at: uint })

/** Of a selection, in this opening. */
interface Debt {
  /** Writes under way. */
  writes: number
  /** How many attempts left something behind, and of how many it was made up for. */
  left: number
  madeUp: number
}

export class FollowNote {
  readonly #store: Store
  readonly #turn = inTurn()
  readonly #debts = new Map<string, Debt>()

  constructor(store: Store) {
    this.#store = store
  }

  async read(): Promise<Uint8Array[]> {
    return (await this.#read(KEY, behind)) ?? []
  }

  /** Milliseconds since 1970; null: never. */
  async lookedAt(): Promise<number | null> {
    return (await this.#read(LOOKED, followed))?.at ?? null
  }

  looked(at: number): Promise<void> {
    return this.#store.set(LOOKED, encode(followed, { at }))
  }

  async #read<T>(key: string, format: Codec<T>): Promise<T | null> {
    const stored = await this.#store.get(key)
    try {
      return stored && decode(format, stored)
    } catch (error) {
      if (isCode(error, 'tampered')) return null // as after a restored disk: tidying looks at all of them
      throw error
    }
  }

  /** A write; durable when it resolves. Of each it is to come to an `end`, or to `leave` it behind. */
  begin(ids: readonly Uint8Array[]): Promise<void> {
    return this.#turn(async () => {
      const known = await this.read()
      const isKnown = (id: Uint8Array): boolean => known.some(one => equal(one, id))
      await this.#write([...known, ...ids.filter(id => !isKnown(id))])
      for (const id of ids) {
        const debt = this.#debt(id)
        if (isKnown(id) && !debt.writes && debt.left === debt.madeUp) debt.left++ // in an earlier opening
        debt.writes++
      }
    })
  }

  /** How much was left behind until now, and whether some of it was not made up for. */
  debt(id: Uint8Array): { left: number; isOwed: boolean } {
    const { left, madeUp } = this.#debt(id)
    return { left, isOwed: left > madeUp }
  }

  /** The write did not come to its end, or the selection could not be brought up to it. */
  leave(id: Uint8Array): void {
    const debt = this.#debt(id)
    debt.writes--
    debt.left++
  }

  /** It was brought up to the write. */
  end(id: Uint8Array): Promise<void> {
    return this.#settle(id, debt => void debt.writes--)
  }

  /** By a look at all of its originals that was begun when so much was left behind. */
  madeUp(id: Uint8Array, left: number): Promise<void> {
    return this.#settle(id, debt => void (debt.madeUp = Math.max(debt.madeUp, left)))
  }

  lock(): void {
    this.#debts.clear()
  }

  #settle(id: Uint8Array, change: (debt: Debt) => void): Promise<void> {
    return this.#turn(async () => {
      const debt = this.#debt(id)
      change(debt)
      if (debt.writes || debt.left > debt.madeUp) return
      await this.#write((await this.read()).filter(one => !equal(one, id)))
    })
  }

  #debt(id: Uint8Array): Debt {
    const debt = this.#debts.get(toHex(id)) ?? { writes: 0, left: 0, madeUp: 0 }
    this.#debts.set(toHex(id), debt)
    return debt
  }

  #write(ids: readonly Uint8Array[]): Promise<void> {
    return this.#store.set(KEY, ids.length ? encode(behind, [...ids]) : null)
  }
}
