/**
 * One's own identity log: cached on this device, read again where the pod's objects cite an entry that the cache lacks. It
 * only ever grows, and its root is the one that the unlocking keys name (SPEC P4): a host cannot put another in its place.
 */
import { AlveoleError, continues, encodeIdentity, equal, openIdentity, rootId, type Identity } from '#crypto'
import { hasMark } from './marks.ts'
import type { Me } from './me.ts'
import { accountUrl, identityUrl } from './paths.ts'
import type { Pod } from './pod.ts'
import type { Store } from './store.ts'

const KEY = 'identity own'

export const keepIdentity = (store: Store, identity: Identity): Promise<void> =>
  store.set(KEY, encodeIdentity(identity))

export const forgetIdentity = (store: Store): Promise<void> => store.set(KEY, null)

/** As this device last knew it. */
export async function keptIdentity(store: Store): Promise<Identity | null> {
  const stored = await store.get(KEY)
  return stored && openIdentity(stored)
}

const contains = ({ entries }: Identity, cited: Uint8Array): boolean => entries.some(entry => equal(entry, cited))

/**
 * The log that contains the cited entry. A device that has not been let in to the end reads the pod's, newer or not: its own
 * certification may stand there, unheard of.
 */
export async function citedIdentity(pod: Pod, store: Store, root: string, cited: Uint8Array): Promise<Identity> {
  const kept = await keptIdentity(store)
  const known = kept && checkRoot(kept, root)
  const isIn = await hasMark(store, accountUrl(pod.storage))
  if (known && isIn && contains(known, cited)) return known
  const reply = await pod.get(identityUrl(pod.storage))
  if (!reply) throw new AlveoleError('not-granted', 'no vault in this pod')
  const identity = checkRoot(openIdentity(reply.body), root)
  if (identity.webId !== pod.webId) throw new AlveoleError('tampered', 'the identity of somebody else')
  if ((known && !continues(identity, known)) || !contains(identity, cited)) {
    throw new AlveoleError('rolled-back', 'an identity log that lost entries')
  }
  await keepIdentity(store, identity)
  return identity
}

function checkRoot(identity: Identity, root: string): Identity {
  if (rootId(identity) !== root) throw new AlveoleError('identity-changed', 'a vault with another root key')
  return identity
}

/** The log as the pod has it now, with its ETag: to be extended, or to see what other devices made of it. */
export async function readOwnLog(pod: Pod, store: Store, me: Me): Promise<{ identity: Identity; etag: string | null }> {
  const reply = await pod.get(identityUrl(pod.storage), { fresh: true })
  if (!reply) throw new AlveoleError('rolled-back', 'the identity log is gone')
  const identity = checkRoot(openIdentity(reply.body), rootId(me.identity))
  if (!continues(identity, me.identity)) throw new AlveoleError('rolled-back', 'an identity log that lost entries')
  await keepIdentity(store, identity)
  me.identity = identity
  return { identity, etag: reply.etag }
}

/** Another device may have been added, and have signed what cites this entry. */
export async function keepUp(pod: Pod, store: Store, me: Me, cited: Uint8Array): Promise<void> {
  if (!contains(me.identity, cited)) me.identity = await citedIdentity(pod, store, rootId(me.identity), cited)
}
