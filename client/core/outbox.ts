/**
 * Writes that wait for the pod (protocol §5, Offline): kept on this device, sealed to it (SPEC D4), durable before they are said to be
 * kept; shown on top of what is there; sent in order, after the usual checks, on the newest state; forgotten once they stand.
 *
 *   outbox       [first, next]: the numbers in use, some of which may be gone
 *   outbox 17    a queued write
 */
import {
  AlveoleError,
  decode,
  encode,
  isCode,
  openQueuedWrite,
  sealQueuedWrite,
  struct,
  toBase64Url,
  uint,
  type ErrorCode,
  type QueuedWrite,
} from '#crypto'
import { CellIndex } from './collections/cell-index.ts'
import type { Collections } from './collections/collections.ts'
import type { OwnCollection } from './collections/own-collection.ts'
import type { Write } from './collections/pack.ts'
import type { Context } from './context.ts'
import { inTurn } from './parallel.ts'
import { PendingCollection, type Pending, type Shown } from './pending.ts'
import { copyName, deletedBy, lacking, queuedOf, writtenBy } from './queued.ts'
import type { CollectionId, QueuedChange, RecordId } from './types.ts'

const KEY = 'outbox'
const numbers = struct({ first: uint, next: uint })
/** After a lost race the newest state is looked at again; a host that never lets it rest is left. */
const ATTEMPTS = 10

interface Queued {
  number: number
  collection: CollectionId
  write: QueuedWrite
  /** Why it is refused for good, as far as this opening knows. */
  problem: ErrorCode | null
}

export class Outbox {
  readonly #context: Context
  readonly #collections: Collections
  readonly #changing = inTurn()
  readonly #sending = inTurn()
  #queued: Queued[] = []
  #next = 0
  readonly #views = new Map<OwnCollection, Shown>()

  constructor(context: Context, collections: Collections) {
    this.#context = context
    this.#collections = collections
  }

  /** What earlier openings left. */
  async load(): Promise<void> {
    const { store, me } = this.#context
    const stored = await store.get(KEY)
    const { first, next } = stored ? decode(numbers, stored) : { first: 0, next: 0 }
    this.#next = next
    for (let number = first; number < next; number++) {
      const sealed = await store.get(`${KEY} ${number}`)
      if (sealed) this.#take(number, openQueuedWrite(me.seeds, sealed))
    }
  }

