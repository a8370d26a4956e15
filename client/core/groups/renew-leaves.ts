/**
 * A person who began a generation, in the circles that they keep: the leaf that a removed device has the key of goes, and the steward
 * key that it had (SPEC T9); and the head is signed by a device that stays. In those that others keep their stewards see to it
 * (stale-leaves.ts).
 */
import type { AlveoleError } from '#crypto'
import type { Context } from '../context.ts'
import { failuresOf } from '../failures.ts'
import type { KnownGroups } from './known-groups.ts'
import { groupBytes } from './open-group.ts'
import { staleAmong } from './stale-leaves.ts'

/** All that can be; gives what kept it from the others. */
export async function renewLeaves(context: Context, groups: KnownGroups): Promise<AlveoleError[]> {
  const kept = context.account.state.groups.filter(({ role, state }) => role === 'steward' && state === 'member')
  const failures = await failuresOf(kept, ({ url }) =>
    groups.change(url, async ({ id, self }) => {
      const stale = await staleAmong(context, groupBytes(id), self ? [self] : [])
      return stale.entries.length ? stale : null
    }),
  )
  return failures.map(({ error }) => error)
}
