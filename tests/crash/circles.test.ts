/** What a device that dies leaves of a change of a circle is finished by the person's other one, and two at once undo nothing. */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Pod, Vault } from '#core'
import { sensitiveFacets } from '#vocab'
import { DAY, reopen, type Member } from '../core/world.ts'
import { answering } from './answering.ts'
import { diskOf, unreachable } from './disk.ts'
import { moments, type Moment } from './moments.ts'
import { cast, storesOf, type Cast } from './operations.ts'

let on: Cast
let phone: Member
let laptop: Member
let back: () => void

beforeAll(async () => {
  on = await cast()
  phone = on.alice
  laptop = on.laptop
  await laptop.vault.grants.confirm()
  back = on.world.save(...storesOf(on))
})
beforeEach(() => back())

/** The moment after the first change whose request `isIt` says. */
async function deadAfter(isIt: RegExp, act: (vault: Vault) => Promise<unknown>): Promise<void> {
  const { all } = await moments(on.world, storesOf(on), phone.around, async around => act(await reopen({ around })))
  const moment = all.find(({ line }) => isIt.test(line))
  expect(moment, String(isIt)).toBeDefined()
  moment!.back()
}

const membersOf = async (vault: Vault) =>
  (await vault.groups.members(on.group)).map(({ webId, state }) => [webId, state])
const lines = async (vault: Vault): Promise<string[]> =>
  (await vault.journal.lines()).map(({ what, who }) => `${what} ${who}`)
const mayFetch = (pod: Pod): Promise<boolean> =>
  pod.get(`${on.group}head.alv`).then(
    () => true,
    () => false,
  )

describe('founding', () => {
  const found = (vault: Vault) => vault.groups.found('Les Guêpes')
  const guests = async (vault: Vault) => (await vault.groups.list()).filter(({ name }) => name === 'Les Guêpes')

  test('is finished by whichever device opens the vault', async () => {
    const { all } = await moments(on.world, storesOf(on), phone.around, async around => found(await reopen({ around })))
    const begun = (at: Moment) =>
      at.line !== 'nothing' && all.indexOf(at) >= all.findIndex(one => /^PUT.*account/.test(one.line))
    expect(all.filter(begun).length).toBeGreaterThan(5)
    for (const moment of all.filter(begun)) {
      moment.back()
      for (const device of [laptop, phone]) {
        const vault = await reopen(device)
        expect(await guests(vault), moment.line).toMatchObject([{ state: 'member', members: 1 }])
        expect((await vault.doctor()).problems).toEqual([])
      }
      await (await reopen(phone)).groups.tidy()
      on.world.pass(7 * DAY)
      await (await reopen(phone)).groups.tidy() // what a lost attempt stored goes too
      expect(await unreachable(on.world, on.all)).toEqual([])
    }
  })

  test('is done again under the same name, not twice', async () => {
    let cut = true
    const put: Pod['put'] = async (url, ...rest) => {
      if (cut && url.endsWith('feed/.acl')) throw new Error('cut off')
      return phone.around.pod.put(url, ...rest)
    }
    const pod = answering(phone.around.pod, { put })
    const vault = await reopen(phone, pod)
    await expect(found(vault)).rejects.toThrow('cut off')
    const [begun] = await guests(vault)
    expect(begun).toMatchObject({ state: 'pending' })
    await expect(vault.groups.invite(begun!.group)).rejects.toMatchObject({ code: 'not-granted' })
    expect((await vault.doctor()).problems).toEqual([{ code: 'unfinished-circle', detail: 'Les Guêpes' }])
    cut = false
    await found(vault)
    expect(await guests(vault)).toMatchObject([{ state: 'member', group: begun!.group }])
  })

  test('never takes another circle of one’s own, which the host put there, for the new one', async () => {
    await found(await reopen(phone))
    const [other] = [...on.world.server.files].filter(([url]) => /groups\/[^/]+\/head\.alv$/.test(url)).slice(-1)
    await deadAfter(/^PUT.*account\.alv$/, found) // a second one of this name
    const { account } = await diskOf(on.world, phone)
    const { url } = account.groups.find(({ state }) => state === 'pending')!
    on.world.server.files.set(`${url}head.alv`, other![1])
    const vault = await reopen(laptop)
    expect((await guests(vault)).map(({ state }) => state).sort()).toEqual(['member', 'pending'])
  })
})

