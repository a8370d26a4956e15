/** Attacks on whom something is sealed to: nobody in league with the host gets a key that nobody gave them. */
import { beforeAll, beforeEach, expect, test } from 'vitest'
import type { CollectionId, GroupId, Vault } from '#core'
import {
  AlveoleError,
  drawGeneration,
  drawSeeds,
  encodeIdentity,
  extendIdentity,
  foundIdentity,
  generationPublic,
  signerOf,
  toHex,
} from '#crypto'
import { readLink, writeLink } from '../../client/core/groups/link.ts'
import { accountUrl, identityUrl } from '../../client/core/paths.ts'
import { folder, grantTo, reopen, secondDevice, world, type Member, type World } from '../core/world.ts'
import { attacked, before, once, takeOver, type Host, type Power } from '../hostile-pod.ts'
import { groupSeeds, headOf, identityOf, openedFrom, ownSeeds, removeDevice, stored } from './league.ts'

let around: World
let host: Host
let alice: Member
let two: Member
let bob: Member
let eve: Member
let carol: Member
let collection: CollectionId
let group: GroupId
let back: () => void

beforeAll(async () => {
  around = world()
  host = takeOver(around.server, around.clock)
  ;[alice, bob, eve] = [await around.member('alice'), await around.member('bob'), await around.member('eve')]
  carol = await around.member('carol') // whom nobody here knows yet
  collection = await folder(alice.vault)
  await put(alice.vault, 'before')
  group = (await alice.vault.groups.found('Les Abeilles')).group
  const link = await alice.vault.groups.invite(group)
  for (const { vault } of [bob, eve]) {
    await vault.groups.join(link)
    await alice.vault.groups.admit(group, vault.owner)
  }
  await alice.vault.settle()
  two = await secondDevice(alice)
  back = around.save(...[alice, two, bob, eve, carol].map(member => member.around.store))
})

let vault: Vault
beforeEach(async () => {
  back()
  vault = await reopen(alice)
})

const put = (by: Vault, note: string) => by.records.put('Immunization', { note }, { collection })
const large = Array.from({ length: 25 }, (_, i) => ({
  kind: 'Immunization',
  value: { note: `${i} ${'x'.repeat(900)}` },
}))
const opened = (by: Vault, seeds: Uint8Array[], from = collection) => openedFrom(around, by, from, seeds)
/** The account as it was at the first look. */
function frozenAfterFirst(): Power {
  let looks = 0
  return honest => ({
    get: async (url, options) => {
      if (!url.endsWith('account.alv') || !looks++) return honest.get(url, options)
      return { status: 304, etag: options?.ifNoneMatch ?? null, type: '', body: new Uint8Array() }
    },
  })
}
/** As long as anything looked up counts as fresh. */
const later = async (): Promise<Vault> => {
  around.pass(10 * 60_000)
  return reopen(alice)
}

/** The host's own identity for somebody: a root and a generation that it drew, around the person's real device. */
function impersonate(member: Member): Uint8Array {
  const real = identityOf(around, member)
  const [root, generation] = [drawSeeds(), drawGeneration(1)]
  let fake = foundIdentity(real.webId, root, 1)
  for (const { sign, kem, kind, name } of real.devices)
    fake = extendIdentity(fake, signerOf(root), 1, { type: 'add-device', sign, kem, kind, name })
  const kem = generationPublic(generation)
  fake = extendIdentity(fake, signerOf(root), 1, { type: 'generation', number: 1, kem })
  host.replace(identityUrl(member.around.pod.storage), encodeIdentity(fake))
  return generation.kemSeed
}

test('[A2] a joiner’s host that serves another identity gets no group key', async () => {
  const link = await vault.groups.invite(group)
  const joiner = await reopen(carol)
  const seed = impersonate(carol)
  await joiner.groups.join(link)
  expect(await vault.groups.requests(group)).toEqual([])
  await expect(vault.groups.admit(group, joiner.owner)).rejects.toMatchObject({ code: 'not-granted' })
  expect(groupSeeds(around, group, [seed])).toEqual([])
})

