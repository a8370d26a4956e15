/** Since when this device itself has seen something stand so, by its own clock: the host's dates count for nothing. */
import { list, struct, text, uint, type Of } from '#crypto'

export const since = list(struct({ name: text, since: uint }))
export type Since = Of<typeof since>

/** Of what stands so now; a clock that was put back neither hastens nor hides. */
export function sinceWhen(names: readonly string[], before: Since = [], now: number): Since {
  const known = new Map(before.map(({ name, since }) => [name, since]))
  return names.map(name => ({ name, since: Math.min(known.get(name) ?? now, now) }))
}

/** What has stood so for as many milliseconds. */
export const lasting = (seen: Since, now: number, least: number): string[] =>
  seen.filter(({ since }) => now - since >= least).map(({ name }) => name)
