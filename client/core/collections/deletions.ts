/**
 * What is to be deleted from the pod, as this device keeps it until it is (SPEC D9): noted before the commit after which no head names
 * it, so that whoever dies in between, or finds the server failing, finishes it later.
 *
 *   to delete    [[collection, [path in its folder, …]], …]
 */
import { decode, encode, equal, fromBase64Url, id16, isCode, list, struct, text, toBase64Url, type Of } from '#crypto'
import { inTurn } from '../parallel.ts'
import type { Store } from '../store.ts'
import type { CollectionId } from '../types.ts'

const KEY = 'to delete'
export const noted = list(struct({ collection: id16, paths: list(text) }))
type Noted = Of<typeof noted>

export class Deletions {
  readonly #store: Store
  readonly #turn = inTurn()

  constructor(store: Store) {
    this.#store = store
  }

  async #read(): Promise<Noted> {
    const stored = await this.#store.get(KEY)
    try {
      return stored ? decode(noted, stored) : []
    } catch (error) {
      if (isCode(error, 'tampered')) return [] // as after a restored disk: what it named is found as garbage
      throw error
    }
  }

  /** Those where something is to be deleted. */
  async collections(): Promise<CollectionId[]> {
    return (await this.#read()).map(({ collection }) => toBase64Url(collection) as CollectionId)
  }

  async of(id: CollectionId): Promise<string[]> {
    const collection = fromBase64Url(id)
    return (await this.#read()).find(one => equal(one.collection, collection))?.paths ?? []
  }

  /** Durable when it resolves. */
  note(id: CollectionId, paths: readonly string[]): Promise<void> {
    return paths.length ? this.#change(id, known => [...new Set([...known, ...paths])]) : Promise.resolve()
  }

  /** They are gone, or are to stay. */
  forget(id: CollectionId, paths: readonly string[]): Promise<void> {
    const settled = new Set(paths)
    return this.#change(id, known => known.filter(path => !settled.has(path)))
  }

  #change(id: CollectionId, edit: (paths: readonly string[]) => string[]): Promise<void> {
    return this.#turn(async () => {
      const collection = fromBase64Url(id)
      const all = await this.#read()
      const paths = edit(all.find(one => equal(one.collection, collection))?.paths ?? [])
      const others = all.filter(one => !equal(one.collection, collection))
      const next = paths.length ? [...others, { collection, paths }] : others
      await this.#store.set(KEY, next.length ? encode(noted, next) : null)
    })
  }
}
