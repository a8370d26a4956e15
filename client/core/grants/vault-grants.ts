/** Grants as a vault offers them to programs: with all that taking one back may do besides. */
import { fromUtf8, unsafeUnverified } from '#crypto'
import type { Reencrypted, Reencryption } from '../blobs/reencrypt.ts'
import type { GrantId, GrantInfo } from '../types.ts'
import type { Grants } from './grants.ts'
import type { GrantRequest } from './terms.ts'

export interface RevokeOptions {
  rewrap?: boolean
  reencrypt?: boolean
  /** Of `rewrap` shares of 1, then of `reencrypt` bytes sealed anew by this call, of those that were left. */
  onProgress?: ((done: number, total: number, of: 'records' | 'files') => void) | undefined
  signal?: AbortSignal | undefined
}

export interface VaultGrants {
  give(request: GrantRequest): ReturnType<Grants['give']>
  /**
   * R0 at once, R1 at the next write; with `rewrap` then R2: what it opened, sealed anew and the old deleted; with `reencrypt` R3: the
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
  async revoke(grant, { rewrap = false, reencrypt = false, onProgress, signal } = {}) {
    const scope = reencrypt && (await grants.scope(grant)) // what a selection was of is forgotten with it
    const ended = await grants.revoke(grant, { rewrap, onProgress: done => onProgress?.(done, 1, 'records'), signal })
    if (!scope) return ended
    const chosen = { job: `grant ${grant}`, ...scope }
    const told = { onProgress: (done: number, total: number) => onProgress?.(done, total, 'files'), signal }
    return { ...ended, reencrypted: await reencryption.run(chosen, told) }
  },
  list: () => grants.list(),
  confirm: () => grants.confirm(),
  receipt: async grant => fromUtf8(unsafeUnverified(await grants.receipt(grant)).signed), // our own, out of the account
})
