/** Circles of hundreds, in memory: checkpoints, roles, stewards who act at once and stewards who go, lies that are found. */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { GroupId, Pod, Vault } from '#core'
import {
  AlveoleError,
  drawSeeds,
  encode,
  fromHex,
  groupLeaf,
  publicOf,
  label,
  random,
  sealMessage,
  signBytes,
  sealCheckpoint,
  toHex,
  unsafeGroupHeader,
  type GroupBody,
  type StoredObject,
} from '#crypto'
import { changeGroup, standing } from '../../client/core/groups/change-group.ts'
import { leaveRequest } from '../../client/core/groups/leave-request.ts'
import { readLink, writeLink } from '../../client/core/groups/link.ts'
import { readObjects, storeObjects } from '../../client/core/groups/objects.ts'
import { groupBytes, type OpenGroup } from '../../client/core/groups/open-group.ts'
import { partsOf } from '../../client/core/vault.ts'
import { ownSeeds } from '../attacks/league.ts'
import { answering } from '../crash/answering.ts'
import { epochIn, findAt } from '../crypto/reading.ts'
import { folder, grantTo, reopen, secondDevice, world, type Member, type World } from './world.ts'

let around: World
let alice: Member
let laptop: Member
let bob: Member
let carol: Member
let group: GroupId
let back: () => void

const webIdOf = (i: number): string => `https://pod.example/member-${i}/profile/card#me`
const COUNT = 200

/** Members with keys, and no pods. */
async function populate(vault: Vault, count: number): Promise<void> {
  const { context, groups } = partsOf(vault)
  const open = await groups.opened(group, true)
  const keys = Array.from({ length: count }, () => publicOf(drawSeeds()).kem)
  const entries = keys.map((kem, i): GroupBody => {
    const leaf = groupLeaf(groupBytes(open.id), kem)
    return { type: 'admit', member: webIdOf(i), root: random(32), role: 'member', leaf }
  })
  await groups.remember(group, { ...(await changeGroup(context, standing(open), { entries, keys })), news: [] })
}

beforeAll(async () => {
  around = world()
  ;[alice, bob, carol] = [await around.member('alice'), await around.member('bob'), await around.member('carol')]
  group = (await alice.vault.groups.found('Les Abeilles')).group
  await populate(alice.vault, COUNT)
  for (const { vault } of [bob, carol]) {
    await vault.groups.join(await alice.vault.groups.invite(group))
    await alice.vault.groups.admit(group, vault.owner)
    await vault.groups.list()
    await vault.settle()
  }
  await alice.vault.settle()
  laptop = await secondDevice(alice)
  back = around.save(...[alice, laptop, bob, carol].map(member => member.around.store))
})

let vault: Vault
beforeEach(async () => {
  back()
  vault = await reopen(alice)
})

const opened = (of: Vault): Promise<OpenGroup> => partsOf(of).groups.opened(group, true)
const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'no error',
    (error: unknown) => (error as AlveoleError).code,
  )
const count = async (of: Vault): Promise<number> => (await opened(of)).state.count

