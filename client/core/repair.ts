/**
 * `alveole doctor`: what is not as it should be is found, put right where that is ours to do, and told. Nothing that a live head or a
 * cell names is ever removed, whatever other devices do meanwhile (collections/garbage.ts).
 */
import type { Collections, FolderGarbage } from './collections/collections.ts'
import type { Context } from './context.ts'
import { mendRules } from './grants/mend-rules.ts'
import type { Groups } from './groups/groups.ts'
import type { KnownGroups } from './groups/known-groups.ts'
import { diagnose, type Diagnosis } from './verify.ts'

export interface Repair extends Diagnosis {
  /** What was found and is put right; `problems` is what is left. */
  repaired: Diagnosis['problems']
  /** Of each folder that has any: what nothing names any more. It goes a week after this device first saw it so. */
  garbage: FolderGarbage[]
}

export async function repairVault(
  context: Context,
  collections: Collections,
  known: KnownGroups,
  groups: Groups,
): Promise<Repair> {
  const before = await diagnose(context, known, collections.telling)
  await mendRules(context, known, { always: true })
  const garbage = await collections.tidy({ always: true })
  await collections.telling.mend({ always: true })
  await groups.tidy({ always: true })
  const after = await diagnose(context, known, collections.telling)
  const left = new Set(after.problems.map(({ code, detail }) => `${code} ${detail}`))
  return {
    ...after,
    repaired: before.problems.filter(({ code, detail }) => !left.has(`${code} ${detail}`)),
    garbage: garbage.filter(({ waiting, removed }) => waiting || removed),
  }
}
