/** What the runner and its worker tell each other. */
import type { Change } from './modules.ts'

/** A mutant, as far as coverage needs it. */
export interface Place {
  id: number
  file: string
  start: number
}

/** A test: the `index`-th of its file. */
export interface Name {
  file: string
  index: number
}

export type Order =
  /** Runs every test of the files, without a mutant. */
  | { kind: 'measure'; files: readonly string[]; places: readonly Place[] }
  /** Runs tests, file by file, until one fails. */
  | { kind: 'try'; change: Change | null; tests: readonly { file: string; indexes: readonly number[] }[] }

/** What a test file or a test costs, and the ids of the mutants in code that it runs. */
export interface Cost {
  ms: number
  hits: number[]
}
export interface MeasuredFile extends Cost {
  file: string
  tests: (Cost & { name: string; failed: string | null })[]
}

export type Report =
  | { kind: 'running'; test: Name | { file: string } }
  | { kind: 'measured'; atStart: number[]; files: MeasuredFile[] }
  | { kind: 'tried'; killedBy: string | null; why: string; heapMb: number }
