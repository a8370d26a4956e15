/** What the parts of a commit have in common: what it is made on, and what it stores of cells. */
import type { Covered, Section, SegmentEntry } from '#crypto'
import type { Decision, EpochPlan } from './epochs.ts'
import type { PutNamed } from './manifest-pages.ts'
import type { HeadState } from './head-state.ts'
import type { Entry, OwnIndex } from './own-index.ts'
import { mergeSections, type Write } from './pack.ts'
import type { Place } from './sections.ts'
import { withoutSuperseded } from './superseded.ts'

/** Segments to seal anew, whatever their size. */
export interface Rewrite {
  inputs: readonly SegmentEntry[]
  /** Records of which nothing but the word that they are deleted may be left. */
  erased: ReadonlySet<string>
  /** Records of which nothing at all is left: deleted long ago (tombstones.ts). */
  ended?: ReadonlySet<string>
}

export interface Work {
  place: Place
  index: OwnIndex
  state: HeadState
  plan: EpochPlan
  decision: Decision
  writes: readonly Write[]
  rewrite: Rewrite | null
  put: PutNamed
  onProgress?: ((done: number) => void) | undefined
}

/** Segments that were stored, and those that they replace. */
export interface Stored {
  added: SegmentEntry[]
  covered: Covered[]
  /** Of the cells in the added segments. */
  entries: Entry[]
  removed: SegmentEntry[]
}

export const NOTHING_STORED: Stored = { added: [], covered: [], entries: [], removed: [] }

/** Sections, those of epochs that end as one under the epoch that their cells go to. */
export function moved({ moved: to }: EpochPlan, sections: readonly Section[]): Section[] {
  if (!to.size) return [...sections]
  return mergeSections(sections.map(section => ({ ...section, epoch: to.get(section.epoch) ?? section.epoch })))
}

export function refined({ index, decision, plan, rewrite }: Work, sections: readonly Section[]): Section[] {
  const left = withoutSuperseded(sections, index, decision, plan, rewrite?.erased ?? NOBODY)
  const ended = rewrite?.ended
  if (!ended?.size) return left
  return left
    .map(section => ({ ...section, cells: section.cells.filter(({ record }) => !ended.has(record)) }))
    .filter(({ cells }) => cells.length)
}

const NOBODY: ReadonlySet<string> = new Set()
