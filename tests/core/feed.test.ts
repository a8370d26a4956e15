/** What a circle's members are told: lines after bursts, folded into a catalogue; what readers make of them, and of who leaves out. */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { CollectionId, GroupId, Pod, Vault } from '#core'
import { AlveoleError, encode, label, random, sealGroupMessage, signBytes, toHex } from '#crypto'
import { announcement } from '../../client/core/announce.ts'
import { Feed } from '../../client/core/feed/read-feed.ts'
import { announcementsOf } from '../../client/core/feed/said.ts'
import { partsOf } from '../../client/core/vault.ts'
import { answering } from '../crash/answering.ts'
import { faultyPod, type FaultyPod } from './faulty-pod.ts'
import { DAY, folder, grantTo, reopen, world, type Member, type World } from './world.ts'

const HOUR = 3600_000
let around: World
let alice: Member
let bob: Member
let carol: Member
let group: GroupId
let bobs: CollectionId
let back: () => void

/** A circle of alice, its steward; bob and carol share a folder each with it. Nothing is folded. */
beforeAll(async () => {
  around = world()
  ;[alice, bob, carol] = [await around.member('alice'), await around.member('bob'), await around.member('carol')]
  group = (await alice.vault.groups.found('Les Abeilles')).group
  const link = await alice.vault.groups.invite(group)
  for (const { name, vault } of [bob, carol]) {
    await vault.groups.join(link)
    await alice.vault.groups.admit(group, vault.owner)
    await vault.records.put('Immunization', { note: `of ${name}` }, { collection: await folder(vault) })
    await vault.grants.give(grantTo(group, around.clock))
    await vault.settle()
  }
  await alice.vault.settle()
  bobs = await folder(bob.vault)
  back = around.save(...[alice, bob, carol].map(member => member.around.store))
})
beforeEach(() => back())

const bytes = (length: number) => new Uint8Array(random(length))
const note = (vault: Vault, collection: CollectionId, text: string) =>
  vault.records.put('Immunization', { note: text }, { collection })
const messages = (): string[] => [...around.server.files.keys()].filter(url => /\/feed\/[^.]+$/.test(url))
const pages = (): string[] =>
  [...around.server.files.keys()].filter(url => url.startsWith(group) && /\/[\w-]{22}\.alv$/.test(url))
const shownBy = async (vault: Vault) => {
  const { rows, problems } = await vault.views.open(group)
  return { notes: rows.map(({ value }) => value['note']).sort(), problems }
}

async function asked(pod: FaultyPod, work: () => Promise<unknown>): Promise<string[]> {
  const from = pod.requests.length
  await work()
  return pod.requests.slice(from)
}

/** Who was made one, and has looked since. */
async function steward(member: Member): Promise<Vault> {
  const vault = await reopen(member)
  await vault.groups.list()
  return vault
}

async function fold(): Promise<void> {
  await (await reopen(alice)).groups.fold(group)
}

/** The ends of bob's grants, as whoever reads the circle for the first time finds them announced. */
async function endsOfBobs(): Promise<number[]> {
  const { context, groups } = partsOf(await reopen(carol))
  const open = await groups.opened(group, true)
  const all = announcementsOf(await new Feed(context).read(open), open)
  return all.filter(({ owner }) => owner === bob.vault.owner).map(({ until }) => until)
}

/** A device of bob's, five seconds behind the others. */
const slowOfBobs = (): Promise<Vault> =>
  reopen({ around: { ...bob.around, clock: () => around.clock() - 5000 } }, bob.around.pod)

/** Does some work, and loses what it told the circle. */
async function untold(work: () => Promise<void>): Promise<void> {
  const before = messages()
  await work()
  for (const url of messages()) if (!before.includes(url)) around.server.files.delete(url)
}

