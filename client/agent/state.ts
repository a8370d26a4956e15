/** What an agent tells of itself, for `alveole agent status`: no name, no WebID, no address. */
import type { Problem } from './pass.ts'

export interface AgentState {
  pid: number
  /** ISO 8601, as every moment here. */
  since: string
  /** Whether it has keys of the vault. */
  keys: boolean
  /** The last look that came to its end, and when the next is due. */
  lastPass: string | null
  nextPass: string | null
  /** Folders in the last look, rules removed since the start. */
  looked: number
  removed: number
  /** When the next rule ends, and what ends within a week. */
  nextEnd: string | null
  ending: { collection: string; until: string }[]
  /** Who makes rules end; null: not known yet. */
  enforcedBy: 'server' | 'owner' | null
  problems: Problem[]
}

/** Milliseconds: what ends within them ends soon. */
export const WEEK = 7 * 24 * 3600_000

export const newState = (pid: number, since: number, keys: boolean): AgentState => ({
  pid,
  since: iso(since),
  keys,
  lastPass: null,
  nextPass: null,
  looked: 0,
  removed: 0,
  nextEnd: null,
  ending: [],
  enforcedBy: null,
  problems: [],
})

export const iso = (at: number): string => new Date(at).toISOString()

export const endingSoon = (ends: readonly { collection: string; until: number }[], now: number) =>
  ends.filter(({ until }) => until <= now + WEEK).map(({ collection, until }) => ({ collection, until: iso(until) }))