describe('a circle of hundreds', () => {
  test('has all its members, and whoever comes late reads a checkpoint and no history', async () => {
    expect(await count(vault)).toBe(COUNT + 3)
    expect(await vault.groups.members(group)).toHaveLength(COUNT + 3)
    const gets: string[] = []
    const get: Pod['get'] = async (url, options) => {
      gets.push(url)
      return carol.around.pod.get(url, options)
    }
    const late = await reopen(carol, answering(carol.around.pod, { get }))
    gets.length = 0
    expect((await late.groups.list()).map(({ members }) => members)).toEqual([COUNT + 3])
    expect(gets.filter(url => url.startsWith(group)).length).toBeLessThan(10)
    expect(await late.groups.members(group)).toContainEqual(
      expect.objectContaining({ webId: bob.vault.owner, role: 'member', state: 'member' }),
    )
  })

  test('goes on after many removals; one who was away follows them, and who is removed does not', async () => {
    const before = await opened(vault)
    for (let i = 0; i < 12; i++) await vault.groups.remove(group, webIdOf(i))
    await vault.groups.remove(group, carol.vault.owner)
    expect((await opened(vault)).epochs.at(-1)!.number).toBe(before.epochs.at(-1)!.number + 13)
    expect(await count(await reopen(bob))).toBe(COUNT - 10)
    expect((await (await reopen(carol)).groups.list()).map(({ state }) => state)).toEqual(['removed'])
    expect(await vault.verify()).toMatchObject({ problems: [] })
    await expect(vault.groups.remove(group, 'https://nobody.example/#me')).rejects.toMatchObject({
      code: 'not-granted',
    })
    await vault.groups.remove(group, webIdOf(3)) // again: nothing to do
  })

  test('folds what has gone on when somebody tidies, and says the same as before', async () => {
    for (let i = 0; i < 35; i++) await vault.groups.remove(group, webIdOf(i))
    const walked = (await opened(vault)).state.members.size
    await (await reopen(laptop)).groups.tidy()
    const after = await opened(await reopen(bob))
    expect([walked, after.state.members.size, after.state.count]).toEqual([37, 0, COUNT - 32]) // two came after the first checkpoint
    expect(await (await reopen(bob)).verify()).toMatchObject({ problems: [] })
  })

  test('is granted things, whose keys older epochs lead to', async () => {
    const bobs = await reopen(bob)
    await bobs.records.put('Immunization', { note: 'of bob' }, { collection: await folder(bobs) })
    await bobs.grants.give(grantTo(group, around.clock))
    for (let i = 0; i < 9; i++) await vault.groups.remove(group, webIdOf(i))
    const { rows } = await (await reopen(carol)).views.open(group)
    expect(rows.map(({ value }) => value['note'])).toEqual(['of bob'])
  })
})

describe('roles', () => {
  test('a steward lets people in and out, from a pod of their own', async () => {
    await vault.groups.changeRole(group, bob.vault.owner, 'steward')
    const bobs = await reopen(bob)
    await bobs.groups.list()
    await bobs.groups.remove(group, carol.vault.owner)
    expect((await (await reopen(carol)).groups.list()).map(({ state }) => state)).toEqual(['removed'])
    expect(await count(await reopen(alice))).toBe(COUNT + 2)
    await expect((await reopen(carol)).groups.remove(group, webIdOf(1))).rejects.toMatchObject({ code: 'refused' })
  })

  test('an observer reads, and what they announce counts for nobody', async () => {
    await vault.groups.changeRole(group, bob.vault.owner, 'observer')
    const bobs = await reopen(bob)
    await bobs.records.put('Immunization', { note: 'of bob' }, { collection: await folder(bobs) })
    await bobs.grants.give(grantTo(group, around.clock))
    expect((await (await reopen(carol)).views.open(group)).rows).toEqual([])
    const carols = await reopen(carol)
    await carols.records.put('Immunization', { note: 'of carol' }, { collection: await folder(carols) })
    await carols.grants.give(grantTo(group, around.clock))
    expect((await (await reopen(bob)).views.open(group)).rows).toHaveLength(1)
    expect((await (await reopen(bob)).groups.list())[0]).toMatchObject({ role: 'observer' })
  })
})

describe('leaving', () => {
  test('is asked for, and done by a steward who tidies', async () => {
    await (await reopen(carol)).groups.leave(group)
    await vault.groups.tidy()
    expect((await (await reopen(carol)).groups.list())[0]).toMatchObject({ state: 'removed' })
    expect(await count(await reopen(bob))).toBe(COUNT + 2)
    expect([...around.server.files.keys()].filter(url => url.startsWith(`${group}inbox/`))).toEqual([
      `${group}inbox/.acl`,
    ])
  })

  test('is refused to the last steward, and nobody asks for another', async () => {
    await expect(vault.groups.leave(group)).rejects.toMatchObject({ code: 'refused' })
    const { me } = partsOf(await reopen(bob)).context
    const said = encode(leaveRequest, { group: groupBytes((await opened(vault)).id), webId: carol.vault.owner })
    const { kem } = partsOf(vault).context.me.identity
    await bob.around.pod.post(`${group}inbox/`, sealMessage(kem, signBytes(me.signer, label.leaveRequest, said)))
    await vault.groups.tidy()
    expect(await count(vault)).toBe(COUNT + 3)
  })
})

