/** An agent with keys: a device like any other, which does what an owner's client does when it opens the vault. */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openVault, type CollectionId, type Pod } from '#core'
import { AlveoleError } from '#crypto'
import { KeptVault } from '../../client/agent/keys.ts'
import { readAcl, writeAcl } from '../../client/core/acl.ts'
import { accountUrl, headUrl } from '../../client/core/paths.ts'
import { answering } from '../crash/answering.ts'
import {
  folder,
  grantTo,
  notes,
  passwordOf,
  reopen,
  savedStore,
  secondDevice,
  world,
  type Member,
  type World,
} from '../core/world.ts'

let around: World
let alice: Member
let bob: Member
let health: CollectionId
let place: string
let back: () => void

beforeAll(async () => {
  around = world()
  ;[alice, bob] = [await around.member('alice'), await around.member('bob')]
  health = await folder(alice.vault)
  place = (await alice.vault.collections.find(health))!.url
  await alice.vault.grants.give(grantTo(bob.vault.owner, around.clock))
  await alice.vault.settle()
  back = around.save(alice.around.store, bob.around.store)
})
beforeEach(() => back())

/** As it is after a start with the vault password, beside the owner's own device or on a machine of its own. */
function agent(beside: Member | null = alice, pod: Pod = alice.around.pod, store = savedStore()) {
  const keys = { password: passwordOf('alice'), beside: beside?.around.store ?? null }
  return { store, kept: new KeptVault({ ...alice.around, pod, store }, keys) }
}

/** Their names stand in the account alone (SPEC A14). */
const devices = async (): Promise<string[]> =>
  (await (await reopen(alice)).devices.list()).filter(({ active }) => active).map(({ name }) => name)
const reads = (member: Member): Promise<unknown> => member.around.pod.get(headUrl(place)).catch(({ code }) => code)

/** Nothing reaches the access lists. */
const cut = (): Pod =>
  answering(alice.around.pod, {
    put: async (url, ...rest) => {
      if (url.endsWith('.acl')) throw new AlveoleError('offline')
      return alice.around.pod.put(url, ...rest)
    },
  })

describe('keys', () => {
  test('make a device named agent, once', async () => {
    const { store, kept } = agent()
    expect(await kept.maintain()).toEqual([])
    expect(await kept.maintain()).toEqual([])
    await kept.lock()
    expect(await agent(alice, alice.around.pod, store).kept.maintain()).toEqual([])
    expect((await devices()).filter(name => name === 'agent')).toHaveLength(1)
  })

  test('that open nothing end it', async () => {
    const kept = new KeptVault({ ...alice.around, store: savedStore() }, { password: 'another', beside: null })
    await expect(kept.maintain()).rejects.toMatchObject({ code: 'wrong-unlock' })
    expect(await devices()).not.toContain('agent')
  })

  test('of a device that was removed meanwhile end it too, in its words', async () => {
    const { kept } = agent()
    await kept.maintain()
    const vault = await reopen(alice)
    const { id } = (await vault.devices.list()).find(({ name }) => name === 'agent')!
    await vault.devices.remove(id)
    await expect(kept.maintain()).rejects.toMatchObject({ code: 'wrong-unlock', detail: { field: 'device' } })
  })

  test('without an answer are tried again, and nothing is half done', async () => {
    let isCut = true
    const pod = answering(alice.around.pod, {
      put: async (...args) => {
        if (isCut) throw new AlveoleError('offline')
        return alice.around.pod.put(...args)
      },
    })
    const { kept } = agent(alice, pod)
    expect(await kept.maintain()).toEqual([{ code: 'offline', job: 'open' }])
    isCut = false
    expect(await kept.maintain()).toEqual([])
    expect((await devices()).filter(name => name === 'agent')).toHaveLength(1)
  })

  test('it waits for a person with what it found, unless the owner’s device on this machine has seen as much', async () => {
    const alone = agent(null)
    expect(await alone.kept.maintain()).toEqual([{ code: 'unconfirmed', job: 'grants' }])
    const beside = agent()
    expect(await beside.kept.maintain()).toEqual([])
    const store = savedStore()
    await openVault({ ...alice.around, store }, { password: passwordOf('alice') }) // waits itself
    const vain = agent({ ...alice, around: { ...alice.around, store } })
    expect(await vain.kept.maintain()).toEqual([{ code: 'unconfirmed', job: 'grants' }])
  })

  test('[A31] shown an older account than the owner’s device knows, it seals for nobody', async () => {
    const before = around.server.files.get(accountUrl(alice.around.pod.storage))!
    const vault = await reopen(alice)
    const { grant } = (await vault.grants.list())[0]!
    await vault.grants.revoke(grant)
    await vault.settle()
    around.server.files.set(accountUrl(alice.around.pod.storage), before)
    expect(await agent().kept.maintain()).toContainEqual({ code: 'unconfirmed', job: 'grants' })
  })
})

