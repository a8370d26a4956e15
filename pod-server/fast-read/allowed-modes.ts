/**
 * What rules give to somebody, now: dates and groups are asked of the access checker each time, never remembered.
 * A rule that could add nothing is not asked, which changes no result.
 */
import type { AccessChecker, Credentials } from '@solid/community-server'
import type { Mode, Rule } from './access-rules.ts'

export const allowedModes = async (
  rules: readonly Rule[],
  credentials: Credentials,
  checker: AccessChecker,
): Promise<ReadonlySet<Mode>> => {
  const allowed = new Set<Mode>()
  for (const { acl, rule, modes } of rules) {
    if (modes.every(mode => allowed.has(mode))) continue
    if (await checker.handleSafe({ acl, rule, credentials })) for (const mode of modes) allowed.add(mode)
  }
  return allowed
}
