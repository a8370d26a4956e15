/**
 * What stands around a vault, read by the decoder that shares no code with the product: the server's access lists and members
 * document, and what the device keeps (crypto/SPEC.md §17, §18).
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CollectionId, GroupId } from '#core'
import { purpose } from '#vocab'
import { startPod } from '../../pod-server/pod.ts'
import { actor, type Actor } from '../scenarios/member.ts'
import { hex, same } from './cbor.ts'
import { items } from './device.ts'
import { diskOf, type Disk } from './disk.ts'
import { groupSeed, type OpenGroup } from './group.ts'
import { identity } from './identity.ts'
import { hash, kemPublic } from './primitives.ts'
import { membersDocument, membersIn, rulesAt, wantedOfGroup, wantedOfVault } from './rules.ts'
import { deviceSlot, english, openSlot, wordsOf } from './unlock.ts'
import { groupOf, openVault, ownHead, ownPlace, type OpenVault } from './vault.ts'

const HOUR = 3600_000
const folder = mkdtempSync(join(tmpdir(), 'alveole-surroundings-'))

let pod: Awaited<ReturnType<typeof startPod>>
const people: Actor[] = []
let [owner, member, friend]: Actor[] = []
let health: CollectionId
let group: GroupId
let disk: Disk
let own: OpenVault
let circle: OpenGroup

beforeAll(async () => {
  pod = await startPod({ port: 0, data: folder, quiet: true })
  // one after the other: the server is in this process, and no sign-in waits for another's password
  for (const name of ['owner', 'member', 'friend']) people.push(await actor(pod.url, name))
  ;[owner, member, friend] = people
  await makeVault(owner!, [member!, friend!])
  disk = diskOf(folder, pod.url)
  own = openVault(disk, owner!.webId, { words: owner!.kit.join(' ') })
  circle = groupOf(own, own.state.groups[0]!)!
}, 120_000)
afterAll(async () => {
  await pod.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** A circle that somebody was removed from; grants to it, to a person from tomorrow on, and one that was taken back. */
async function makeVault({ vault }: Actor, members: Actor[]): Promise<void> {
  health = (await vault.collections.create('Santé')).id
  await vault.records.put('Immunization', { disease: 'measles' }, { collection: health })
  group = (await vault.groups.found('Les Abeilles')).group
  const link = await vault.groups.invite(group)
  for (const { vault: theirs } of members) {
    await theirs.groups.join(link)
    await vault.groups.admit(group, theirs.owner)
  }
  const until = new Date(Date.now() + 48 * HOUR)
  const terms = { collections: [health], until, purpose: purpose('dpv:HealthcareManagement')! }
  const [first, second] = members.map(({ webId }) => webId) as [string, string]
  await vault.grants.give({ to: group, facets: ['health/immunizations'], ...terms })
  await vault.grants.give({ to: first, facets: ['health/vitals'], from: new Date(Date.now() + 24 * HOUR), ...terms })
  await vault.grants.revoke((await vault.grants.give({ to: second, facets: ['health/vitals'], ...terms })).grant)
  await vault.groups.remove(group, second)
  await vault.records.put('Immunization', { disease: 'mumps' }, { collection: health })
  await vault.settle()
}

test('[F3] access lists are what the account and the log want', () => {
  const document = membersDocument(group, circle.log.nonce)
  const root = `${own.storage}alveole/`
  const wanted = [
    ...wantedOfVault(own.state, owner!.webId, root, () => `${document}#members`, Date.now()),
    ...wantedOfGroup(group, owner!.webId, document),
  ]
  expect(wanted.length).toBe(9)
  for (const [resource, rules] of wanted) expect([resource, rulesAt(disk, resource)]).toEqual([resource, rules])
  const said = wanted.flatMap(([, rules]) => rules.flat())
  for (const [what, times] of Object.entries({ validUntil: 2, validFrom: 1, agentGroup: 4, agentClass: 4 }))
    expect([what, said.filter(line => line.includes(`#${what} `)).length]).toEqual([what, times])
})

test('[F4] the members document says who is in, by the log', () => {
  const members = circle.log.members.filter(({ state }) => state === 'member').map(({ webId }) => webId)
  expect(members.toSorted()).toEqual([owner!.webId, member!.webId].sort())
  expect(membersIn(disk, membersDocument(group, circle.log.nonce))).toEqual(members.sort())
})

async function kept<I extends keyof typeof items>(item: I, of = ''): Promise<ReturnType<(typeof items)[I]>> {
  const value = await owner!.store.get(of ? `${item} ${of}` : item)
  return items[item](value!) as ReturnType<(typeof items)[I]>
}

test('[D3] marks and counts of the device are those of what stands in the pod', async () => {
  const { read } = ownHead(own, own.state.collections[0]!.id)
  const url = `${ownPlace(own, own.state.collections[0]!.id).url}head.alv`
  const seen = await kept('seen', url)
  expect([hex(seen.hash), seen.vector]).toEqual([hex(hash(disk.read(url)!)), read.header.vector])
  const device = own.state.devices.find(({ name }) => name === 'first device')
  const signed = seen.vector.find(row => same(row.device, device!.id))!
  expect((await kept('commits', url)).count).toBeGreaterThanOrEqual(signed.commits)
})

test('[D3] of a circle it keeps what it must find again', async () => {
  const { log, epochs } = circle
  expect(await kept('group', group)).toEqual(log.last)
  expect(await kept('standing', group)).toEqual({ epoch: log.epoch, stewards: [owner!.webId] })
  expect(hex(await kept('kem', group))).toBe(hex(kemPublic(groupSeed(epochs.at(-1)!))))
  expect(await kept('members', group)).toBe(`${membersDocument(group, log.nonce)}#members`)
  expect(await owner!.store.get(`to mend ${group}`)).toBeNull()
})

test('[D2] [D3] its seeds are under the password, the kit under its seeds, and logs as they were seen', async () => {
  const seeds = openSlot('owner a password', owner!.webId, await kept('device slot'))
  const { secret } = items.secret(deviceSlot((await owner!.store.get('kit'))!, seeds))
  expect(wordsOf(secret, english)).toBe(owner!.kit.join(' '))
  const logs = [await owner!.store.get('identity own'), await owner!.store.get(`identity ${member!.webId}`)]
  expect(logs.map(log => identity(log!).webId)).toEqual([owner!.webId, member!.webId])
  expect(await owner!.store.get('creation')).toBeNull()
})

test('[D3] what waits for a confirmation, and what garbage collection and the tidying of circles have seen', async () => {
  expect(await owner!.store.get('unconfirmed')).toBeNull()
  await owner!.vault.tidy()
  expect([await kept('storage'), await kept('uninvited', group)]).toEqual([own.storage, []])
  const garbage = await kept('garbage', ownPlace(own, own.state.collections[0]!.id).url)
  expect(garbage.unnamed.length).toBeGreaterThan(0) // keyrings that were replaced
  const there = garbage.unnamed.map(({ name }) =>
    disk.read(`${ownPlace(own, own.state.collections[0]!.id).url}${name}.alv`),
  )
  expect(there).not.toContain(null)
  expect([garbage.at, (await kept('tidied', group)).at]).toEqual([expect.closeTo(Date.now(), -6), expect.any(Number)])
})
