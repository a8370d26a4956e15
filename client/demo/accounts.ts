/** The account, pod and vault behind a door: found where an earlier run left them, else made. */
import { createVault, hasVault, memoryStore, openVault, solidPod, type Store, type Vault } from '#core'
import { FLOOR, isCode } from '#crypto'
import { createServerAccount, serverCredentials, type ServerCredentials } from '../core/server-account.ts'
import { authenticatedFetch, type Credentials } from '../node/session.ts'
import type { Door, DoorId } from './doors.ts'

export interface Way {
  podUrl: string
  /** Where the seeding device keeps its keys; forgotten with the process unless given. */
  storeFor?: (id: DoorId) => Store
  fetchFor?: (account: Credentials) => typeof fetch
}

async function account(podUrl: string, { name, email, password }: Door): Promise<ServerCredentials> {
  try {
    return await serverCredentials(podUrl, { email, password })
  } catch (error) {
    if (!isCode(error, 'wrong-unlock', 'not-granted')) throw error // none yet, or one that has no pod yet
  }
  return createServerAccount(podUrl, { name, email, password })
}

/** The least password cost is enough for a password that everybody knows, and keeps the first start short. */
export async function vaultOf(
  { podUrl, storeFor = memoryStore, fetchFor = authenticatedFetch }: Way,
  door: Door,
): Promise<Vault> {
  const credentials = await account(podUrl, door)
  const fetch = fetchFor(credentials)
  const pod = await solidPod({ webId: credentials.webId, storage: credentials.pod, fetch })
  const around = { pod, store: storeFor(door.id) }
  const name = 'alveole: demo'
  if (await hasVault(pod)) return openVault(around, { password: door.unlock }, { name })
  const { vault } = await createVault(around, { password: door.unlock, passwordCost: FLOOR, name })
  return vault
}
