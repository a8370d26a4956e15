/** People with vaults on any server, what their agents sign in with, and what a reader gets. */
import { randomUUID } from 'node:crypto'
import { createVault, memoryStore, solidPod, type CollectionId, type Vault } from '#core'
import { FLOOR } from '#crypto'
import { pim } from '#vocab'
import { fromBase64Url } from '../../crypto/bytes.ts'
import { collectionUrl, headUrl } from '../../client/core/paths.ts'
import { newAccount, type Account } from '../accounts.ts'

export const PURPOSE = 'https://w3id.org/dpv#HealthcareManagement'
export const FACET = 'health/immunizations'

export interface Person extends Account {
  vault: Vault
}

/** Stock servers name no storage in their profiles: their people do it themselves. */
export async function person(server: string, name: string): Promise<Person> {
  const account = await newAccount(server, name)
  const at = await solidPod({ ...account, storage: account.pod })
  if (!(await at.profile(account.webId))?.storage) await nameStorage(account)
  const around = { pod: await solidPod(account), store: memoryStore() }
  const { vault } = await createVault(around, { password: `${name} a password`, passwordCost: FLOOR })
  return { ...account, vault }
}

async function nameStorage({ webId, pod, fetch }: Account): Promise<void> {
  const body = `@prefix solid: <http://www.w3.org/ns/solid/terms#>.
    _:p a solid:InsertDeletePatch; solid:inserts { <${webId}> <${pim.storage}> <${pod}> }.`
  const [card = ''] = webId.split('#')
  const { ok, status } = await fetch(card, { method: 'PATCH', headers: { 'content-type': 'text/n3' }, body })
  if (!ok) throw new Error(`profile: ${status}`)
}

/** A folder with a record, shared with a reader until then. */
export async function share({ vault }: Person, reader: Person, until: Date): Promise<CollectionId> {
  const { id } = await vault.collections.create(`Santé ${randomUUID()}`)
  await vault.records.put('Immunization', { note: 'BCG' }, { collection: id })
  await vault.grants.give({ to: reader.webId, collections: [id], facets: [FACET], until, purpose: PURPOSE })
  return id
}

export const folderOf = ({ pod }: Person, id: string): string => collectionUrl(pod, fromBase64Url(id))

/** What the server answers to who asks for the folder's head. */
export async function statusFor(reader: Person, owner: Person, id: string): Promise<number> {
  const response = await reader.fetch(headUrl(folderOf(owner, id)), { cache: 'no-store' })
  await response.body?.cancel()
  return response.status
}

/** What an agent is given to sign in with. */
export const credentialsOf = (server: string, { webId, pod, clientId, clientSecret }: Person) => ({
  webId,
  pod,
  oidcIssuer: server,
  clientId,
  clientSecret,
})
