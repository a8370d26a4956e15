/**
 * A person of a bench: an account on the server, an open vault with its store on disk, and the requests it sends counted.
 * The vault can be opened again without Argon2id, by a key that stays on the device.
 */
import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { createVault, openVault, solidPod, type DeviceSeal, type Pod, type Store, type Vault } from '#core'
import { FLOOR } from '#crypto'
import { deviceStore } from '../../client/node/device-store.ts'
import { authenticatedFetch } from '../../client/node/session.ts'
import { newAccount } from '../accounts.ts'
import type { Server } from './server.ts'

export const PASSWORD = 'a password of the bench'

export interface Person {
  webId: string
  /** Root of the pod. */
  storage: string
  fetch: typeof fetch
  store: Store
  vault: Vault
  /** A new Pod: it knows nothing yet. */
  pod(): Promise<Pod>
  /** As a process just started would, the store apart. */
  reopen(): Promise<Vault>
  /** The requests that `work` sends, as "METHOD path". */
  requestsOf(work: () => Promise<unknown>): Promise<string[]>
}

export async function newPerson(server: Server, name: string): Promise<Person> {
  const { webId, pod: storage, clientId, clientSecret } = await newAccount(server.url, name)
  const sent: string[] = []
  const signedIn = authenticatedFetch({ oidcIssuer: server.url, clientId, clientSecret })
  const counted: typeof fetch = (input, init) => {
    const { method, url } = new Request(input, { method: init?.method ?? 'GET' })
    sent.push(`${method} ${new URL(url).pathname}`)
    return signedIn(input, init)
  }
  const pod = () => solidPod({ webId, storage, fetch: counted })
  const store = deviceStore(await mkdtemp(join(server.folder, '.internal', 'device-')))
  const { vault } = await createVault({ pod: await pod(), store }, { password: PASSWORD, passwordCost: FLOOR })
  const seal = await deviceSeal()
  await vault.keepUnlocked(seal)
  return {
    webId,
    storage,
    fetch: counted,
    store,
    vault,
    pod,
    reopen: async () => openVault({ pod: await pod(), store }, { seal }),
    requestsOf: async work => {
      const before = sent.length
      await work()
      return sent.slice(before)
    },
  }
}

/** AES-GCM under a key that WebCrypto keeps. */
async function deviceSeal(): Promise<DeviceSeal> {
  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  const iv = crypto.getRandomValues(new Uint8Array(12))
  return {
    seal: async secret => new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, secret.slice())),
    open: async sealed => new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, sealed.slice())),
  }
}
