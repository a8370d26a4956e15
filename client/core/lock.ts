/**
 * The lock of an open vault. Once it falls no request is begun any more and no answer comes through: whatever work waits for pod or
 * store fails with `locked`, then and there. So nothing keeps what the work held, and nothing is sealed with keys already wiped.
 */
import { AlveoleError } from '#crypto'
import { fallingWith } from './parallel.ts'
import type { Pod } from './pod.ts'
import type { Store } from './store.ts'

export class Lock {
  readonly #down = new AbortController()
  readonly #waiting = new Set<() => void>()

  /** Aborted once it falls, with the error to throw. */
  get down(): AbortSignal {
    return this.#down.signal
  }

  /** The same pod, until the lock falls. What was asked for is called off then; what was sent may arrive yet, as in a crash. */
  pod(pod: Pod): Pod {
    const get: Pod['get'] = (url, options = {}) => {
      const off = fallingWith(options.signal)
      return this.#unlessDown(
        () => pod.get(url, { ...options, signal: off.signal }),
        () => off.abort(),
      ).finally(() => off.abort())
    }
    return this.#behind(pod, { get })
  }

  /** The same store, until the lock falls. */
  store(store: Store): Store {
    return this.#behind(store)
  }

  #behind<T extends object>(port: T, own: Partial<T> = {}): T {
    return new Proxy(port, {
      get: (target, property) => {
        if (property in own) return Reflect.get(own, property) as unknown
        const value: unknown = Reflect.get(target, property, target)
        if (typeof value !== 'function') return value
        return (...args: unknown[]) => this.#unlessDown(() => value.apply(target, args) as Promise<unknown>)
      },
    })
  }

  #unlessDown<R>(work: () => Promise<R>, callOff?: () => void): Promise<R> {
    return this.down.aborted ? Promise.reject(new AlveoleError('locked')) : this.#untilDown(work(), callOff)
  }

  /** Apart from where the work is begun, or what waits for an answer would hold all that the question came from. */
  #untilDown<R>(answer: Promise<R>, callOff?: () => void): Promise<R> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        reject(new AlveoleError('locked'))
        callOff?.()
      }
      this.#waiting.add(end)
      void answer.then(resolve, reject).finally(() => this.#waiting.delete(end))
    })
  }

  fall(): void {
    this.#down.abort(new AlveoleError('locked'))
    for (const end of this.#waiting) end()
    this.#waiting.clear()
  }
}