test('a grant whose giving died is finished, and its reader reads', async () => {
  const carol = await around.member('carol')
  const dying = await reopen(alice, cut())
  await dying.records.put('Immunization', { note: 'BCG' }, { collection: health })
  await expect(dying.grants.give(grantTo(carol.vault.owner, around.clock))).rejects.toMatchObject({ code: 'offline' })
  expect(await reads(carol)).toBe('not-granted')
  expect(await agent().kept.maintain()).toEqual([])
  expect(await reads(carol)).toMatchObject({ status: 200 })
  expect((await (await reopen(alice)).grants.list()).map(({ state }) => state)).toEqual(['live', 'live'])
})

test('what was begun to end is ended', async () => {
  const vault = await reopen(alice, cut())
  const { grant } = (await vault.grants.list())[0]!
  await expect(vault.grants.revoke(grant)).rejects.toMatchObject({ code: 'offline' })
  expect(await reads(bob)).toMatchObject({ status: 200 })
  await agent().kept.maintain()
  expect(await reads(bob)).toBe('not-granted')
})

test('[A37] a list that another app rewrote is mended, told, and the records stay as they were', async () => {
  const right = readAcl(place, around.server.files.get(`${place}.acl`)!.body)
  const dateless = right.map(({ until: _until, ...rule }) => rule)
  await alice.around.pod.put(`${place}.acl`, writeAcl(place, dateless), { type: 'text/turtle' })
  const { kept } = agent()
  expect(await kept.maintain()).toEqual([])
  expect(readAcl(place, around.server.files.get(`${place}.acl`)!.body)).toEqual(right)
  const vault = await reopen(alice)
  expect((await vault.journal.lines()).map(({ what }) => what)).toContain('rules-changed')
  expect(await notes(vault)).toEqual([])
})

test('copies of chosen records follow what a device wrote that knew nothing of them', async () => {
  const vault = await reopen(alice)
  const id = await vault.records.put('Immunization', { note: 'as chosen' }, { collection: health })
  await vault.settle()
  const laptop = await secondDevice(alice)
  await laptop.vault.grants.confirm()
  await vault.grants.give({ ...grantTo(bob.vault.owner, around.clock), records: [id] })
  await vault.settle()
  await laptop.vault.records.put('Immunization', { note: 'as it is now' }, { collection: health, id })
  await laptop.vault.settle()
  const copies = async (): Promise<unknown[]> => {
    const { rows } = await (await reopen(bob)).views.open(alice.vault.owner)
    return rows.filter(({ collection }) => collection !== health).map(({ value }) => value['note'])
  }
  expect(await copies()).toEqual(['as chosen'])
  expect(await agent().kept.maintain()).toEqual([])
  expect(await copies()).toEqual(['as it is now'])
})

test('a steward’s agent folds what members announced, and they read on', async () => {
  const { group } = await alice.vault.groups.found('Les Abeilles')
  const carol = await around.member('carol')
  await carol.vault.groups.join(await alice.vault.groups.invite(group))
  await alice.vault.groups.admit(group, carol.vault.owner)
  await carol.vault.records.put('Immunization', { note: 'of carol' }, { collection: await folder(carol.vault) })
  await carol.vault.grants.give(grantTo(group, around.clock))
  for (const { vault } of [carol, alice]) await vault.settle()
  const announced = (): string[] => [...around.server.files.keys()].filter(url => /\/feed\/[^.]+$/.test(url))
  expect(announced().length).toBeGreaterThan(0)
  expect(await agent().kept.maintain()).toEqual([])
  expect(announced()).toEqual([])
  const { rows, problems } = await (await reopen(alice)).views.open(group)
  expect([rows.map(({ value }) => value['note']), problems]).toEqual([['of carol'], []])
})

test('two of them, and the owner beside, do no harm', async () => {
  const agents = [agent(), agent()]
  for (const { kept } of agents) await kept.maintain()
  const vault = await reopen(alice)
  const writing = vault.records.put('Immunization', { note: 'meanwhile' }, { collection: health })
  const [, ...problems] = await Promise.all([writing, ...agents.map(({ kept }) => kept.maintain())])
  expect(problems).toEqual([[], []])
  const fresh = await reopen(alice)
  expect([await notes(fresh), (await fresh.verify()).problems]).toEqual([['meanwhile'], []])
})
