/**
 * A device that opens the vault, lists all of it and searches it: the same code in a process of its own and in a worker of a page,
 * whose memory is looked at from outside between the steps.
 */
import { memoryStore, openVault, solidPod, type Query, type Vault } from '#core'
import { fromHex, random } from '#crypto'

export interface Device {
  webId: string
  storage: string
  /** What to put before an encoded URL (relay.ts). */
  prefix: string
  /** The device's store, values in hexadecimal digits. */
  store: [string, string][]
}

export const QUERIES: readonly Query[] = [
  { order: '-date', limit: 50 },
  { text: 'FIÈVRE hépatite 99', limit: 50 },
  { text: 'slight lot-0777', order: '-date', limit: 50 },
  { kind: 'Photo', text: 'ete mamie 77', order: 'date', limit: 50 },
  { facet: 'health/immunizations', from: '2003', to: '2004-06', order: '-date', offset: 1000, limit: 50 },
]

async function open({ webId, storage, prefix, store: items }: Device): Promise<Vault> {
  const store = memoryStore()
  for (const [name, value] of items) await store.set(name, fromHex(value))
  const direct: typeof fetch = (input, init) => fetch(prefix + encodeURIComponent(new Request(input).url), init)
  const pod = await solidPod({ webId, storage, fetch: direct })
  return openVault({ pod, store }, { seal: { seal: async secret => secret, open: async sealed => sealed } })
}

let vault: Vault

/** Each gives how many rows it found. */
export const STEPS: { [step: string]: (device: Device) => Promise<number> } = {
  /** All but the vault: code, libsodium, a connection. */
  idle: async ({ prefix, storage }) => {
    await fetch(prefix + encodeURIComponent(storage))
    return random(1).length
  },
  open: async device => {
    vault = await open(device)
    return (await vault.collections.list()).length
  },
  page: async () => (await vault.records.list({ order: '-date', limit: 50 })).length,
  list: async () => (await vault.records.list()).length,
  sort: async () => (await vault.records.list({ order: '-date' })).length,
  search: async () => {
    let found = 0
    for (const query of QUERIES) found += (await vault.records.list(query)).length
    return found
  },
}
