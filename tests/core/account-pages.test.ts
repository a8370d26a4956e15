/** [A10] [A11] What is over moves from the account to pages: it stays small, and everything that ever was is still told. */
import { beforeEach, describe, expect, test } from 'vitest'
import type { GrantId, Vault } from '#core'
import { AlveoleError } from '#crypto'
import { accountPagesUrl, accountUrl } from '../../client/core/paths.ts'
import { line } from './line.ts'
import { faultyPod } from './faulty-pod.ts'
import { DAY, folder, grantTo, reopen, secondDevice, world, type Member, type World } from './world.ts'

let around: World
let alice: Member
let bob: Member

beforeEach(async () => {
  around = world()
  alice = await around.member('alice')
  bob = await around.member('bob')
  const collection = await folder(alice.vault)
  await alice.vault.records.put('Immunization', { note: 'one' }, { collection })
})

const give = async (vault = alice.vault): Promise<GrantId> =>
  (await vault.grants.give(grantTo(bob.vault.owner, around.clock))).grant

/** Gives and takes back; the account is written last. */
async function given(times: number, vault = alice.vault): Promise<GrantId[]> {
  const ids: GrantId[] = []
  for (let i = 0; i < times; i++) {
    const grant = await give(vault)
    await vault.grants.revoke(grant)
    around.pass(1000)
    ids.push(grant)
  }
  await vault.settle()
  return ids
}

const accountBytes = (): number => around.server.files.get(accountUrl(alice.around.pod.storage))!.body.length
const pages = (): string[] =>
  [...around.server.files.keys()].filter(url => url.startsWith(accountPagesUrl(alice.around.pod.storage)))
const idsOf = async (vault: Vault): Promise<GrantId[]> => (await vault.grants.list()).map(({ grant }) => grant)

describe('after many grants', () => {
  test('the account is no larger than after a few, and there are few pages', async () => {
    await given(8)
    const few = accountBytes()
    await given(40)
    expect(accountBytes()).toBeLessThanOrEqual(few + 24 * 1024) // what is left for the next page
    expect(pages().length).toBeGreaterThan(0)
    expect(pages().length).toBeLessThanOrEqual(4)
  })

  test('all are listed, in their order, with their receipts; the journal has every line', async () => {
    const ids = await given(20)
    const live = await give()
    await alice.vault.settle()
    for (const vault of [alice.vault, await reopen(alice), (await secondDevice(alice)).vault]) {
      expect(await idsOf(vault)).toEqual([...ids, live])
      expect((await vault.grants.list()).map(({ state }) => state)).toEqual([...ids.map(() => 'ended'), 'live'])
      expect(JSON.parse(await vault.grants.receipt(ids[0]!))).toMatchObject({ '@id': ids[0] })
      const lines = await vault.journal.lines()
      for (const id of ids)
        expect(lines.filter(({ object }) => object === id).map(({ what }) => what)).toEqual(['granted', 'revoked'])
      expect(lines.length).toBe(2 * ids.length + 1)
    }
  })

  test('one that stands on a page can still be sealed anew after; taking it back again changes nothing', async () => {
    const [first] = await given(10)
    expect(await alice.vault.grants.revoke(first!, { rewrap: true })).toMatchObject({ grant: first, state: 'ended' })
    await alice.vault.settle()
    const lines = await alice.vault.journal.lines()
    expect(lines.filter(({ object }) => object === first)).toHaveLength(2)
  })

  test('opening, writing and settling read no page', async () => {
    await given(20)
    const pod = faultyPod(alice.around.pod)
    const vault = await reopen(alice, pod)
    await vault.records.put('Immunization', { note: 'two' }, { collection: await folder(vault) })
    await vault.settle()
    expect(pod.requests.filter(request => request.includes('/alveole/account/'))).toEqual([])
  })

  test('those that ended by their date go too, a week later', async () => {
    for (let i = 0; i < 9; i++) await give()
    await alice.vault.settle()
    expect(pages()).toEqual([])
    around.pass(31 * DAY)
    await (await reopen(alice)).settle()
    expect(pages()).toEqual([])
    around.pass(7 * DAY)
    const vault = await reopen(alice)
    await vault.settle()
    expect(pages()).toHaveLength(1)
    expect((await vault.grants.list()).map(({ state, ended }) => [state, ended])).toEqual(
      Array.from({ length: 9 }, () => ['ended', null]),
    )
    expect((await vault.journal.lines()).filter(({ what }) => what === 'ended')).toHaveLength(9)
  })
})

