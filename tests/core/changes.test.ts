/** Who shows something of a vault reads it again at each change: reading must not be one, or it never ends. */
import { expect, test } from 'vitest'
import { folder, grantTo, reopen, world } from './world.ts'

test('a circle’s view that is read again at each change comes to rest, before anything is settled', async () => {
  const around = world()
  const [alice, bob] = [await around.member('alice'), await around.member('bob')]
  const { group } = await alice.vault.groups.found('Les Abeilles')
  await bob.vault.groups.join(await alice.vault.groups.invite(group))
  await alice.vault.groups.admit(group, bob.vault.owner)
  await folder(alice.vault)
  await alice.vault.grants.give(grantTo(group, around.clock))
  const vault = await reopen(bob)
  const seen = { changes: 0 }
  vault.subscribe(() => seen.changes++)
  for (let at = -1; at < seen.changes && seen.changes < 10;) {
    at = seen.changes
    await vault.views.open(group)
  }
  expect(seen.changes).toBeLessThanOrEqual(1)
})
