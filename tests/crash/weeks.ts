/** The weeks after a program died: people open their vaults now and then, and what nothing leads to is taken away in time. */
import { expect } from 'vitest'
import { DAY, reopen, type Member, type World } from '../core/world.ts'
import { unreachable } from './disk.ts'

/** Days on which they open their vaults: a look, condemned a week later, forgotten when gone for a day. */
const WEEK = [0, 7, 1, 1]
/** A commit that condemns may itself replace a keyring, which then waits for its week. */
const WEEKS = 3

/** In none of their pods, and nothing else was taken away with it. */
export async function nothingIsLeft(world: World, members: readonly Member[]): Promise<void> {
  for (let week = 0; ; week++) {
    const left = await unreachable(world, members)
    if (!left.length) return
    expect(week, `still there: ${left.join(', ')}`).toBeLessThan(WEEKS)
    const theirs = members.filter(({ around: { pod } }) => left.some(url => url.startsWith(pod.storage)))
    for (const days of WEEK) {
      world.pass(days * DAY)
      for (const member of theirs) await (await reopen(member)).tidy()
    }
    for (const member of theirs) expect((await (await reopen(member)).verify()).problems).toEqual([])
  }
}
