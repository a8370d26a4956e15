/**
 * Generations that another device of one's own began (SPEC A2, A14): asked of the account where something is sealed to one that is
 * not known here. It is only read for them; what it says is for who refreshes it.
 */
import {
  AlveoleError,
  equal,
  unsafeAccountHeader,
  unwrapGenerations,
  verifyAccount,
  type AccountHeader,
  type Generation,
} from '#crypto'
import type { Me } from './me.ts'
import { keepUp } from './own-identity.ts'
import { accountUrl } from './paths.ts'
import type { Pod } from './pod.ts'
import type { Store } from './store.ts'

/** Whether there are new ones. Throws `wrong-unlock` where this device has been removed. */
export async function learnGenerations(pod: Pod, store: Store, me: Me): Promise<boolean> {
  const reply = await pod.get(accountUrl(pod.storage), { fresh: true })
  if (!reply || unsafeAccountHeader(reply.body).generation <= me.generation.number) return false
  await keepUp(pod, store, me, unsafeAccountHeader(reply.body).identityHead)
  const { header } = verifyAccount(reply.body, me.webId, me.deviceKey)
  me.generations = ownGenerations(header, me)
  return true
}

/** What an error is about. */
export const ON_DEVICE = { detail: { field: 'device' } }

/** All that the account wraps to this device. Throws `wrong-unlock` where it was removed. */
export function ownGenerations(header: AccountHeader, { device, seeds }: Me): Generation[] {
  if (!header.wraps.some(({ to }) => equal(to, device)))
    throw new AlveoleError('wrong-unlock', 'this device was removed', ON_DEVICE)
  return unwrapGenerations(header, seeds)
}
