/** A whole vault to another pod server, begun to end. */
import { opened, openVault } from '../opening.ts'
import type { Pod } from '../pod.ts'
import type { Surroundings, Unlock } from '../types.ts'
import { partsOf, type Vault } from '../vault.ts'
import { shut } from './access.ts'
import type { MoveOptions } from './copy.ts'
import { leave } from './leave.ts'

/**
 * The whole vault to another storage of the same WebID, where it goes on under the same root and names (move/README.md). Stopped
 * anywhere, the same again goes on. The old storage is shut, not emptied.
 */
export async function moveVault(
  around: Surroundings,
  unlock: Unlock,
  to: Pod,
  options: MoveOptions = {},
): Promise<Vault> {
  const from = around.pod
  const profile = await from.profile(from.webId)
  if (profile?.storage !== to.storage) {
    const here = await openVault(around, unlock)
    await here.settle().catch(() => undefined) // read-only since an attempt before; what waits is found again
    await leave(partsOf(here), to, async () => partsOf((await opened({ ...around, pod: to }, unlock)).vault), options)
    await here.lock()
  }
  const there = await openVault({ ...around, pod: to }, unlock)
  if (from.storage === to.storage) return there // it has moved before
  await there.announce()
  await shut(from, partsOf(there).context.account.state, [])
  return there
}