describe('[X9] feed lines', () => {
  test('are told once a burst, one a circle, and not before it is over', async () => {
    const vault = await reopen(bob)
    const before = messages().length
    for (const text of ['one', 'two', 'three']) await note(vault, bobs, text)
    expect(messages()).toHaveLength(before)
    await vault.settle()
    expect(messages()).toHaveLength(before + 1)
    await vault.settle()
    expect(messages()).toHaveLength(before + 1)
  })

  test('say nothing of a folder that no circle may read', async () => {
    const vault = await reopen(bob)
    const before = messages().length
    await note(vault, await folder(vault, 'Mine'), 'for me')
    await vault.settle()
    expect(messages()).toHaveLength(before)
  })

  test('stand in the way of no write where the circle’s pod is down', async () => {
    const down: Partial<Pod> = { post: () => Promise.reject(new Error('not to be seen')) }
    const vault = await reopen(bob, answering(bob.around.pod, down))
    await note(vault, bobs, 'one').catch(() => undefined)
    expect((await shownBy(await reopen(carol))).notes).toContain('one')
  })

  test('make a view ask for nothing but what changed', async () => {
    const pod = faultyPod(alice.around.pod)
    const reader = await reopen(alice, pod)
    await shownBy(reader)
    const nothing = await asked(pod, () => shownBy(reader))
    expect(nothing).toHaveLength(2) // the feed and the catalogue
    const owner = await reopen(bob)
    await note(owner, bobs, 'new')
    await owner.settle()
    const one = await asked(pod, async () => expect((await shownBy(reader)).notes).toContain('new'))
    expect(one).toHaveLength(4) // and the line, and bob's head
    expect(one.filter(line => line.includes('/carol/'))).toEqual([])
  })

  test('that are lost cost an hour', async () => {
    const reader = await reopen(alice)
    await shownBy(reader)
    const owner = await reopen(bob)
    await note(owner, bobs, 'untold')
    expect((await shownBy(reader)).notes).not.toContain('untold')
    around.pass(HOUR)
    expect((await shownBy(reader)).notes).toContain('untold')
  })
})

test('where no line was told yet, heads are looked at, in whatever epoch the circle is', async () => {
  for (const url of messages()) around.server.files.delete(url)
  const [grant] = await (await reopen(bob)).grants.list()
  const owner = await reopen(bob)
  await owner.grants.revoke(grant!.grant)
  await owner.grants.give(grantTo(group, around.clock))
  const reader = await reopen(alice)
  expect((await shownBy(reader)).notes).toEqual(['of bob'])
  await (await reopen(alice)).groups.remove(group, carol.vault.owner)
  await note(await reopen(bob), bobs, 'without carol')
  expect(await shownBy(reader)).toEqual({ notes: ['of bob', 'without carol'], problems: [] })
})

test('what is sealed to an epoch that began since is seen at the next look, by who is still in it', async () => {
  const reader = await reopen(alice)
  await shownBy(reader)
  const other = await reopen(alice) // another program of hers, which takes carol out
  await other.groups.remove(group, carol.vault.owner)
  const owner = await reopen(bob)
  await note(owner, bobs, 'without carol')
  around.pass(HOUR - 1)
  expect((await shownBy(await reopen(alice))).notes).toEqual(['of bob', 'without carol'])
  await owner.settle()
  expect((await shownBy(reader)).notes).toEqual(['of bob', 'without carol'])
})

