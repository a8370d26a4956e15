/**
 * Whether the pod answers, and whether anything is asked of it: told by whatever is. No answer at all is a line that is down; a
 * refusal is an answer.
 */
import { isCode } from '#crypto'
import type { Pod } from './pod.ts'

export class Line {
  #isDown = false
  #underWay = 0
  #waiting: (() => void)[] = []
  #answers = 0
  /** Called when it goes down or comes up. */
  onChange: () => void = () => undefined

  get isDown(): boolean {
    return this.#isDown
  }

  /** Resolves once nothing is under way. */
  async idle(): Promise<void> {
    while (this.#underWay) await new Promise<void>(resolve => this.#waiting.push(resolve))
  }

  /** Tells whether anything was answered since. */
  watch(): () => boolean {
    const before = this.#answers
    return () => this.#answers > before
  }

  /** The same pod, listened to. */
  to(pod: Pod): Pod {
    return new Proxy(pod, {
      get: (target, property) => {
        const value: unknown = Reflect.get(target, property, target)
        if (typeof value !== 'function') return value
        return (...args: unknown[]) => this.#heard(value.apply(target, args) as Promise<unknown>)
      },
    })
  }

  async #heard<T>(answer: Promise<T>): Promise<T> {
    this.#underWay++
    try {
      const value = await answer
      this.#is(false)
      return value
    } catch (error) {
      if (!isCode(error, 'cancelled', 'locked')) this.#is(isCode(error, 'offline'))
      throw error
    } finally {
      if (!--this.#underWay) for (const go of this.#waiting.splice(0)) go()
    }
  }

  #is(down: boolean): void {
    if (!down) this.#answers++
    if (down === this.#isDown) return
    this.#isDown = down
    this.onChange()
  }
}
