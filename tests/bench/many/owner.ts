/** Whose vault it is: an account on the server, an open vault, and what another device of hers starts from. */
import { createVault, solidPod, type DeviceSeal, type Pod, type Store, type Vault } from '#core'
import { FLOOR, toHex } from '#crypto'
import { authenticatedFetch } from '../../../client/node/session.ts'
import { newAccount } from '../../accounts.ts'
import { PASSWORD } from '../person.ts'
import type { Server } from '../server.ts'
import type { Device } from './reader.ts'

/** Keys of a bench need no hiding. */
export const openSeal: DeviceSeal = { seal: async secret => secret, open: async sealed => sealed }

export interface Asked {
  requests: number
  bytes: number
}

export interface Owner {
  vault: Vault
  store: Store
  fetch: typeof fetch
  /** A new one, which counts what is asked of it, and what comes. */
  pod(asked: Asked): Promise<Pod>
  /** What this device has now, for one behind a relay. */
  device(prefix: string): Device
}

export async function newOwner({ url }: Server): Promise<Owner> {
  const { webId, pod: storage, clientId, clientSecret } = await newAccount(url, 'many')
  const signedIn = authenticatedFetch({ oidcIssuer: url, clientId, clientSecret })
  const items = new Map<string, Uint8Array>()
  const store = {
    get: async (key: string) => items.get(key) ?? null,
    set: async (key: string, value: Uint8Array | null) =>
      void (value ? items.set(key, value.slice()) : items.delete(key)),
  }
  const pod = (asked: Asked) => {
    const counted: typeof fetch = async (input, init) => {
      const reply = await signedIn(input, init)
      asked.requests++
      asked.bytes += (await reply.clone().arrayBuffer()).byteLength
      return reply
    }
    return solidPod({ webId, storage, fetch: counted })
  }
  const first = await solidPod({ webId, storage, fetch: signedIn })
  const { vault } = await createVault({ pod: first, store }, { password: PASSWORD, passwordCost: FLOOR })
  await vault.keepUnlocked(openSeal)
  return {
    vault,
    store,
    fetch: signedIn,
    pod,
    device: prefix => ({ webId, storage, prefix, store: [...items].map(([name, value]) => [name, toHex(value)]) }),
  }
}