describe('two stewards at once', () => {
  test('remove one each: both are out, and neither opens anything, with all that lies about', async () => {
    const heads: Uint8Array[] = [] // won or lost
    const keeping = (member: Member): Promise<Vault> => {
      const put: Pod['put'] = async (url, body, options) => {
        if (url === `${group}head.alv`) heads.push(body)
        return member.around.pod.put(url, body, options)
      }
      return reopen(member, answering(member.around.pod, { put }))
    }
    const seeds = (await Promise.all([bob, carol].map(member => ownSeeds(around, member)))) as [
      Uint8Array[],
      Uint8Array[],
    ]
    const [one, other] = [await keeping(alice), await keeping(laptop)]
    await Promise.all([one.groups.list(), other.groups.list()])
    await Promise.all([one.groups.remove(group, bob.vault.owner), other.groups.remove(group, carol.vault.owner)])
    expect(await count(one)).toBe(COUNT + 1)
    expect(heads.length).toBeGreaterThan(2) // one was lost
    const accepted = around.server.files.get(`${group}head.alv`)!.body
    const known = (body: Uint8Array, own: readonly Uint8Array[]): string[] =>
      own.flatMap(seed => {
        const epoch = epochIn(unsafeGroupHeader(body), seed, findAt(around.server.files, group))
        return epoch ? [toHex(epoch.secret)] : []
      })
    const secret = toHex((await opened(one)).epochs.at(-1)!.secret)
    for (const own of seeds) {
      expect(known(accepted, own)).toEqual([])
      expect(heads.flatMap(body => known(body, own))).not.toContain(secret)
    }
    expect(seeds.flatMap(own => heads.flatMap(body => known(body, own)))).not.toEqual([]) // each is in what removed the other
    expect(await one.verify()).toMatchObject({ problems: [] })
  })
})