describe('admitting', () => {
  beforeEach(async () => {
    await (await reopen(on.bob)).groups.join(on.link)
  })
  const admit = (vault: Vault) => vault.groups.admit(on.group, on.bob.vault.owner)

  test.each([/^PUT.*groups\/.*head\.alv$/, /^PATCH/, /^PUT.*account/])(
    'cut off after %s, is finished on the other device',
    async what => {
      await deadAfter(what, admit)
      const vault = await reopen(laptop)
      await vault.groups.tidy()
      expect(await membersOf(vault)).toContainEqual([on.bob.vault.owner, 'member'])
      expect(await mayFetch(on.bob.around.pod)).toBe(true)
      expect((await lines(vault)).filter(line => line === `member-admitted ${on.bob.vault.owner}`)).toHaveLength(1)
      const asked = { to: on.bob.vault.owner, facets: [sensitiveFacets[0]!], collections: [] }
      const giving = vault.grants.give({
        ...asked,
        until: new Date(on.world.clock() + 1e6),
        purpose: 'https://w3id.org/dpv#Purpose',
      })
      await expect(giving).rejects.toMatchObject({ code: 'usage' }) // no folder; but not `unconfirmed`
      expect(await unreachable(on.world, on.all)).toEqual([])
      expect((await vault.doctor()).problems).toEqual([])
    },
  )

  test('somebody who asks again when they are in leaves nothing behind', async () => {
    await admit(await reopen(phone))
    back()
    await (await reopen(on.bob)).groups.join(on.link)
    const request = [...on.world.server.files].find(([url]) => url.includes('/inbox/') && !url.endsWith('.acl'))!
    await admit(await reopen(phone))
    on.world.server.files.set(request[0], request[1]) // the second copy of a request whose answer got lost
    expect(await unreachable(on.world, on.all)).toHaveLength(1)
    await (await reopen(phone)).groups.tidy()
    expect(await unreachable(on.world, on.all)).toEqual([])
    expect(await mayFetch(on.bob.around.pod)).toBe(true)
  })
})

describe('removing', () => {
  const remove = (vault: Vault) => vault.groups.remove(on.group, on.carol.vault.owner)

  test('cut off after the log, is finished on the other device, and no link lets anybody ask', async () => {
    await deadAfter(/^PUT.*groups\/.*head\.alv$/, remove)
    const vault = await reopen(laptop)
    await vault.groups.tidy()
    expect(await mayFetch(on.carol.around.pod)).toBe(false)
    expect(await lines(vault)).toContain(`member-removed ${on.carol.vault.owner}`)
    await (await reopen(on.bob)).groups.join(on.link)
    await (await reopen(on.carol)).groups.join(on.link)
    expect(await vault.groups.requests(on.group)).toEqual([])
    expect((await vault.doctor()).problems).toEqual([])
  })

  test('voids the links, and what was asked by them goes a week after this device saw that', async () => {
    await (await reopen(on.bob)).groups.join(on.link)
    await remove(await reopen(phone))
    for (const days of [30, 6]) {
      on.world.pass(days * DAY)
      await (await reopen(phone)).groups.tidy()
      expect(await unreachable(on.world, on.all)).toHaveLength(2) // and what enrolled her
    }
    on.world.pass(DAY)
    await (await reopen(phone)).groups.tidy()
    expect(await unreachable(on.world, on.all)).toEqual([])
  })
})

describe('two devices', () => {
  test('of which one mends the members document while the other removes somebody: they stay out', async () => {
    await (await reopen(on.bob)).groups.join(on.link)
    await deadAfter(/^PUT.*groups\/.*head\.alv$/, vault => vault.groups.admit(on.group, on.bob.vault.owner))
    const other = await reopen(laptop)
    let turns = 0
    const put: Pod['put'] = async (url, ...rest) => {
      if (/members-[^/]*$/.test(url) && !turns++) await other.groups.remove(on.group, on.carol.vault.owner)
      return phone.around.pod.put(url, ...rest)
    }
    const pod = answering(phone.around.pod, { put })
    await reopen(phone, pod) // which mends
    expect(turns).toBeGreaterThan(0)
    expect(await mayFetch(on.bob.around.pod)).toBe(true)
    expect(await mayFetch(on.carol.around.pod)).toBe(false)
  })

  test('of which one invites while the other looks: the link is good', async () => {
    const [one, other] = [await reopen(phone), await reopen(laptop)]
    await other.groups.list()
    await one.groups.remove(on.group, on.carol.vault.owner)
    on.world.pass(6 * 60_000)
    await other.groups.list() // has seen the removal, and not written so yet
    const link = await one.groups.invite(on.group)
    await other.settle()
    await (await reopen(on.bob)).groups.join(link)
    const asking = await (await reopen(phone)).groups.requests(on.group)
    expect(asking.map(({ webId }) => webId)).toEqual([on.bob.vault.owner])
  })

  test('of which one stays open for weeks: it removes no request that came by the other one’s link', async () => {
    const open = await reopen(phone)
    await open.groups.list()
    await (await reopen(on.bob)).groups.join(await (await reopen(laptop)).groups.invite(on.group))
    for (const days of [0, 8, 8]) {
      on.world.pass(days * DAY)
      await open.groups.tidy()
    }
    expect((await open.groups.requests(on.group)).map(({ webId }) => webId)).toEqual([on.bob.vault.owner])
  })
})