describe('[X10] of a grant, what is said last counts', () => {
  const grantOf = async (vault: Vault) => (await vault.grants.list())[0]!.grant

  test('what changes while it is told is told the next time', async () => {
    let posts = 0
    const owner = await reopen(
      bob,
      answering(bob.around.pod, {
        post: async (...of) => {
          if (++posts === 2) await owner.grants.revoke(await grantOf(owner)) // the line came first, this is the other end
          return bob.around.pod.post(...of)
        },
      }),
    )
    const end = around.clock() + 40 * DAY
    await owner.grants.extend(await grantOf(owner), { until: new Date(end) })
    await owner.settle()
    expect(posts).toBe(2)
    expect(await endsOfBobs()).toEqual([end])
    await owner.settle()
    expect(await endsOfBobs()).toEqual([])
  })

  test('a device whose clock is slow takes back what another announced', async () => {
    const owner = await slowOfBobs()
    await owner.grants.revoke(await grantOf(owner))
    await owner.settle()
    expect(await endsOfBobs()).toEqual([])
  })

  test('it takes back once what is over and stands there still', async () => {
    await untold(async () => {
      const owner = await reopen(bob)
      await owner.grants.revoke(await grantOf(owner))
      await owner.settle()
    })
    expect(await endsOfBobs()).toHaveLength(1)
    const owner = await slowOfBobs()
    await owner.collections.telling.mend({ always: true })
    expect(await endsOfBobs()).toEqual([])
    const before = messages()
    await owner.collections.telling.mend({ always: true })
    expect(messages()).toEqual(before)
  })

  test('it tells everybody where a grant stands now', async () => {
    const end = around.clock() + 40 * DAY
    await untold(async () => {
      const owner = await reopen(bob)
      await owner.grants.extend(await grantOf(owner), { until: new Date(end) })
      await owner.settle()
    })
    await (await slowOfBobs()).announce()
    expect(await endsOfBobs()).toEqual([end])
  })
})

test('a look keeps no more signatures in mind than this one and the last met', async () => {
  const { context, groups } = partsOf(await reopen(alice))
  const [feed, owner, open] = [new Feed(context), await reopen(bob), await groups.opened(group)]
  for (const text of ['one', 'two', 'three', 'four']) {
    await note(owner, bobs, text)
    await owner.settle()
    await feed.read(open)
  }
  expect(feed.held.size).toBe(8)
  await fold()
  for (let i = 0; i < 2; i++) await feed.read(open)
  expect(feed.held.size).toBe(4) // of bob and carol each an announcement and the newest line
})

