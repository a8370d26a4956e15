/** Making and opening a vault: its pod and store put behind the lock, what the device keeps of them before the pod, and the parts together. */
import { cachedPod } from './cached-pod.ts'
import { create, type CreateOptions } from './create.ts'
import { Line } from './line.ts'
import { Lock } from './lock.ts'
import { isMarked } from './marks.ts'
import { followAccount, followCollections, rememberStorage } from './move/marks.ts'
import { open, type OpenOptions } from './open.ts'
import type { Surroundings, Unlock } from './types.ts'
import { Vault, type Behind } from './vault.ts'

export async function createVault(
  around: Surroundings,
  options: CreateOptions,
): Promise<{ vault: Vault; kit: string[] }> {
  const [lock, behind] = locking(around)
  await rememberStorage(behind.store, behind.pod.storage)
  const { kit, ...opened } = await create(behind, options)
  return { vault: new Vault(lock, behind, opened), kit }
}

/** Finishes what a crash left undone before it gives the vault; without an answer of the pod it opens from what is kept here. */
export async function openVault(around: Surroundings, unlock: Unlock, options?: OpenOptions): Promise<Vault> {
  const { vault, isStale } = await opened(around, unlock, options)
  return Vault.begin(vault, isStale)
}

/** Not begun: what earlier openings left still waits. */
export async function opened(
  around: Surroundings,
  unlock: Unlock,
  options?: OpenOptions,
): Promise<{ vault: Vault; isStale: boolean }> {
  const [lock, behind] = locking(around)
  await followAccount(behind.store, behind.pod.storage)
  const parts = await open(behind, unlock, options)
  await followCollections(behind.store, behind.pod.storage, parts.account.state)
  return { vault: new Vault(lock, behind, parts), isStale: parts.stale }
}

function locking(around: Surroundings): [Lock, Behind] {
  const [lock, line] = [new Lock(), new Line()]
  const { store, objects, clock } = around
  const listened = line.to(around.pod)
  const pod = objects ? cachedPod(listened, objects, (url, body) => isMarked(store, url, body), clock) : listened
  return [lock, { ...around, line, pod: lock.pod(pod), store: lock.store(store) }]
}
