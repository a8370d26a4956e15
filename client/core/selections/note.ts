/**
 * Which selections are behind what this device writes, noted before it does: whoever dies in between, or finds no line for it, brings
 * them up to date when the vault is opened again (SPEC Z4).
 *
 *   to follow    [selection, …]        followed    [when it last looked at all of them (ms)]
 */
import { decode, encode, equal, id16, isCode, list, struct, uint, type Codec } from '#crypto'
import { inTurn } from '../parallel.ts'
import type { Store } from '../store.ts'

const KEY = 'to follow'
const LOOKED = 'followed'
export const behind = list(id16)
export const followed = struct({ at: uint })

export class FollowNote {
  readonly #store: Store
  readonly #turn = inTurn()

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
