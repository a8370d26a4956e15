/**
 * Which selections are behind what this device writes, noted before it does: whoever dies in between, or finds no line for it, brings
 * them up to date when the vault is opened again (SPEC Z4).
 *
 *   to follow    [selection, …]
 */
import { decode, encode, equal, id16, isCode, list } from '#crypto'
import { inTurn } from '../parallel.ts'
import type { Store } from '../store.ts'

const KEY = 'to follow'
export const behind = list(id16)

export class FollowNote {
  readonly #store: Store
  readonly #turn = inTurn()

  constructor(store: Store) {
    this.#store = store
  }

  async read(): Promise<Uint8Array[]> {
    const stored = await this.#store.get(KEY)
    try {
      return stored ? decode(behind, stored) : []
    } catch (error) {
      if (isCode(error, 'tampered')) return [] // as after a restored disk: tidying looks at all of them
      throw error
    }
  }

  /** Durable when it resolves. */
  add(ids: readonly Uint8Array[]): Promise<void> {
    return this.#change(known => [...known, ...ids.filter(id => !known.some(one => equal(one, id)))])
  }

  forget(id: Uint8Array): Promise<void> {
    return this.#change(known => known.filter(one => !equal(one, id)))
  }

  #change(edit: (known: Uint8Array[]) => Uint8Array[]): Promise<void> {
    return this.#turn(async () => {
      const next = edit(await this.read())
      await this.#store.set(KEY, next.length ? encode(behind, next) : null)
    })
  }
}
