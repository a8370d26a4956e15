/** What one piece of work runs into, and how much of it concerns the rest: somebody's dead pod keeps nobody from what is their own. */
import { AlveoleError, isCode } from '#crypto'

/** Anything with a code, but for the lock that fell: that ends all work. */
export const isForeignFault = (error: unknown): error is AlveoleError =>
  error instanceof AlveoleError && error.code !== 'locked'

/** null where it could not be done. */
export async function passing<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work()
  } catch (error) {
    if (isForeignFault(error)) return null
    throw error
  }
}

/** What cannot be done now is tried again by whoever opens the vault next. */
export async function trying(work: () => Promise<unknown>): Promise<void> {
  await passing(work)
}

interface Failure<T> {
  of: T
  error: AlveoleError
}

/** Does it for each in turn, whatever it runs into with one. Throws at once what ends all: `locked`; `wrong-unlock`, where this device was removed. */
export async function failuresOf<T>(items: Iterable<T>, work: (item: T) => Promise<unknown>): Promise<Failure<T>[]> {
  const failures: Failure<T>[] = []
  for (const of of items) {
    try {
      await work(of)
    } catch (error) {
      if (!isForeignFault(error) || isCode(error, 'wrong-unlock')) throw error
      failures.push({ of, error })
    }
  }
  return failures
}

/** The same; the first failure is thrown after the rest is done. */
export async function doEach<T>(items: Iterable<T>, work: (item: T) => Promise<unknown>): Promise<void> {
  const [first] = await failuresOf(items, work)
  if (first) throw first.error
}
