/** The devices of a person: listed, and one of them removed by another. */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { AlveoleError, deviceKey, openIdentity, unsafeHeadHeader, unsafeAccountHeader, verifyHead } from '#crypto'
import { openVault, type Pod, type Vault } from '#core'
import { fromBase64Url } from '#crypto'
import { answering } from '../crash/answering.ts'
import { accountUrl, collectionUrl, headUrl, identityUrl } from '../../client/core/paths.ts'
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
} from './world.ts'

let around: World
let alice: Member
let laptop: Member
let tablet: Member
let bob: Member
let back: () => void

beforeAll(async () => {
  around = world()
  ;[alice, bob] = [await around.member('alice'), await around.member('bob')]
  laptop = await secondDevice(alice)
  tablet = await secondDevice(alice)
  await put(alice.vault, 'first')
  await alice.vault.settle()
  back = around.save(...[alice, laptop, tablet, bob].map(one => one.around.store))
})

let vault: Vault
let other: Vault
beforeEach(async () => {
  back()
  ;[vault, other] = [await reopen(alice), await reopen(laptop)]
})

const put = async (on: Vault, note: string): Promise<unknown> =>
  on.records.put('Immunization', { note }, { collection: await folder(on) })
const own = async (of: Vault): Promise<string> => (await of.devices.list()).find(device => device.this)!.id
const stored = (url: string): Uint8Array => around.server.files.get(url)!.body
const log = () => openIdentity(stored(identityUrl(vault.pod.storage)))
const head = async () => stored(headUrl(collectionUrl(vault.pod.storage, fromBase64Url(await folder(vault)))))
const code = (of: Promise<unknown>) => expect(of).rejects
/** The pods of others as ever, but those of one person do not answer. */
const without = (name: string, pod: Pod): Pod =>
  new Proxy(pod, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property, target)
      if (typeof value !== 'function') return value
      return async (...args: unknown[]) => {
        if (String(args[0]).startsWith(`https://memory.example/${name}/`)) throw new AlveoleError('offline')
        return value.apply(target, args) as unknown
      }
    },
  })

describe('a list of devices', () => {
  test('has those of the log, with names that only the account says', async () => {
    const found = await other.devices.list()
    expect(found.map(({ name, kind, active }) => [name, kind, active])).toEqual([
      ['first device', 'device', true],
      ['', 'password', true],
      ['second device', 'device', true],
      ['second device', 'device', true],
    ])
    expect(found.map(device => device.this)).toEqual([false, false, true, false])
    expect(found[0]!.added).toBe(new Date(around.clock()).toISOString())
    expect(log().devices.map(({ name }) => name)).toEqual(['', '', '', ''])
  })
})

