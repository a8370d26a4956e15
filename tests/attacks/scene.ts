/**
 * What is attacked: the main job, done. Alice's vault on two devices, with records in several facets, a file, grants that live and
 * that ended, several epochs; a circle of hers with two members, of whom one shares too. All on a server whose host is hostile.
 */
import type { CollectionId, GroupId, Vault } from '#core'
import { grantTo, savedStore, secondDevice, world } from '../core/world.ts'
import type { Member, World } from '../core/world.ts'
import { takeOver, type Host, type Moment } from '../hostile-pod.ts'
import { shown } from './shown.ts'

export const MINUTE = 60_000
export const FILE = 'what the file says'

export interface Scene {
  around: World
  host: Host
  alice: Member
  /** Her second device. */
  laptop: Member
  bob: Member
  carol: Member
  health: CollectionId
  photos: CollectionId
  group: GroupId
  honest: Moment
  /** The notes that alice added, commit after commit. */
  story: unknown[][]
  /** Server, devices and clock as they were when all was done. */
  back(): void
}

export async function scene(from: (host: Host) => unknown = () => undefined): Promise<Scene> {
  const around = world()
  const host = takeOver(around.server, around.clock)
  from(host)
  const [alice, bob, carol] = [await around.member('alice'), await around.member('bob'), await around.member('carol')]
  const { id: health } = await alice.vault.collections.create('Health')
  const { id: photos } = await alice.vault.collections.create('Photos')
  await add(alice.vault, health, 'BCG')
  await alice.vault.records.put('Condition', { note: 'asthma' }, { collection: health })
  const group = await circle(alice, [bob, carol])
  await alice.vault.grants.give({ ...grantTo(group, around.clock), collections: [health] })
  const { grant } = await alice.vault.grants.give({
    ...grantTo(carol.vault.owner, around.clock),
    facets: ['health/medications'],
    collections: [health],
  })
  await alice.vault.records.put('Medication', { note: 'salbutamol' }, { collection: health })
  await alice.vault.grants.revoke(grant)
  const many = Array.from({ length: 20 }, (_, i) => ({ kind: 'Immunization', value: { note: `old ${i} ${long}` } }))
  await alice.vault.records.putAll(many, health) // more than a tail holds: a segment, in the second epoch
  await alice.vault.grants.give({
    ...grantTo(bob.vault.owner, around.clock),
    facets: ['health/medications'],
    collections: [health],
  })
  await add(alice.vault, health, 'MMR')
  await storeFile(alice.vault, photos)
  const { id: bobs } = await bob.vault.collections.create('Mine')
  await add(bob.vault, bobs, 'of bob')
  await bob.vault.grants.give(grantTo(group, around.clock))
  const members = [alice, bob, carol]
  for (const member of members) await member.vault.settle()
  const laptop = await secondDevice(alice)
  await laptop.vault.grants.confirm()
  await laptop.vault.settle()
  for (const member of [...members, laptop]) await shown({ group, alice, bob }, member) // every device has seen the newest
  const back = around.save(...[...members, laptop].map(member => member.around.store))
  const honest = new Map(host.files)
  const story = [['BCG'], ['asthma'], ['salbutamol'], many.map(({ value }) => value.note), ['MMR'], [undefined]]
  return { around, host, alice, laptop, bob, carol, health, photos, group, honest, story, back }
}

/** What the server decides access by: the client never reads it to decide anything. */
export const isRule = (url: string): boolean => /\.acl$|\/members-[^/]+$/.test(url)
export const short = (url: string): string => url.replace('https://memory.example/', '')

const long = 'x'.repeat(900)

export const add = (vault: Vault, collection: CollectionId, note: string) =>
  vault.records.put('Immunization', { note }, { collection })

async function circle(steward: Member, members: Member[]): Promise<GroupId> {
  const { group } = await steward.vault.groups.found('Les Abeilles')
  const link = await steward.vault.groups.invite(group)
  for (const { vault } of members) {
    await vault.groups.join(link)
    await steward.vault.groups.admit(group, vault.owner)
  }
  return group
}

async function storeFile(vault: Vault, collection: CollectionId): Promise<void> {
  const content = await vault.blobs.put(new Blob([FILE]), { collection, name: 'a.txt', mediaType: 'text/plain' })
  await vault.records.put('File', { content: { ...content } }, { collection })
}

/** As the same device, put back to when it had its keys and had seen nothing yet. */
export function withoutMarks({ around, ...member }: Member): Member {
  const kept = [...around.store.values].filter(([key]) => key.startsWith('device '))
  return { ...member, around: { ...around, store: savedStore(new Map(kept)) } }
}