  #take(number: number, write: QueuedWrite): void {
    const collection = toBase64Url(write.collection) as CollectionId
    this.#queued.push({ number, collection, write, problem: null })
    for (const { stamp } of writtenBy(write)) this.#context.hlc.saw(stamp)
    this.#views.clear()
  }

  list(): QueuedChange[] {
    this.#context.me.checkOpen()
    return this.#queued.map(({ number, collection, write, problem }) => ({
      id: String(number),
      collection,
      records: recordsOf(writtenBy(write)),
      at: write.at,
      problem,
    }))
  }

  /** Durable when it resolves. */
  async add(collection: OwnCollection, writes: readonly Write[]): Promise<void> {
    const { store, me, clock } = this.#context
    await this.#changing(async () => {
      const there = new CellIndex()
      for (const record of partlyWritten(writes, this.over(collection)))
        await take(there, this.over(collection), record)
      const isKnown = (record: string): boolean => collection.index.row(record) !== undefined
      const write = queuedOf(collection.id, clock(), writes, there, isKnown)
      const number = this.#next
      await store.set(`${KEY} ${number}`, sealQueuedWrite(me.seeds, write))
      await this.#keepNumbers(number + 1)
      this.#next = number + 1
      this.#take(number, write)
    })
    this.#context.changed()
  }

  #keepNumbers(next = this.#next): Promise<void> {
    return this.#context.store.set(KEY, encode(numbers, { first: this.#queued[0]?.number ?? this.#next, next }))
  }

  /** It is never sent. */
  async discard(id: string): Promise<void> {
    this.#context.me.checkOpen()
    await this.#forget(this.#queued.filter(({ number }) => String(number) === id))
    this.#context.changed()
  }

  #forget(gone: readonly Queued[]): Promise<void> {
    return this.#changing(async () => {
      for (const { number } of gone) await this.#context.store.set(`${KEY} ${number}`, null)
      this.#queued = this.#queued.filter(queued => !gone.includes(queued))
      this.#views.clear()
      await this.#keepNumbers()
    })
  }

  /** A collection with what waits on top. */
  over(collection: OwnCollection): Shown {
    const known = this.#views.get(collection)
    if (known) return known
    const mine = this.#waitingIn(collection.id)
    const shown = mine.size ? new PendingCollection(collection, mine) : collection
    this.#views.set(collection, shown)
    return shown
  }

  #waitingIn(id: CollectionId): Pending {
    const mine = this.#queued.filter(({ collection }) => collection === id)
    return Map.groupBy(
      mine.flatMap(({ write }) => writtenBy(write)),
      ({ record }) => record,
    )
  }

  get isEmpty(): boolean {
    return this.#queued.length === 0
  }

  /** Sends what waits. What is refused for good stays, with its problem; any other failure ends it, and all that is left waits on. */
  flush(): Promise<void> {
    return this.#sending(async () => {
      for (const batch of inOrder(this.#queued)) await this.#send(batch)
    })
  }

  async #send(batch: readonly Queued[]): Promise<void> {
    try {
      await this.#commit(batch)
      await this.#forget(batch)
    } catch (error) {
      if (!isForGood(error)) throw error
      if (batch.length > 1) for (const one of batch) await this.#send([one])
      else batch[0]!.problem = error.code
    }
    this.#context.changed()
  }

  /** Until nothing of it is lacking on the state that the pod has. */
  async #commit(batch: readonly Queued[]): Promise<void> {
    const id = batch[0]!.collection
    const { me, clock } = this.#context
    const collection = await this.#collections.open(id)
    await collection.refresh()
    if (collection.isStale) throw new AlveoleError('offline', 'no answer')
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const there = await this.#whatIsThere(collection, batch)
      const writes = batch.flatMap(queued =>
        lacking(queued.write, there, this.#deletedSince(queued), me.device, clock()),
      )
      if (!writes.length) return
      await this.#collections.write(id, writes)
    }
    throw new AlveoleError('conflict', 'other devices write all the time')
  }

  /** The cells of the records written, and of their copies. */
  async #whatIsThere(collection: OwnCollection, batch: readonly Queued[]): Promise<CellIndex> {
    const there = new CellIndex()
    for (const record of recordsOf(batch.flatMap(({ write }) => writtenBy(write)))) {
      await take(there, collection, record)
      let copy = record
      do await take(there, collection, (copy = copyName(copy, this.#context.me.device) as RecordId))
      while (there.isDeleted(copy))
    }
    return there
  }

  /** What this device deletes with or after a write of the queue. */
  #deletedSince({ number, collection }: Queued): Set<string> {
    const later = this.#queued.filter(queued => queued.collection === collection && queued.number >= number)
    return new Set(later.flatMap(({ write }) => [...deletedBy(write)]))
  }

  lock(): void {
    this.#queued = []
    this.#views.clear()
  }
}

const recordsOf = (writes: readonly Write[]): RecordId[] => [...new Set(writes.map(({ record }) => record as RecordId))]

/** Those that have more than is written: the rest goes into the queue beside it. Of a deletion nothing has to be read. */
function partlyWritten(writes: readonly Write[], { index }: Shown): RecordId[] {
  const written = new Set(writes.map(({ record, facet }) => `${record} ${facet}`))
  return recordsOf(writes).filter(record =>
    index.row(record)?.entries.some(({ facet }) => !written.has(`${record} ${facet}`)),
  )
}

async function take(into: CellIndex, from: Shown, record: RecordId): Promise<void> {
  if (!from.index.row(record)) return
  for (const { facet, epoch, ...cell } of await from.cells(record)) into.add(facet, epoch, [cell])
}

/** Those that follow each other into one collection make one commit. */
function inOrder(queued: readonly Queued[]): Queued[][] {
  const batches: Queued[][] = []
  for (const one of queued) {
    const last = batches.at(-1)
    if (last?.[0]?.collection === one.collection) last.push(one)
    else batches.push([one])
  }
  return batches
}

/** Asking again would end the same way. */
const isForGood = (error: unknown): error is AlveoleError =>
  isCode(error, 'refused', 'not-granted', 'too-large', 'full', 'usage')