test('[A2] an invitation that gives one’s own circle’s address to another circle does not take its place', async () => {
  const eves = await reopen(eve)
  const { group: other } = await eves.groups.found('Les Guêpes')
  const hostile = writeLink({ ...readLink(await eves.groups.invite(other)), url: group })
  const down = before('get', /groups\/.*head\.alv$/, () => {
    throw new AlveoleError('server', 'HTTP 500')
  })
  const blind = await reopen(alice, attacked(alice.around.pod, down))
  await expect(blind.groups.join(hostile)).rejects.toMatchObject({ code: 'refused' })
  expect(await blind.groups.list()).toMatchObject([{ name: 'Les Abeilles', role: 'steward', state: 'member' }])
})

test('[A2] an invitation to a person’s address does not make them a circle', async () => {
  const eves = await reopen(eve)
  const { group: other } = await eves.groups.found('Les Guêpes')
  const hostile = writeLink({ ...readLink(await eves.groups.invite(other)), url: bob.vault.owner })
  await expect(vault.groups.join(hostile)).rejects.toMatchObject({ code: 'usage' })
  expect((await vault.groups.list()).map(({ name }) => name)).not.toContain('Les Guêpes')
})

test('[A3] a removed member’s old request, put back by the host, lets nobody in', async () => {
  const { group: other } = await vault.groups.found('Les Guêpes')
  await (await reopen(eve)).groups.join(await vault.groups.invite(other))
  const requests = [...around.server.files].filter(([url]) => url.startsWith(`${other}inbox/`) && !url.endsWith('.acl'))
  expect(requests).toHaveLength(1)
  await vault.groups.admit(other, eve.vault.owner)
  await vault.groups.remove(other, eve.vault.owner)
  for (const [url, file] of requests) around.server.files.set(url, file)
  expect(await vault.groups.requests(other)).toEqual([])
  await expect(vault.groups.admit(other, eve.vault.owner)).rejects.toMatchObject({ code: 'not-granted' })
})

test('[A18] a device that is kept from seeing a revocation, and writes its own account, writes no records', async () => {
  const { grant } = await vault.grants.give(grantTo(bob.vault.owner, around.clock))
  await vault.settle()
  const [url, bobs] = [accountUrl(alice.around.pod.storage), await ownSeeds(around, bob)]
  const hidden = await reopen(two)
  expect(await opened(hidden, bobs)).toEqual(['before'])
  const branch = stored(around, url)
  await vault.collections.create('Papers')
  await vault.grants.revoke(grant)
  await put(vault, 'after')
  around.server.files.set(url, branch)
  await hidden.collections.create('Photos')
  around.pass(6 * 60_000)
  await expect(put(hidden, 'on the other branch')).rejects.toMatchObject({ code: 'forked' })
  expect(await opened(hidden, bobs)).toEqual([])
})

// until some device writes what was decided on the newer account, a host that freezes a device freezes its view of who reads, too
test('[A18] a device that is told for ever that nothing changed seals no more once it meets a head that knows better', async () => {
  const { grant } = await vault.grants.give(grantTo(bob.vault.owner, around.clock))
  await vault.settle()
  const bobs = await ownSeeds(around, bob)
  const frozen = await reopen(two, attacked(two.around.pod, frozenAfterFirst()))
  await vault.grants.revoke(grant)
  await put(vault, 'after')
  around.pass(6 * 60_000)
  await expect(put(frozen, 'blind')).rejects.toMatchObject({ code: 'rolled-back' })
  expect(await opened(vault, bobs)).toEqual([])
})

