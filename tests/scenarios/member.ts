/** A person of a scenario: an account on the real server and an open vault. */
import { createVault, memoryStore, solidPod, type Store, type Surroundings, type Vault } from '#core'
import { FLOOR } from '#crypto'
import { newAccount, type Account } from '../accounts.ts'

export interface Actor extends Account {
  name: string
  vault: Vault
  kit: string[]
  store: Store
  around: Surroundings
}

export async function actor(server: string, name: string, clock: () => number = Date.now): Promise<Actor> {
  const account = await newAccount(server, name)
  const store = memoryStore()
  const around = { pod: await solidPod(account), store, clock }
  const { vault, kit } = await createVault(around, { password: `${name} a password`, passwordCost: FLOOR })
  return { ...account, name, vault, kit, store, around }
}
