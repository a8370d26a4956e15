/** What keeps a vault in order while nobody uses it, as a list of jobs: what one of them runs into keeps no other from its work. */
import { AlveoleError, isCode, type ErrorCode } from '#crypto'

export interface Job {
  /** As reports have it. */
  name: string
  run(): Promise<unknown>
}

export interface Undone {
  job: string
  code: ErrorCode
}

/** In their order; tells which were not done, and why. Throws `locked` when the vault is. */
export async function maintain(jobs: readonly Job[]): Promise<Undone[]> {
  const undone: Undone[] = []
  for (const { name: job, run } of jobs) {
    try {
      await run()
    } catch (error) {
      if (isCode(error, 'locked') || !(error instanceof AlveoleError)) throw error
      undone.push({ job, code: error.code })
    }
  }
  return undone
}