describe('a device that is removed', () => {
  test('is so for all others, which go on', async () => {
    const gone = await own(other)
    await vault.devices.remove(gone)
    expect((await vault.devices.list()).find(({ id }) => id === gone)).toMatchObject({ active: false })
    expect(log()).toMatchObject({ generation: 2, exposed: false })
    await put(vault, 'second')
    const third = await reopen(tablet)
    await put(third, 'third')
    expect(await notes(await reopen(alice))).toEqual(['first', 'second', 'third'])
    expect((await (await reopen(alice)).verify()).problems).toEqual([])
    expect((await vault.journal.lines()).map(({ what }) => what)).toContain('device-removed')
  })

  test('opens the vault no more, nor goes on where it is open', async () => {
    await put(other, 'of the laptop')
    await vault.devices.remove(await own(other))
    await code(other.sync()).toMatchObject({ code: 'wrong-unlock' })
    await code(reopen(laptop)).toMatchObject({ code: 'wrong-unlock' })
    const unlock = { password: passwordOf('alice') }
    await code(openVault(laptop.around, unlock)).toMatchObject({ code: 'wrong-unlock', detail: { field: 'device' } })
    expect(log().devices).toHaveLength(4)
    expect(await notes(await reopen(alice))).toEqual(['first', 'of the laptop'])
  })

  test('had signed a head last: it is signed anew, and every other one too', async () => {
    await put(other, 'of the laptop')
    const [gone, before] = [await own(other), unsafeHeadHeader(await head())]
    await vault.devices.remove(gone)
    const bytes = await head()
    const now = unsafeHeadHeader(bytes)
    expect([before.generation, now.generation]).toEqual([1, 2])
    expect(now.epoch).not.toEqual(before.epoch)
    const signed = () => verifyHead(bytes, vault.owner, now.collection, signer => deviceKey(log(), signer))
    expect(signed).not.toThrow()
  })

  test('was about to fill a selection: that has a head of ours by then, and is filled by the next opening', async () => {
    const known = await folder(vault)
    const dying = answering(laptop.around.pod, {
      put: async (url, ...rest) => {
        if (url.endsWith('/head.alv') && !url.includes(known)) throw new TypeError('dead')
        return laptop.around.pod.put(url, ...rest)
      },
    })
    other = await reopen(laptop, dying)
    const records = (await Array.fromAsync(other.records.query())).map(({ id }) => id)
    await code(other.selections.make({ records, follow: false })).toThrow('dead')
    await vault.devices.remove(await own(other))
    const [selection] = vault.selections.list()
    const id = fromBase64Url(selection!.collection)
    const bytes = stored(headUrl(collectionUrl(vault.pod.storage, id)))
    expect(() => verifyHead(bytes, vault.owner, id, signer => deviceKey(log(), signer))).not.toThrow()
    const next = await reopen(alice)
    const { to, until, purpose } = grantTo(bob.vault.owner, around.clock)
    await next.grants.give({ to, until, purpose, collections: [selection!.collection] })
    const { rows } = await (await reopen(bob)).views.open(vault.owner)
    expect(rows.map(({ value }) => value['note'])).toEqual(['first'])
  })

  test('[A19] cannot write, or put what it had signed before back', async () => {
    await put(other, 'of the laptop')
    const [account, old] = [stored(accountUrl(vault.pod.storage)), await head()]
    await vault.devices.remove(await own(other))
    const saved = around.save(...[alice, laptop, tablet].map(one => one.around.store))
    for (const [url, body] of [
      [accountUrl(vault.pod.storage), account],
      [headUrl(collectionUrl(vault.pod.storage, fromBase64Url(await folder(vault)))), old],
    ] as const) {
      saved()
      await bob.around.pod.get(url).catch(() => null)
      around.server.files.set(url, { ...around.server.files.get(url)!, body, etag: '"put back"' } as never)
      for (const one of [alice, tablet])
        await code(reopen(one).then(notes)).toMatchObject({
          code: expect.stringMatching(/tampered|rolled-back/) as string,
        })
    }
  })

  test('[A11] is no device again by the log of before, nor by the whole pod of before', async () => {
    const before = new Map(around.server.files)
    await vault.devices.remove(await own(other))
    const url = identityUrl(vault.pod.storage)
    around.server.files.set(url, before.get(url)!)
    await code(reopen(tablet)).toMatchObject({ code: 'rolled-back' })
    expect(await notes(await reopen(alice))).toEqual(['first']) // which has the log
    around.server.files.clear()
    for (const [at, file] of before) around.server.files.set(at, file)
    await code(reopen(alice)).toMatchObject({ code: 'rolled-back' })
  })

  test('comes back as a new one where it has the password', async () => {
    await vault.devices.remove(await own(other))
    const again = await openVault(laptop.around, { password: passwordOf('alice') }, { name: 'again', anew: true })
    const found = await again.devices.list()
    expect(found.filter(({ active }) => active).map(({ name }) => name)).toEqual([
      'first device',
      '',
      'second device',
      'again',
    ])
    expect(await notes(again)).toEqual(['first'])
  })

  test('keeps nobody from what is shared, and what is written then opens to readers', async () => {
    await vault.grants.give(grantTo(bob.vault.owner, around.clock))
    await vault.devices.remove(await own(other))
    await put(vault, 'second')
    const { rows } = await (await reopen(bob)).views.open(vault.owner)
    expect(rows.map(({ value }) => value['note']).sort()).toEqual(['first', 'second'])
  })

  test('had given, announced and taken in: all of it goes on', async () => {
    const bobs = await reopen(bob)
    await other.grants.give(grantTo(bobs.owner, around.clock))
    const { group } = await other.groups.found('Les Abeilles')
    await bobs.groups.join(await other.groups.invite(group))
    await other.groups.admit(group, bobs.owner)
    await other.grants.give(grantTo(group, around.clock))
    await other.settle()
    await vault.devices.remove(await own(other))
    await put(vault, 'second')
    const later = await reopen(bob)
    for (const from of [vault.owner, group]) {
      const { rows } = await later.views.open(from)
      expect(rows.map(({ value }) => value['note']).sort()).toEqual(['first', 'second'])
    }
    expect(await vault.groups.members(group)).toHaveLength(2)
  })

  test('had copied chosen records for somebody: the copies are sealed anew too', async () => {
    const bobs = await reopen(bob)
    const [row] = await Array.fromAsync(other.records.query())
    const { facets: _, ...terms } = grantTo(bobs.owner, around.clock)
    const { collections } = await other.grants.give({ ...terms, records: [row!.id] })
    await other.settle()
    await vault.devices.remove(await own(other))
    const bytes = stored(headUrl(collectionUrl(vault.pod.storage, fromBase64Url(collections[0]!))))
    expect(unsafeHeadHeader(bytes).generation).toBe(2)
    const { rows } = await (await reopen(bob)).views.open(vault.owner)
    expect(rows.map(({ value }) => value['note'])).toEqual(['first'])
    expect((await vault.verify()).problems).toEqual([])
  })

  test('kept a circle on a pod that does not answer: the removal waits for it, a day at most', async () => {
    const bobs = await reopen(bob)
    const { group } = await bobs.groups.found('Les Abeilles')
    await vault.groups.join(await bobs.groups.invite(group))
    await bobs.groups.admit(group, vault.owner)
    await bobs.groups.changeRole(group, vault.owner, 'steward')
    await vault.groups.tidy()
    await vault.groups.list()
    await vault.settle()
    const cut = await reopen(alice, without('bob', alice.around.pod))
    const gone = await own(other)
    await code(cut.devices.remove(gone)).toMatchObject({ code: 'offline' })
    expect(log().generation).toBe(1)
    expect((await cut.devices.list()).filter(({ leaving }) => leaving)).toMatchObject([{ id: gone, active: false }])
    await code(reopen(laptop)).toMatchObject({ code: 'wrong-unlock' }) // whatever is written now it does not open
    around.pass(25 * 3600_000)
    await reopen(alice, without('bob', alice.around.pod))
    expect(log().devices.find(({ active }) => !active)).toBeDefined()
    expect((await cut.devices.list()).filter(({ leaving }) => leaving)).toEqual([])
    const back = await reopen(alice)
    await back.groups.tidy()
    expect(await back.groups.members(group)).toHaveLength(2)
  })

  test('of somebody who reads: what they were given opens on', async () => {
    const bobs = await reopen(bob)
    const phone = await secondDevice(bob)
    await vault.grants.give(grantTo(bobs.owner, around.clock))
    await bobs.devices.remove(await own(phone.vault))
    around.pass(6 * 60_000)
    await put(vault, 'second')
    const { rows } = await (await reopen(bob)).views.open(vault.owner)
    expect(rows.map(({ value }) => value['note']).sort()).toEqual(['first', 'second'])
  })

  test('had a circle to keep: its keys go', async () => {
    const { group } = await vault.groups.found('Les Abeilles')
    const bobs = await reopen(bob)
    await bobs.groups.join(await vault.groups.invite(group))
    await vault.groups.admit(group, bobs.owner)
    await vault.grants.give(grantTo(group, around.clock))
    const before = stored(`${group}head.alv`)
    await vault.devices.remove(await own(other))
    expect(stored(`${group}head.alv`)).not.toEqual(before)
    await put(vault, 'second')
    const third = await reopen(tablet)
    expect(await third.groups.members(group)).toHaveLength(2)
    const { rows } = await (await reopen(bob)).views.open(group)
    expect(rows.map(({ value }) => value['note']).sort()).toEqual(['first', 'second'])
    expect((await third.verify()).problems).toEqual([])
  })

  test('may be the password: no machine is let in by it, and devices go on', async () => {
    const [slot] = (await vault.devices.list()).filter(({ kind }) => kind === 'password')
    await vault.devices.remove(slot!.id)
    expect(unsafeAccountHeader(stored(accountUrl(vault.pod.storage))).slots).toEqual([])
    const unlock = { password: passwordOf('alice') }
    await code(openVault({ ...alice.around, store: savedStore() }, unlock)).toMatchObject({ code: 'wrong-unlock' })
    const words = { words: alice.kit, ...unlock }
    expect(await notes(await openVault({ ...alice.around, store: savedStore() }, words))).toEqual(['first'])
    expect(await notes(await reopen(laptop))).toEqual(['first'])
  })
})

