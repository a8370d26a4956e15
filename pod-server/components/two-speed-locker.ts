/**
 * Two patiences over one set of locks: a write keeps its lock as long as an upload may last, while a reader that has
 * stopped reading lets go soon, so that it cannot keep writers away.
 */
import type { ExpiringReadWriteLocker, ResourceIdentifier } from '@solid/community-server'

type Work<T> = (maintainLock: () => void) => Promise<T> | T

export class TwoSpeedLocker implements ExpiringReadWriteLocker {
  readonly #readers: ExpiringReadWriteLocker
  readonly #writers: ExpiringReadWriteLocker

  constructor(readers: ExpiringReadWriteLocker, writers: ExpiringReadWriteLocker) {
    this.#readers = readers
    this.#writers = writers
  }

  withReadLock<T>(id: ResourceIdentifier, work: Work<T>): Promise<T> {
    return this.#readers.withReadLock(id, work)
  }

  withWriteLock<T>(id: ResourceIdentifier, work: Work<T>): Promise<T> {
    return this.#writers.withWriteLock(id, work)
  }
}
