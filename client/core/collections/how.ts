/** What a commit has to do besides writing cells, and what it may look at to decide it. */
import type { Placed } from './cell-index.ts'
import type { Decision } from './epochs.ts'
import type { HeadState } from './head-state.ts'
import type { KnownRun } from './index-plan.ts'
import type { Merging } from './merge-epochs.ts'
import type { OwnIndex } from './own-index.ts'
import type { Condemnation } from './prepare.ts'
import type { Opened, Place } from './sections.ts'
import type { SegmentReader } from './segment-reader.ts'
import type { Rewrite } from './work.ts'

/**
 * A collection as it stands. To an attempt of a commit it is given so: whoever meets something gone throws, and the attempt is made again
 * on a newer head. Nobody may look for that head in the middle of it: they would wait for the turn that waits for them.
 */
export interface Standing {
  readonly place: Place
  readonly reader: SegmentReader
  readonly index: OwnIndex
  readonly runs: readonly KnownRun[]
  readonly state: HeadState
  /** The newest cells of a record, from its segments. */
  cells(record: string): Promise<Placed[]>
  /** Everything that the head still lists, newest or not, a segment at a time. */
  listed(): AsyncGenerator<Opened>
}

/** Each is asked anew at each attempt. */
export interface How {
  /** Names of stored objects without which it is not to be. */
  needs?: (on: Standing) => Promise<ReadonlySet<string>>
  /** null: nothing to change. */
  condemn?: (on: Standing) => Promise<Condemnation | null>
  /** null: nothing to seal anew. */
  rewrite?: (on: Standing, decision: Decision) => Promise<Rewrite | null>
  merging?: Merging
  /** Told before the swap what the head will name no more, by its path in the folder: whoever asks is then the one to delete it. */
  drops?: (paths: string[]) => Promise<void>
  onProgress?: ((done: number) => void) | undefined
  signal?: AbortSignal | undefined
}