describe('a steward who goes', () => {
  beforeEach(async () => {
    await vault.groups.changeRole(group, bob.vault.owner, 'steward')
  })

  test('takes no key along: the steward key is another, and every leaf is enrolled anew', async () => {
    const before = await opened(vault)
    await vault.groups.remove(group, bob.vault.owner)
    const after = await opened(vault)
    expect(after.header.stewards.sealId).not.toEqual(before.header.stewards.sealId)
    expect(await count(await reopen(carol))).toBe(COUNT + 2)
    expect(await vault.verify()).toMatchObject({ problems: [] })
    await vault.groups.remove(group, webIdOf(0)) // by the new key
    expect(await count(await reopen(carol))).toBe(COUNT + 1)
    await expect(bob.around.pod.put(`${group}x`, new Uint8Array(1))).rejects.toMatchObject({ code: 'not-granted' })
  })

  test('and one who is a member from now on', async () => {
    const before = await opened(vault)
    await vault.groups.changeRole(group, bob.vault.owner, 'member')
    const after = await opened(vault)
    expect(after.header.stewards.sealId).not.toEqual(before.header.stewards.sealId)
    expect((await (await reopen(bob)).groups.list())[0]).toMatchObject({ role: 'member', state: 'member' })
  })

  /** Cut off after that many of the objects were stored. */
  async function cutAfter(objects: number): Promise<Uint8Array | null> {
    let puts = 0
    const put: Pod['put'] = async (url, ...rest) => {
      if (/groups\/[^/]+\/[\w-]{22}\.alv$/.test(url) && puts++ >= objects) throw new AlveoleError('offline')
      return alice.around.pod.put(url, ...rest)
    }
    const dying = await reopen(alice, answering(alice.around.pod, { put }))
    await expect(dying.groups.remove(group, bob.vault.owner)).rejects.toMatchObject({ code: 'offline' })
    return alice.around.store.get(`renewal ${group}`)
  }
  const putsOf = async (work: (of: Vault) => Promise<unknown>): Promise<number> => {
    let puts = 0
    const put: Pod['put'] = async (url, ...rest) => {
      if (/groups\/[^/]+\/[\w-]{22}\.alv$/.test(url)) puts++
      return alice.around.pod.put(url, ...rest)
    }
    await work(await reopen(alice, answering(alice.around.pod, { put })))
    return puts
  }

  test('leaves work that goes on after a crash, where nothing else changed', async () => {
    const whole = around.save(alice.around.store)
    const all = await putsOf(of => of.groups.remove(group, bob.vault.owner))
    whole()
    expect(await cutAfter(20)).not.toBeNull()
    const rest = await putsOf(of => of.groups.remove(group, bob.vault.owner))
    expect(rest).toBeLessThan(all - 12)
    expect(await count(await reopen(carol))).toBe(COUNT + 2)
    expect(await alice.around.store.get(`renewal ${group}`)).toBeNull()
    expect(await (await reopen(alice)).verify()).toMatchObject({ problems: [] })
  })

  test('and starts over where somebody came or went meanwhile', async () => {
    const begun = await cutAfter(20)
    await (await reopen(laptop)).groups.remove(group, webIdOf(5))
    await (await reopen(alice)).groups.remove(group, bob.vault.owner)
    expect(begun).not.toBeNull()
    const names = (await (await reopen(carol)).groups.members(group)).filter(({ state }) => state === 'member')
    expect(names).toHaveLength(COUNT + 1)
    expect(names.map(({ webId }) => webId)).not.toContain(webIdOf(5))
    expect(await (await reopen(alice)).verify()).toMatchObject({ problems: [] })
  })
})

describe('what is found', () => {
  test('[N16] a checkpoint that leaves a member out, by who holds it against the log', async () => {
    const { context } = partsOf(vault)
    const open = await opened(vault)
    const lie = { ...open.state, count: open.state.count - 1, members: new Map(open.state.members) }
    lie.members.set(carol.vault.owner, { ...(await standingOfCarol(open)), state: 'removed' })
    const stored: StoredObject[] = []
    const { reference } = await readObjects(open.place, sealCheckpoint(lie, stored))
    await storeObjects(open.place, stored)
    await changeGroup(context, standing(open), { entries: [{ type: 'checkpoint', state: reference }] })
    expect((await (await reopen(bob)).verify()).problems).toEqual([{ where: group, code: 'tampered' }])
    expect((await (await reopen(bob)).groups.list())[0]).toMatchObject({ state: 'member' })
  })
  const standingOfCarol = async ({ state }: OpenGroup) => ({
    webId: carol.vault.owner,
    root: '00'.repeat(32),
    role: 'member' as const,
    leaf: null,
    by: [...state.stewards.keys()][0]!,
    at: 1,
    state: 'removed' as const,
  })

  test('[X7] an older head than the invitation knows, by who joins', async () => {
    const older = around.server.files.get(`${group}head.alv`)!
    await vault.groups.remove(group, webIdOf(0))
    const link = await vault.groups.invite(group)
    expect(readLink(writeLink(readLink(link))).seen.index).toBeGreaterThan(0)
    const dora = await around.member('dora')
    await dora.vault.groups.join(link)
    await vault.groups.admit(group, dora.vault.owner)
    around.server.files.set(`${group}head.alv`, older)
    await dora.vault.groups.list()
    expect((await dora.vault.groups.list())[0]).toMatchObject({ state: 'pending' }) // no leaf of hers in it
    expect(fromHex((await opened(vault).catch(() => ({ id: '' }))).id)).toHaveLength(0) // rolled back, to who saw more
    expect(await codeOf(opened(vault))).toBe('rolled-back')
  })
})
