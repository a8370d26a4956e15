/**
 * What keeps a vault in order, as two lists of jobs: what was begun and not finished, and what is tidied once a day at most. What one
 * of them runs into keeps no other from its work; a new kind of upkeep is a line here.
 */
import type { ErrorCode } from '#crypto'
import { tidyAccount } from './account-garbage.ts'
import type { Collections } from './collections/collections.ts'
import type { Context } from './context.ts'
import type { Devices } from './devices.ts'
import { doEach, failuresOf } from './failures.ts'
import type { Grants } from './grants/grants.ts'
import { mendRules } from './grants/mend-rules.ts'
import type { Groups } from './groups/groups.ts'
import type { KnownGroups } from './groups/known-groups.ts'
import { resumeMembers } from './groups/members-document.ts'
import type { Consents } from './offers/consents.ts'
import type { Selections } from './selections/selections.ts'

interface Job {
  /** As reports have it. */
  name: string
  run(): Promise<unknown>
}

const run = (job: Job): Promise<unknown> => job.run()

export interface Undone {
  job: string
  code: ErrorCode
}

interface Kept {
  devices: Devices
  known: KnownGroups
  groups: Groups
  grants: Grants
  selections: Selections
  consents: Consents
  collections: Collections
}

/** Each throws `locked` when the vault is, and `wrong-unlock` where this device was removed. */
export class Upkeep {
  readonly #unfinished: readonly Job[]
  readonly #daily: readonly Job[]

  constructor(context: Context, { devices, known, groups, grants, selections, consents, collections }: Kept) {
    this.#unfinished = [
      { name: 'devices', run: () => devices.resume() },
      { name: 'members', run: () => resumeMembers(context, known) },
      { name: 'grants', run: () => grants.resume() },
      { name: 'copies', run: () => selections.resume() },
      { name: 'answers', run: () => consents.resume() },
      { name: 'deletions', run: () => collections.finishDeletions() },
    ]
    this.#daily = [
      { name: 'rules', run: () => mendRules(context, known) },
      { name: 'selections', run: () => selections.tidy() },
      { name: 'folders', run: () => collections.tidy() },
      { name: 'account', run: () => tidyAccount(context) },
      { name: 'announcements', run: () => collections.telling.mend() },
      { name: 'circles', run: () => groups.tidy() },
    ]
  }

  /** False: something of what was begun waits still, and keeps nobody out. */
  async resume(): Promise<boolean> {
    return !(await failuresOf(this.#unfinished, run)).length
  }

  /** Throws what the first of them ran into, after the rest is done. */
  tidy(): Promise<void> {
    return doEach(this.#daily, run)
  }

  /** All of it between a sync and a settling; tells what was not done, and why. */
  async maintain(sync: () => Promise<void>, settle: () => Promise<void>): Promise<Undone[]> {
    const jobs = [{ name: 'sync', run: sync }, ...this.#unfinished, ...this.#daily, { name: 'settle', run: settle }]
    return (await failuresOf(jobs, run)).map(({ of, error }) => ({ job: of.name, code: error.code }))
  }
}
