/** The weeks after a program died: people open their vaults now and then, and what nothing leads to is taken away in time. */
import { expect } from 'vitest'
import { DAY, reopen, type Member, type World } from '../core/world.ts'
import { unreachable } from './disk.ts'

/** Days on which everybody opens their vault: a look, condemned a week later, forgotten when gone for a day. */
const WEEK = [0, 7, 1, 1]
/** A commit that condemns may itself replace a keyring, which then waits for its week. */
const WEEKS = 3

/** In the pods of all of these, and nothing else is taken away with it. */
export async function nothingIsLeft(world: World, members: readonly Member[]): Promise<void> {
  for (let week = 0; ; week++) {
    const left = await unreachable(world, members)
    if (!left.length) return
    expect(week, `still there: ${left.join(', ')}`).toBeLessThan(WEEKS)
    for (const days of WEEK) {
      world.pass(days * DAY)
      for (const member of members) await (await reopen(member)).tidy()
    }
    for (const member of members) expect((await (await reopen(member)).verify()).problems).toEqual([])
  }
}
