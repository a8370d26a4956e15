/**
 * A creation that this device began: kept before anything is published, so that a line that dies in between costs neither the
 * keys nor the kit. Whoever creates or opens the vault here next finishes it, or forgets it where another device was first.
 */
import { continues, encodeIdentity, equal, isCode, openIdentity, rootId } from '#crypto'
import { forgetPassword } from './device-keys.ts'
import { forgetIdentity, keptIdentity } from './own-identity.ts'
import { accountUrl, identityUrl, MEDIA_TYPE } from './paths.ts'
import type { Pod } from './pod.ts'
import { forgetKit } from './recovery.ts'
import type { Store } from './store.ts'
import { swap } from './swap.ts'

const KEY = 'creation'

export const keepCreation = (store: Store, account: Uint8Array): Promise<void> => store.set(KEY, account)
export const endCreation = (store: Store): Promise<void> => store.set(KEY, null)

/** Whether the vault in the pod is the one that this device began. Without a request where it began none. */
export async function finishCreation(pod: Pod, store: Store): Promise<boolean> {
  const account = await store.get(KEY)
  const mine = account && (await keptIdentity(store))
  if (!account || !mine) return false
  const reply = await pod.get(identityUrl(pod.storage))
  if (!reply) return false // nothing was published: it may begin anew
  const theirs = openIdentity(reply.body)
  if (rootId(theirs) !== rootId(mine) || !continues(theirs, mine)) {
    await forgetCreation(store)
    return false
  }
  if (equal(reply.body, encodeIdentity(mine))) await replaceLeftover(pod, account)
  await endCreation(store)
  return true
}

export async function forgetCreation(store: Store): Promise<void> {
  for (const forget of [forgetPassword, forgetIdentity, forgetKit, endCreation]) await forget(store)
}

/** Whether it stands now; false: another one does, of a creation that stopped half-way or of a vault. */
export async function putFirst(pod: Pod, account: Uint8Array): Promise<boolean> {
  try {
    await swap(pod, accountUrl(pod.storage), account, null)
    return true
  } catch (error) {
    if (!isCode(error, 'conflict')) throw error
    return false
  }
}

/** Only for whoever put the identity log where none was: an account that stands there then is nobody's. */
export async function replaceLeftover(pod: Pod, account: Uint8Array): Promise<void> {
  const url = accountUrl(pod.storage)
  const reply = await pod.get(url)
  if (reply && equal(reply.body, account)) return
  const condition = reply?.etag ? { ifMatch: reply.etag } : { ifNoneMatch: '*' as const }
  await pod.put(url, account, { ...condition, type: MEDIA_TYPE })
}