test('[A28] a person whose removed device still has their key gets nothing new until they have another', async () => {
  const { id: other } = await vault.collections.create('Photos')
  await vault.records.put('Immunization', { note: 'elsewhere' }, { collection: other })
  await vault.grants.give({ ...grantTo(bob.vault.owner, around.clock), collections: [collection] })
  const bobs = await ownSeeds(around, bob)
  expect(await opened(vault, bobs)).toEqual(['before'])
  removeDevice(host, around, bob)
  const next = await later()
  await put(next, 'after')
  await next.grants.give({ ...grantTo(bob.vault.owner, around.clock), collections: [other] })
  expect(await opened(next, bobs)).toEqual([])
  expect(await opened(next, bobs, other)).toEqual([])
})

test('[A28] a group’s next epoch does not open with the key that a member’s removed device still has', async () => {
  const bobs = await ownSeeds(around, bob)
  expect(groupSeeds(around, group, bobs)).not.toEqual([])
  removeDevice(host, around, bob)
  await (await later()).groups.remove(group, eve.vault.owner)
  expect(groupSeeds(around, group, bobs)).toEqual([])
})

test('[A29] of a write that lost to one who knew of a revocation, the revoked reader opens nothing, at any moment of the disk', async () => {
  const { grant } = await vault.grants.give(grantTo(bob.vault.owner, around.clock))
  await vault.settle()
  const bobs = await ownSeeds(around, bob)
  const [from, stored] = [host.past.length, new Set<string>()]
  const overtaken = before(
    'put',
    /c\/.*head\.alv$/,
    once(async () => {
      await vault.grants.revoke(grant)
      await put(vault, 'of the one')
    }),
  )
  const names = before('put', /c\/[^/]+\/(?!head)[^/]+\.alv$/, url => void stored.add(url))
  const loser = await reopen(two, attacked(two.around.pod, overtaken, names))
  await loser.records.putAll(large, collection)
  const epochs = new Set<string>()
  for (const moment of [...host.past.slice(from), new Map(host.files)]) {
    host.putBack(moment)
    expect((await opened(vault, bobs)).filter(note => note !== 'before')).toEqual([])
    epochs.add(toHex(headOf(around, vault, collection).header.epoch))
  }
  expect(epochs.size).toBe(2) // the one that bob had, and the one that the winner opened
  expect(stored.size).toBe(4) // a segment and an index run, lost, and sealed again under other names and keys
  expect(await (await secondDevice(alice)).vault.verify()).toMatchObject({ problems: [] })
})

test('[A29] a grant given while another device takes one back does not bring its access back', async () => {
  const { grant } = await vault.grants.give(grantTo(bob.vault.owner, around.clock))
  await vault.settle()
  const other = await reopen(two)
  const overtaken = before(
    'get',
    /c\/.*\.acl$/,
    once(() => other.grants.revoke(grant)),
  )
  const one = await reopen(alice, attacked(alice.around.pod, overtaken))
  await one.grants.give(grantTo(eve.vault.owner, around.clock))
  const head = `${alice.around.pod.storage}alveole/c/${collection}/head.alv`
  await expect(bob.around.pod.get(head)).rejects.toMatchObject({ code: 'not-granted' })
  expect(await eve.around.pod.get(head)).toMatchObject({ status: 200 })
  expect((await (await reopen(alice)).grants.list()).map(({ state }) => state)).toEqual(['ended', 'live'])
})

test.each(['server', 'offline'] as const)(
  '[A34] a group whose host withholds its head (%s) gets nothing that a removed member could open',
  async code => {
    await vault.grants.give(grantTo(group, around.clock))
    const seeds = groupSeeds(around, group, await ownSeeds(around, eve))
    expect(await opened(vault, seeds)).toEqual(['before'])
    await vault.groups.remove(group, eve.vault.owner)
    await vault.settle()
    const withheld = before('get', /groups\/.*head\.alv$/, () => {
      throw new AlveoleError(code)
    })
    const blind = await reopen(alice, attacked(alice.around.pod, withheld))
    await put(blind, 'after')
    expect(await opened(blind, seeds)).toEqual([])
  },
)