describe('what is refused', () => {
  test('is the device in hand, and what is none', async () => {
    await code(vault.devices.remove(await own(vault))).toMatchObject({ code: 'refused' })
    await code(vault.devices.remove('00'.repeat(16))).toMatchObject({ code: 'not-granted' })
    expect(log().generation).toBe(1)
  })

  test('is nothing where it is removed already', async () => {
    const gone = await own(other)
    await vault.devices.remove(gone)
    const before = stored(identityUrl(vault.pod.storage))
    await vault.devices.remove(gone)
    await (await reopen(tablet)).devices.remove(gone)
    expect(stored(identityUrl(vault.pod.storage))).toEqual(before)
  })
})

describe('two devices at once', () => {
  test('remove a third: it is removed once', async () => {
    const gone = await own(tablet.vault)
    await Promise.all([vault.devices.remove(gone), other.devices.remove(gone)])
    expect(log()).toMatchObject({ generation: 2, exposed: false })
    for (const one of [alice, laptop]) {
      await put(await reopen(one), 'again')
      expect((await (await reopen(one)).verify()).problems).toEqual([])
    }
  })

  test('remove one each: both are', async () => {
    const third = await secondDevice(alice)
    const [one, two] = [await own(tablet.vault), await own(third.vault)]
    await other.sync()
    await Promise.all([vault.devices.remove(one), other.devices.remove(two)])
    expect(log()).toMatchObject({ generation: 3, exposed: false })
    expect(log().devices.filter(({ active }) => active)).toHaveLength(3)
    for (const device of [alice, laptop]) expect(await notes(await reopen(device))).toEqual(['first'])
  })

  test('remove each other: one stays, and opens everything', async () => {
    const [mine, its] = [await own(vault), await own(other)]
    const ends = await Promise.allSettled([vault.devices.remove(its), other.devices.remove(mine)])
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const stays = ends[0].status === 'fulfilled' ? alice : laptop
    const goes = stays === alice ? laptop : alice
    expect(await notes(await reopen(stays))).toEqual(['first'])
    await code(reopen(goes)).toMatchObject({ code: 'wrong-unlock' })
    expect(await notes(await reopen(tablet))).toEqual(['first'])
  })
})

