/**
 * A person who began a generation, in the circles that they keep: the leaf that a removed device has the key of goes, and the steward
 * key that it had (SPEC T9). In those that others keep their stewards see to it (stale-leaves.ts).
 */
import type { Context } from '../context.ts'
import type { KnownGroups } from './known-groups.ts'
import { groupBytes } from './open-group.ts'
import { staleAmong } from './stale-leaves.ts'

export async function renewLeaves(context: Context, groups: KnownGroups): Promise<void> {
  for (const { url, role, state } of context.account.state.groups) {
    if (role !== 'steward' || state !== 'member') continue
    await groups.change(url, async ({ id, self }) => {
      const stale = await staleAmong(context, groupBytes(id), self ? [self] : [])
      return stale.entries.length ? stale : null
    })
  }
}