describe('a circle', () => {
  test('members who came and went before are not told again, nor vouched for anew, after their lines moved', async () => {
    const { vault } = alice
    const { group } = await vault.groups.found('Les Abeilles')
    const admit = async (): Promise<void> => {
      await bob.vault.groups.join(await vault.groups.invite(group))
      await vault.groups.admit(group, bob.vault.owner)
    }
    await admit()
    await given(10)
    await vault.groups.remove(group, bob.vault.owner)
    await admit()
    await given(10)
    const carol = await around.member('carol')
    await carol.vault.groups.join(await vault.groups.invite(group))
    await vault.groups.admit(group, carol.vault.owner)
    await vault.settle()
    const lines = (await vault.journal.lines()).filter(({ object }) => object === group)
    expect(lines.map(({ what, who }) => [what, who])).toEqual([
      ['group-founded', vault.owner],
      ['member-admitted', bob.vault.owner],
      ['member-removed', bob.vault.owner],
      ['member-admitted', bob.vault.owner],
      ['member-admitted', carol.vault.owner],
    ])
  })
})

describe('two devices', () => {
  test('that move the same at once: nothing is lost, and nothing there twice', async () => {
    const other = await secondDevice(alice)
    await other.vault.grants.confirm()
    const mine: GrantId[] = []
    for (let i = 0; i < 12; i++) {
      mine.push(...(await given(1, i % 2 ? alice.vault : other.vault)))
    }
    const last = await given(9, other.vault)
    await Promise.all([alice.vault.collections.create('A'), other.vault.collections.create('B')])
    for (const { vault } of [alice, other]) await vault.sync()
    for (const vault of [alice.vault, other.vault, await reopen(alice)])
      expect((await idsOf(vault)).toSorted()).toEqual([...mine, ...last].toSorted())
  })

  test('one reads what the other put together meanwhile', async () => {
    const other = await secondDevice(alice)
    await other.vault.grants.confirm()
    const ids = await given(9)
    await other.vault.sync()
    ids.push(...(await given(9))) // takes the first page in
    expect(pages()).toHaveLength(1)
    expect(await idsOf(other.vault)).toEqual(ids)
  })
})

describe('a host that', () => {
  test.each(['takes a page away', 'alters one'])(
    '%s: found, by who asks and who verifies; nothing else stops',
    async how => {
      await given(9)
      const [page] = pages()
      if (how === 'alters one') around.server.files.get(page!)!.body[200]! ^= 1
      else around.server.files.delete(page!)
      const vault = await reopen(alice)
      await expect(vault.grants.list()).rejects.toMatchObject({ code: 'tampered' })
      expect((await vault.verify()).problems).toEqual([{ where: 'account', code: 'tampered' }])
      const grant = await give(vault)
      await vault.grants.revoke(grant)
      await vault.settle()
    },
  )

  test('takes no page, for want of room: what is over waits in the account', async () => {
    const pod = line(alice.around.pod)
    const { put } = pod
    pod.put = async (url, ...rest) => {
      if (url.startsWith(accountPagesUrl(pod.storage))) throw new AlveoleError('full')
      return put(url, ...rest)
    }
    const vault = await reopen(alice, pod)
    const ids = await given(9, vault)
    expect(pages()).toEqual([])
    pod.put = put
    ids.push(...(await given(1, vault)))
    expect(pages()).toHaveLength(1)
    expect(await idsOf(vault)).toEqual(ids)
  })
})

describe('what a death leaves behind', () => {
  /** A page that no account names: its program died before the swap. */
  async function orphaned(): Promise<string> {
    await given(7)
    const grant = await give()
    await alice.vault.grants.revoke(grant)
    const pod = line(alice.around.pod)
    const vault = await reopen(alice, pod)
    await vault.grants.list()
    const { put } = pod
    pod.put = async (url, ...rest) => {
      if (url === accountUrl(pod.storage)) throw new AlveoleError('offline')
      return put(url, ...rest)
    }
    await expect(vault.collections.create('Never')).rejects.toMatchObject({ code: 'offline' })
    expect(pages()).toHaveLength(1)
    return pages()[0]!
  }

  test('goes after a week, and what the account names stays', async () => {
    const orphan = await orphaned()
    const vault = await reopen(alice)
    await vault.settle()
    expect(pages()).toHaveLength(2)
    await vault.tidy()
    around.pass(6 * DAY)
    await vault.tidy()
    expect(pages()).toContain(orphan)
    around.pass(DAY)
    await vault.tidy()
    expect(pages()).toHaveLength(1)
    expect(pages()).not.toContain(orphan)
    expect(await idsOf(await reopen(alice))).toHaveLength(8)
  })

  test('after that, whoever was asleep between page and account does not name it any more', async () => {
    const orphan = await orphaned()
    const url = accountUrl(alice.around.pod.storage)
    const before = around.server.files.get(url)!.body
    const vault = await reopen(alice)
    for (let days = 0; days < 8; days += 4) {
      await vault.tidy()
      around.pass(4 * DAY)
    }
    await vault.tidy()
    expect(pages()).not.toContain(orphan)
    expect(around.server.files.get(url)!.body).not.toEqual(before) // a swap onto that one fails
  })
})
