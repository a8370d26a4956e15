/**
 * A map that keeps what was used last: beyond its size the entries that nobody asked for longest go. What an entry
 * counts for is one, or what `weigh` says.
 */
export class Recent<T> {
  readonly #entries = new Map<string, T>()
  readonly #size: number
  readonly #weigh: (value: T) => number
  #weight = 0

  constructor(size: number, weigh: (value: T) => number = () => 1) {
    this.#size = size
    this.#weigh = weigh
  }

  get(key: string): T | undefined {
    const value = this.#entries.get(key)
    if (value === undefined) return undefined
    this.#entries.delete(key)
    this.#entries.set(key, value)
    return value
  }

  set(key: string, value: T): void {
    this.#delete(key)
    this.#entries.set(key, value)
    this.#weight += this.#weigh(value)
    for (const oldest of this.#entries.keys()) {
      if (this.#weight <= this.#size) return
      this.#delete(oldest)
    }
  }

  #delete(key: string): void {
    const value = this.#entries.get(key)
    if (value === undefined) return
    this.#entries.delete(key)
    this.#weight -= this.#weigh(value)
  }
}
