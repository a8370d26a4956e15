/** Members with open vaults on one in-memory server, whose disk and devices can be put back to an earlier moment. */
import {
  createVault,
  openVault,
  type CollectionId,
  type DeviceSeal,
  type Pod,
  type Store,
  type Surroundings,
  type Vault,
} from '#core'
import { FLOOR } from '#crypto'
import { memoryServer, type MemoryServer } from '../../client/core/memory-pod.ts'

export const DAY = 24 * 3600_000
export const START = Date.UTC(2026, 0, 1)
export const PURPOSE = 'https://w3id.org/dpv#HealthcareManagement'
export const FACET = 'health/immunizations'

/** Opens without a password's cost; what a device seal does is tested elsewhere. */
export const openSeal: DeviceSeal = { seal: async secret => secret, open: async sealed => sealed }

export interface SavedStore extends Store {
  readonly values: Map<string, Uint8Array>
}

export function savedStore(values = new Map<string, Uint8Array>()): SavedStore {
  return {
    values,
    get: async key => values.get(key)?.slice() ?? null,
    set: async (key, value) => void (value ? values.set(key, value.slice()) : values.delete(key)),
  }
}

export interface Member {
  name: string
  vault: Vault
  kit: string[]
  around: Surroundings & { store: SavedStore }
}

export interface World {
  server: MemoryServer
  clock: () => number
  pass(ms: number): void
  around(name: string): Member['around']
  member(name: string): Promise<Member>
  /** The disk of the server and these devices, as they are now; calling what it gives puts them back. */
  save(...stores: SavedStore[]): () => void
}

export function world(): World {
  let now = START
  const clock = () => now
  const server = memoryServer(clock)
  const around = (name: string) => ({ pod: server.pod(name), store: savedStore(), clock })
  return {
    server,
    clock,
    pass: ms => void (now += ms),
    around,
    member: async name => {
      const at = around(name)
      const { vault, kit } = await createVault(at, { password: passwordOf(name), passwordCost: FLOOR })
      await vault.keepUnlocked(openSeal)
      return { name, vault, kit, around: at }
    },
    save: (...stores) => {
      const maps: Map<string, unknown>[] = [server.files, ...stores.map(({ values }) => values)]
      const kept = maps.map(map => new Map(map))
      const at = now
      return () => {
        now = at
        for (const [i, map] of maps.entries()) {
          map.clear()
          for (const [key, value] of kept[i]!) map.set(key, value)
        }
      }
    },
  }
}

export const passwordOf = (name: string): string => `${name} password`

/** As the same device would after a restart: nothing in memory. */
export const reopen = ({ around }: Pick<Member, 'around'>, pod: Pod = around.pod): Promise<Vault> =>
  openVault({ ...around, pod }, { seal: openSeal })

/** As another device of the same person, with a store of its own. */
export async function secondDevice({ name, around }: Member): Promise<Member> {
  const at = { ...around, store: savedStore() }
  const vault = await openVault(at, { password: passwordOf(name) }, { name: 'second device' })
  await vault.keepUnlocked(openSeal)
  return { name, vault, kit: [], around: at }
}

export async function folder(vault: Vault, name = 'Health'): Promise<CollectionId> {
  return (await vault.collections.find(name))?.id ?? (await vault.collections.create(name)).id
}

export async function notes(vault: Vault): Promise<unknown[]> {
  const found = await Array.fromAsync(vault.records.query())
  return found.map(({ value }) => value['note']).sort()
}

export const grantTo = (to: string, clock: () => number) => ({
  to,
  facets: [FACET],
  until: new Date(clock() + 30 * DAY),
  purpose: PURPOSE,
})
