/** Grants as a vault offers them to programs: with all that taking one back may do besides. */
import { fromUtf8, unsafeUnverified } from '#crypto'
import type { Reencrypted, Reencryption } from '../blobs/reencrypt.ts'
import type { GrantId, GrantInfo, GroupId, Stopped, WebId } from '../types.ts'
import type { Grants, Narrower } from './grants.ts'
import type { GrantRequest } from './terms.ts'

export interface RevokeOptions {
  /** R1 at once, where nothing may be written for long. */
  rotate?: boolean
  rewrap?: boolean
  reencrypt?: boolean
  /** Of `rewrap` shares of 1, then of `reencrypt` bytes sealed anew by this call, of those that were left. */
  onProgress?: ((done: number, total: number, of: 'records' | 'files') => void) | undefined
  signal?: AbortSignal | undefined
}

export interface VaultGrants {
  give(request: GrantRequest): ReturnType<Grants['give']>
  /** Another end, further off or nearer; throws `refused` where it is over, or waits for its confirmation on this device. */
  extend(grant: GrantId, terms: { until: Date }): Promise<GrantInfo>
  /** Fewer facets or folders, from this change on; `usage` for more than it gives, which is a grant of its own. */
  narrow(grant: GrantId, left: Narrower): Promise<GrantInfo>
  /** All that somebody or a circle was given, as `revoke`; `problems` of a folder keep no other back. */
  revokeAll(to: WebId | GroupId, options?: { rotate?: boolean }): Promise<Stopped>
  stopEverything(options?: { rotate?: boolean }): Promise<Stopped>
  /**
   * R0 at once, R1 at the next write, or at once with `rotate`; with `rewrap` then R2: what it opened, sealed anew and the old deleted; with `reencrypt` R3: the
   * files that it opened, under new keys (protocol §6). Interrupted, it is to be asked for again.
   */
  revoke(grant: GrantId, options?: RevokeOptions): Promise<GrantInfo & { reencrypted?: Reencrypted }>
  list(): ReturnType<Grants['list']>
  confirm(): ReturnType<Grants['confirm']>
  /** The signed agreement's JSON-LD. */
  receipt(grant: GrantId): Promise<string>
}

export const vaultGrants = (grants: Grants, reencryption: Reencryption): VaultGrants => ({
  give: request => grants.give(request),
  extend: (grant, terms) => grants.extend(grant, terms),
  narrow: (grant, left) => grants.narrow(grant, left),
  revokeAll: (to, options) => grants.revokeAll(to, options),
  stopEverything: options => grants.stopEverything(options),
  async revoke(grant, { rotate = false, rewrap = false, reencrypt = false, onProgress, signal } = {}) {
    const sealing = (done: number): void => onProgress?.(done, 1, 'records')
    const scope = reencrypt && (await grants.scope(grant)) // what a selection was of is forgotten with it
    const ended = await grants.revoke(grant, { rotate, rewrap, onProgress: sealing, signal })
    if (!scope) return ended
    const chosen = { job: `grant ${grant}`, ...scope }
    const told = { onProgress: (done: number, total: number) => onProgress?.(done, total, 'files'), signal }
    return { ...ended, reencrypted: await reencryption.run(chosen, told) }
  },
  list: () => grants.list(),
  confirm: () => grants.confirm(),
  receipt: async grant => fromUtf8(unsafeUnverified(await grants.receipt(grant)).signed), // our own, out of the account
})