describe('a removal that was cut short after its first request', () => {
  /** The pod takes the account, and answers nothing from then on. */
  const dying = (pod: Pod): Pod => {
    let isDead = false
    return new Proxy(pod, {
      get(target, property) {
        const value: unknown = Reflect.get(target, property, target)
        if (typeof value !== 'function') return value
        return async (...args: unknown[]) => {
          if (isDead) throw new AlveoleError('offline')
          const answer = (await value.apply(target, args)) as unknown
          isDead = property === 'put' && args[0] === accountUrl(pod.storage)
          if (isDead) throw new AlveoleError('offline')
          return answer
        }
      },
    })
  }
  const cut = async (gone: string): Promise<void> => {
    const begun = await reopen(alice, dying(alice.around.pod))
    await code(begun.devices.remove(gone)).toMatchObject({ code: 'offline' })
    expect(log().generation).toBe(1)
    expect(unsafeAccountHeader(stored(accountUrl(vault.pod.storage))).generation).toBe(2)
  }

  test.each(['the same device', 'another one'])('is finished by %s', async who => {
    await cut(await own(other))
    const opened = await reopen(who === 'another one' ? tablet : alice)
    expect(log()).toMatchObject({ generation: 2, exposed: false })
    expect(log().devices.map(({ active }) => active)).toEqual([true, true, false, true])
    await put(opened, 'second')
    expect(await notes(await reopen(alice))).toEqual(['first', 'second'])
  })

  test.each([
    ['synchronizes', (opened: Vault) => opened.sync()],
    ['is maintained', (opened: Vault) => opened.maintain()],
  ])('is finished by a device that was open when it failed to, once it %s', async (_how, goOn) => {
    await cut(await own(other))
    let isDown = true
    const pod = new Proxy(tablet.around.pod, {
      get(target, property) {
        const value: unknown = Reflect.get(target, property, target)
        if (typeof value !== 'function') return value
        return async (...args: unknown[]) => {
          if (isDown && property === 'put') throw new AlveoleError('server')
          return value.apply(target, args) as unknown
        }
      },
    })
    const opened = await reopen(tablet, pod)
    expect(log().generation).toBe(1)
    isDown = false
    await goOn(opened)
    expect(log().devices.map(({ active }) => active)).toEqual([true, true, false, true])
  })

  test('is finished by the upkeep of a device that was open when it was begun', async () => {
    const opened = await reopen(tablet)
    await cut(await own(other))
    expect(await opened.maintain()).toEqual([])
    expect(log().devices.map(({ active }) => active)).toEqual([true, true, false, true])
  })

  test('is finished by a new one, and the removed one is not let in as it was', async () => {
    await cut(await own(other))
    await code(reopen(laptop)).toMatchObject({ code: 'wrong-unlock' })
    const again = await openVault(laptop.around, { password: passwordOf('alice') }, { name: 'again', anew: true })
    expect(log().devices.map(({ active }) => active)).toEqual([true, true, false, true, true])
    expect(await notes(again)).toEqual(['first'])
  })
})
