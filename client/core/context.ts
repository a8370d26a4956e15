/** What the parts of an open vault share; assembled once, in vault.ts. */
import type { Account } from './account.ts'
import type { HybridClock } from './clock.ts'
import type { Line } from './line.ts'
import type { Me } from './me.ts'
import type { People } from './people.ts'
import type { Pod } from './pod.ts'
import type { Store } from './store.ts'

export interface Context {
  pod: Pod
  /** What `pod` is asked over. */
  line: Line
  store: Store
  /** Whether this device keeps what it fetches: it then reads and writes without a network. */
  keepsObjects: boolean
  /** Milliseconds since 1970, as this device has it. */
  clock: () => number
  hlc: HybridClock
  me: Me
  account: Account
  people: People
  /** Aborted, with `locked`, when the vault is locked. */
  locked: AbortSignal
  /** Tells the subscribers that something changed. */
  changed(): void
}
