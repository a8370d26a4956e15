/** Work done side by side, in turn, or called off. */
import { AlveoleError } from '#crypto'

/** Runs `work` on each item, `width` at a time, results in the order of the items; the first failure ends it. */
export async function inParallel<T, R>(
  items: readonly T[],
  work: (item: T, index: number) => Promise<R>,
  width = 4,
): Promise<R[]> {
  const results: R[] = Array.from({ length: items.length })
  let next = 0
  const run = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++
      results[index] = await work(items[index]!, index).catch((error: unknown) => {
        next = items.length
        throw error
      })
    }
  }
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, run))
  return results
}

export interface SideBySide {
  /** Resolves once it is begun: when one of those before it is over, where as many as may be are under way. Throws what one of them did. */
  begin(work: () => Promise<unknown>): Promise<void>
  /** Resolves when all are over. */
  end(): Promise<void>
}

/** Work that nobody waits for one by one, only for all of it at the end: at most `width` at a time. */
export function sideBySide(width = 4): SideBySide {
  const underWay = new Set<Promise<void>>()
  const failures: unknown[] = []
  const check = (): void => {
    if (failures.length) throw failures[0]
  }
  return {
    async begin(work) {
      while (underWay.size >= width) await Promise.race(underWay)
      check()
      const mine = work().then(
        () => void underWay.delete(mine),
        (error: unknown) => {
          underWay.delete(mine)
          failures.push(error)
        },
      )
      underWay.add(mine)
    },
    async end() {
      await Promise.all(underWay)
      check()
    },
  }
}

/** Throws `offline` where it takes longer than so many milliseconds; the work goes on. */
export async function within<T>(limit: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new AlveoleError('offline', 'no answer in time')), limit)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

/** Throws where whoever asked for the work called it off: `cancelled`, or what they gave as the reason. */
export function checkSignal(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw signal.reason instanceof AlveoleError ? signal.reason : new AlveoleError('cancelled')
}

/**
 * Falls with any of these, and is to be let fall when the work is over. Neither AbortSignal.any nor a listener's own signal: Node keeps
 * what they join, and whatever listens to it, beyond a lock.
 */
export function fallingWith(...signals: (AbortSignal | undefined)[]): AbortController {
  const own = new AbortController()
  for (const signal of signals) {
    if (!signal) continue
    if (signal.aborted) own.abort(signal.reason)
    const fall = (): void => own.abort(signal.reason)
    signal.addEventListener('abort', fall, { once: true })
    own.signal.addEventListener('abort', () => signal.removeEventListener('abort', fall), { once: true })
  }
  return own
}

/** Gives each caller its turn: work on one thing at a time. */
export function inTurn(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return work => {
    const mine = last.then(work, work)
    last = mine.catch(() => undefined)
    return mine
  }
}