describe('[X10] folding', () => {
  test('takes all into the catalogue, and shows the same', async () => {
    const before = await shownBy(await reopen(carol))
    await fold()
    expect(messages()).toEqual([])
    expect(await shownBy(await reopen(carol))).toEqual(before)
    expect(before.notes).toEqual(['of bob'])
  })

  test('lets a reader who keeps nothing see all without asking who the owners are', async () => {
    await fold()
    const pod = faultyPod(alice.around.pod)
    const reader = await reopen(alice, pod)
    const requests = await asked(pod, () => shownBy(reader))
    expect(requests.filter(line => /profile|identity/.test(line) && /bob|carol/.test(line))).toEqual([])
    expect(requests.filter(line => /\/c\//.test(line))).toHaveLength(4)
  })

  test('leaves out what was taken back, and who went', async () => {
    await fold()
    const owner = await reopen(bob)
    const [grant] = await owner.grants.list()
    await owner.grants.revoke(grant!.grant)
    await owner.settle()
    await fold()
    const { context, groups } = partsOf(await reopen(alice))
    const open = await groups.opened(group, true)
    const owners = async () => (await new Feed(context).read(open)).rows.map(({ webId }) => webId)
    expect(await owners()).toEqual([carol.vault.owner])
    await (await reopen(alice)).groups.remove(group, carol.vault.owner)
    await fold()
    const after = await groups.opened(group, true)
    expect((await new Feed(context).read(after)).rows).toEqual([])
    await expect((await reopen(carol)).views.open(group)).rejects.toMatchObject({ code: 'not-granted' })
  })

  test('by two stewards at once loses nothing of either', async () => {
    await (await reopen(alice)).groups.changeRole(group, carol.vault.owner, 'steward')
    const [one, two] = [await reopen(alice), await steward(carol)]
    await Promise.all([one.groups.fold(group), two.groups.fold(group)])
    expect((await shownBy(await reopen(alice))).notes).toEqual(['of bob', 'of carol'])
  })

  test('by who is no steward is read by nobody, and folded again by who is', async () => {
    await (await reopen(alice)).groups.changeRole(group, carol.vault.owner, 'steward')
    await (await steward(carol)).groups.fold(group)
    await (await reopen(alice)).groups.changeRole(group, carol.vault.owner, 'member')
    expect((await shownBy(await reopen(bob))).notes).toEqual([])
    await (await reopen(alice)).groups.tidy()
    expect((await shownBy(await reopen(bob))).notes).toEqual(['of carol'])
  })

  test('deletes nothing that came, and was read by a view, while the head was swapped', async () => {
    const owner = await reopen(bob)
    const told: string[] = []
    const steward = await reopen(
      alice,
      answering(alice.around.pod, {
        put: async (...of) => {
          if (of[0] === `${group}catalogue.alv` && !told.length) {
            const before = messages()
            await note(owner, bobs, 'meanwhile')
            await owner.settle()
            told.push(...messages().filter(url => !before.includes(url)))
            await shownBy(steward)
          }
          return alice.around.pod.put(...of)
        },
      }),
    )
    await steward.groups.fold(group)
    expect(told).toHaveLength(1)
    expect(messages()).toEqual(told)
    await steward.groups.fold(group)
    expect(messages()).toEqual([])
  })

  test('deletes nothing that is sealed to an epoch which began since', async () => {
    const told: string[] = []
    const steward = await reopen(
      alice,
      answering(alice.around.pod, {
        list: async url => {
          if (url === `${group}feed/` && !told.length) {
            const before = messages()
            await (await reopen(alice)).groups.remove(group, carol.vault.owner)
            const owner = await reopen(bob)
            await note(owner, bobs, 'in the new epoch')
            await owner.settle()
            told.push(...messages().filter(one => !before.includes(one)))
          }
          return alice.around.pod.list(url)
        },
      }),
    )
    await steward.groups.fold(group)
    expect(told).not.toEqual([])
    expect(messages()).toEqual(told)
    await steward.groups.fold(group)
    expect(messages()).toEqual([])
  })

  test('deletes nothing of an owner whose pod does not answer', async () => {
    let isDown = false
    const steward = await reopen(
      alice,
      answering(alice.around.pod, {
        profile: webId =>
          isDown && webId === bob.vault.owner
            ? Promise.reject(new AlveoleError('server', 'HTTP 500'))
            : alice.around.pod.profile(webId),
      }),
    )
    await shownBy(steward) // reads the messages
    around.pass(HOUR)
    isDown = true
    await steward.groups.fold(group)
    expect(messages()).not.toEqual([])
    isDown = false
    expect((await shownBy(await reopen(carol))).notes).toEqual(['of bob'])
    await steward.groups.fold(group)
    expect(messages()).toEqual([])
  })

  test('is refused where the host puts an older catalogue in place', async () => {
    await fold()
    const old = around.server.files.get(`${group}catalogue.alv`)!
    const owner = await reopen(bob)
    await note(owner, bobs, 'new')
    await owner.settle()
    await fold()
    const reader = await reopen(carol)
    await shownBy(reader)
    around.server.files.set(`${group}catalogue.alv`, { ...old, version: 1e6 })
    await expect(reader.views.open(group)).rejects.toMatchObject({ code: 'rolled-back' })
  })
})

describe('[A11] a pod that contradicts its owner', () => {
  const headOf = (): string => `${bob.around.pod.storage}alveole/c/${bobs}/head.alv`

  test('keeps back what they told of: told, with the line that they signed', async () => {
    const old = around.server.files.get(headOf())!
    const owner = await reopen(bob)
    await note(owner, bobs, 'new')
    await owner.settle()
    around.server.files.set(headOf(), { ...old, version: 1e6 })
    const { notes, problems } = await shownBy(await reopen(carol)) // who has seen none of it
    expect(notes).toEqual([])
    expect(problems).toMatchObject([
      { owner: bob.vault.owner, code: 'rolled-back', proof: expect.any(String) as string },
    ])
  })

  test('shows another history to somebody: told by whoever reads both', async () => {
    const [before, store] = [new Map(around.server.files), new Map(bob.around.store.values)]
    const forked = async (text: string) => {
      const owner = await reopen(bob)
      await note(owner, bobs, text)
      await owner.settle()
      return around.server.files.get(headOf())!
    }
    const shownToBob = await forked('for alice')
    const line = messages().filter(url => !before.has(url))
    const kept = line.map(url => [url, around.server.files.get(url)!] as const)
    around.server.files.clear()
    for (const [url, file] of before) around.server.files.set(url, file)
    bob.around.store.values.clear()
    for (const [key, value] of store) bob.around.store.values.set(key, value)
    const shownToCarol = await forked('for carol')
    expect(shownToBob.body).not.toEqual(shownToCarol.body)
    for (const [url, file] of kept) around.server.files.set(url, file)
    const { problems } = await shownBy(await reopen(carol))
    expect(problems).toMatchObject([{ owner: bob.vault.owner, code: 'forked', proof: expect.any(String) as string }])
    await fold() // both stand in the catalogue, for whoever comes later
    expect((await shownBy(await reopen(carol))).problems).toMatchObject([{ code: 'forked' }])
  })
})

describe('[A35] who is left out, and who says too much', () => {
  test('an owner whose announcement was left out notices, says so, and announces again', async () => {
    await fold()
    for (const url of [`${group}catalogue.alv`]) around.server.files.delete(url)
    bob.around.store.values.delete(`catalogue ${group}`)
    const owner = await reopen(bob)
    expect((await owner.doctor()).problems).toContainEqual({ code: 'left-out', detail: 'Les Abeilles' })
    around.pass(2 * DAY)
    await owner.tidy()
    expect((await owner.doctor()).problems).toEqual([])
    carol.around.store.values.delete(`catalogue ${group}`)
    expect((await shownBy(await reopen(carol))).notes).toEqual(['of bob'])
  })

  test('what is forged is passed over, told by the doctor, and deleted by who folds', async () => {
    const { context, groups } = partsOf(await reopen(carol))
    const open = await groups.opened(group)
    const forge = (owner: string) => {
      const said = { owner, to: group, grant: random(16), at: 1, until: around.clock() + DAY, collections: [] }
      return sealGroupMessage(
        open.epochs.at(-1)!,
        signBytes(context.me.signer, label.announcement, encode(announcement, said)),
      )
    }
    const lies = [forge(bob.vault.owner), forge('https://nobody.example/#me'), random(100), random(9000)]
    for (const lie of lies) await carol.around.pod.post(`${group}feed/`, lie)
    const vault = await reopen(alice)
    expect((await shownBy(vault)).notes).toEqual(['of bob', 'of carol'])
    expect((await vault.doctor()).problems).toContainEqual({ code: 'forged-announcements', detail: 'Les Abeilles' })
    await fold()
    expect(messages()).toEqual([])
    expect((await vault.doctor()).problems).toEqual([])
  })

  test('of a feed that was filled a look reads five hundred, and the folding of all finds what is true', async () => {
    const { files } = around.server
    const honest = messages().map(url => [url, files.get(url)!] as const)
    for (const [url] of honest) files.delete(url)
    for (let i = 0; i < 1200; i++)
      files.set(`${group}feed/${toHex(random(8))}`, { body: bytes(64), type: '', version: i })
    for (const [url, file] of honest) files.set(url, file)
    const pod = faultyPod(carol.around.pod)
    const reader = await reopen(carol, pod)
    const requests = await asked(pod, () => shownBy(reader))
    expect(requests.length).toBeLessThan(520)
    for (let i = 0; i < 3; i++) await fold()
    expect(messages()).toEqual([])
    expect((await shownBy(await reopen(carol))).notes).toEqual(['of bob'])
  })
})

test('pages that a death left are garbage, and those that the catalogue names are not', async () => {
  await fold()
  const before = pages()
  around.server.files.set(`${group}${'A'.repeat(22)}.alv`, { body: bytes(9), type: '', version: 1 })
  const vault = await reopen(alice)
  await vault.groups.tidy({ always: true })
  around.pass(8 * DAY)
  await vault.groups.tidy({ always: true })
  expect(pages().sort()).toEqual(before.sort())
})
