/**
 * Signatures that held, so that what is looked at again is not verified again: those that the last two looks met. Kept for good they would
 * grow with all that was ever told.
 */
export class Held {
  #now = new Set<string>()
  #before = new Set<string>()

  /** What is met from here on is of another look. */
  turn(): void {
    this.#before = this.#now
    this.#now = new Set()
  }

  has(name: string): boolean {
    return this.#now.has(name) || this.#before.has(name)
  }

  add(name: string): void {
    this.#now.add(name)
  }

  get size(): number {
    return this.#now.union(this.#before).size
  }

  clear(): void {
    this.#now.clear()
    this.#before.clear()
  }
}
