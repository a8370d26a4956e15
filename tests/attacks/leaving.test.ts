/**
 * A device that is about to be removed, with its keys, its login and the host's help: until the log says that it is gone what it appends
 * to the log counts. It locks nobody out, is given nothing, and stays by no other device.
 */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openVault, type Pod, type Vault } from '#core'
import {
  AlveoleError,
  drawGeneration,
  drawSeeds,
  encodeIdentity,
  equal,
  extendIdentity,
  generationPublic,
  keyId,
  publicOf,
  signerOf,
  toHex,
  unsafeAccountHeader,
  wrapGenerations,
  type IdentityBody,
  type Seeds,
} from '#crypto'
import { withLine } from '../../client/core/journal.ts'
import { open } from '../../client/core/open.ts'
import { accountUrl, identityUrl } from '../../client/core/paths.ts'
import {
  folder,
  grantTo,
  notes,
  openSeal,
  passwordOf,
  reopen,
  savedStore,
  secondDevice,
  world,
  type Member,
  type World,
} from '../core/world.ts'
import { answering } from '../crash/answering.ts'
import { identityOf, keptBy, stored } from './league.ts'

const DAY = 24 * 3600_000

let around: World
let alice: Member
let thief: Member
let tablet: Member
let bob: Member
let back: () => void
let seeds: Seeds

beforeAll(async () => {
  around = world()
  ;[alice, bob] = [await around.member('alice'), await around.member('bob')]
  ;[thief, tablet] = [await secondDevice(alice), await secondDevice(alice)]
  await alice.vault.records.put('Immunization', { note: 'first' }, { collection: await folder(alice.vault) })
  await alice.vault.settle()
  ;({ seeds } = await keptBy(around, thief))
  back = around.save(...[alice, thief, tablet, bob].map(one => one.around.store))
})

let vault: Vault
beforeEach(async () => {
  back()
  vault = await reopen(alice)
})

const log = () => identityOf(around, alice)
const account = () => unsafeAccountHeader(stored(around, accountUrl(alice.around.pod.storage)).body)
const thiefs = () => toHex(keyId(publicOf(seeds)))
const isActive = (of: Seeds): boolean =>
  log().devices.some(({ id, active }) => active && equal(id, keyId(publicOf(of))))
const isGiven = (of: Seeds): boolean => account().wraps.some(({ to }) => equal(to, keyId(publicOf(of))))

/** By the thief's own login, signed by the device itself or by one that it certified. */
async function append(entry: IdentityBody, by: Seeds = seeds): Promise<void> {
  const { pod } = thief.around
  const url = identityUrl(pod.storage)
  const { etag } = (await pod.get(url, { fresh: true }))!
  const next = extendIdentity(log(), signerOf(by), around.clock(), entry)
  await pod.put(url, encodeIdentity(next), { ifMatch: etag!, type: 'application/octet-stream' })
}

/** A next generation that the thief alone has. */
const usurp = (by?: Seeds): Promise<void> => {
  const number = log().generation + 1
  return append({ type: 'generation', number, kem: generationPublic(drawGeneration(number)) }, by)
}

async function certify(kind: 'device' | 'password', by?: Seeds): Promise<Seeds> {
  const of = drawSeeds()
  await append({ type: 'add-device', ...publicOf(of), kind, name: '' }, by)
  return of
}

/** The removal stops right after the account said so. */
async function begin(): Promise<void> {
  let isDead = false
  const dying = new Proxy(alice.around.pod, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property, target)
      if (typeof value !== 'function') return value
      return async (...args: unknown[]) => {
        if (isDead) throw new AlveoleError('offline')
        const answer = (await value.apply(target, args)) as unknown
        isDead = property === 'put' && args[0] === accountUrl(target.storage)
        return answer
      }
    },
  })
  const cut = await reopen(alice, dying)
  await expect(cut.devices.remove(thiefs())).rejects.toMatchObject({ code: 'offline' })
  expect(log().devices.every(({ active }) => active)).toBe(true)
}

/** The log's newest generation is one that the account gives to one's own devices, and what is shared with its person opens. */
async function expectOurs(): Promise<void> {
  const { generations } = await keptBy(around, tablet)
  const { generation, kem, exposed } = log()
  expect(exposed).toBe(false)
  expect(generationPublic(generations.find(({ number }) => number === generation)!)).toEqual(kem)
  const bobs = await reopen(bob)
  await bobs.records.put('Immunization', { note: 'of bob' }, { collection: await folder(bobs) })
  await bobs.grants.give(grantTo(vault.owner, around.clock))
  const { rows } = await (await reopen(tablet)).views.open(bobs.owner)
  expect(rows.map(({ value }) => value['note'])).toEqual(['of bob'])
}

async function expectAllOpen(): Promise<void> {
  const password = passwordOf('alice')
  const anew = () => ({ ...alice.around, store: savedStore() })
  for (const opened of [
    await reopen(alice),
    await reopen(tablet),
    await openVault(anew(), { password }),
    await openVault(anew(), { words: alice.kit, password }),
  ]) {
    expect(await notes(opened)).toEqual(['first'])
    expect((await opened.verify()).problems).toEqual([])
  }
}

describe('[A19] a generation that only the device that leaves has', () => {
  test('in the log before the removal is there: nobody is locked out, and the log goes on above it', async () => {
    await begin()
    await usurp()
    await expectAllOpen()
    expect(isActive(seeds)).toBe(false)
    await expectOurs()
  })

  test.each(['password', 'words'] as const)('in the log: a new device opens by the %s alone', async how => {
    await begin()
    await usurp()
    await usurp()
    const unlock = { password: passwordOf('alice'), ...(how === 'words' && { words: alice.kit }) }
    expect(await notes(await openVault({ ...alice.around, store: savedStore() }, unlock))).toEqual(['first'])
    expect(isActive(seeds)).toBe(false)
    await expectOurs()
  })

  test('again and again, right before each swap of the log: the last word is ours', async () => {
    let left = 3
    const overtaken: Pod['put'] = async (url, ...rest) => {
      if (url === identityUrl(alice.around.pod.storage) && left-- > 0) await usurp()
      return alice.around.pod.put(url, ...rest)
    }
    const opened = await reopen(alice, answering(alice.around.pod, { put: overtaken }))
    await opened.devices.remove(thiefs())
    expect(left).toBeLessThan(0)
    expect(log().generation).toBe(5)
    await expectAllOpen()
    await expectOurs()
  })

  test('of a stolen device that nobody removes: all open, and the next one that sees it drives the log on', async () => {
    await usurp()
    await usurp()
    await expectAllOpen()
    expect(log().generation).toBe(4)
    expect(isActive(seeds)).toBe(true)
    await expectOurs()
    await (await reopen(alice)).devices.remove(thiefs())
    expect(isActive(seeds)).toBe(false)
    await expectAllOpen()
  })

  test('where two devices drive it on at once: one log, and both go on', async () => {
    await usurp()
    await Promise.all([alice, tablet].map(one => reopen(one).then(opened => opened.devices.list())))
    await Promise.all([alice, tablet].map(one => reopen(one)))
    await expectAllOpen()
    await expectOurs()
  })
})

describe('[A28] a device that the one that leaves lets in', () => {
  test.each(['device', 'password'] as const)(
    'as a %s before the removal goes with it, and is given nothing',
    async kind => {
      const next = await certify(kind)
      await vault.devices.remove(thiefs())
      expect([isActive(seeds), isActive(next), isGiven(next)]).toEqual([false, false, false])
      const lines = (await vault.journal.lines()).filter(({ what }) => what === 'device-removed')
      expect(lines.map(({ object }) => object).sort()).toEqual([thiefs(), toHex(keyId(publicOf(next)))].sort())
      expect(account().slots).toHaveLength(1)
      await expectAllOpen()
    },
  )

  test('meanwhile, as one that lets in another, which begins a generation: all three go', async () => {
    await begin()
    const second = await certify('password')
    const third = await certify('device', second)
    await usurp(third)
    const opened = await reopen(tablet)
    expect([seeds, second, third].map(isActive)).toEqual([false, false, false])
    expect([seeds, second, third].map(isGiven)).toEqual([false, false, false])
    const lines = (await opened.journal.lines()).filter(({ what }) => what === 'device-removed')
    expect(lines).toHaveLength(3)
    await expectAllOpen()
    await expectOurs()
  })

  test('right before the swap of the log goes in that swap', async () => {
    const found: Seeds[] = []
    const overtaken: Pod['put'] = async (url, ...rest) => {
      if (url === identityUrl(alice.around.pod.storage) && !found.length) found.push(await certify('password'))
      return alice.around.pod.put(url, ...rest)
    }
    const opened = await reopen(alice, answering(alice.around.pod, { put: overtaken }))
    await opened.devices.remove(thiefs())
    expect([seeds, found[0]!].map(isActive)).toEqual([false, false])
    await expectAllOpen()
    await expectOurs()
  })

  test('and gave the generation itself goes with it all the same', async () => {
    const next = await certify('device')
    const { me, account: its } = await open(thief.around, { seal: openSeal })
    const all = [log().root, ...log().devices]
    await its.change(
      state => state,
      () => ({ header: wrapGenerations(me.webId, me.generations, all) }),
    )
    expect(isGiven(next)).toBe(true)
    await (await reopen(alice)).devices.remove(thiefs())
    expect([seeds, next].map(isActive)).toEqual([false, false])
    expect([seeds, next].map(isGiven)).toEqual([false, false])
    await expectAllOpen()
  })

  test('is given nothing by the next enrolment or removal, whoever stays', async () => {
    const next = await certify('password')
    await secondDevice(alice)
    expect(isGiven(next)).toBe(false)
    const gone = (await vault.devices.list()).filter(({ name, id }) => name === 'second device' && id !== thiefs())
    await vault.devices.remove(gone.at(-1)!.id)
    expect([isActive(seeds), isActive(next), isGiven(next)]).toEqual([true, true, false])
  })

  test('as a second password keeps neither itself nor the first one in', async () => {
    const next = await certify('password')
    const passwords = (await vault.devices.list()).filter(({ kind }) => kind === 'password')
    expect(passwords).toHaveLength(2)
    await vault.devices.remove(toHex(keyId(publicOf(next))))
    expect([isActive(next), account().slots.length]).toEqual([false, 1])
    const again = await certify('password')
    await vault.devices.remove(passwords[0]!.id)
    expect([isActive(again), account().slots.length]).toEqual([true, 0])
    for (const one of [alice, tablet]) expect(await notes(await reopen(one))).toEqual(['first'])
  })
})

test('[A19] a line of a removal to come, with a circle that does not answer, holds the removal up for no more than a day', async () => {
  const bobs = await reopen(bob)
  const { group } = await bobs.groups.found('Les Abeilles')
  await vault.groups.join(await bobs.groups.invite(group))
  await bobs.groups.admit(group, vault.owner)
  await bobs.groups.changeRole(group, vault.owner, 'steward')
  await vault.groups.tidy()
  await vault.groups.list()
  await vault.settle()
  const { account: its } = await open(thief.around, { seal: openSeal })
  for (const days of [0.5, 1, 1.5, 2, 2.5, 100]) {
    const line = { at: around.clock() + days * DAY, object: thiefs(), who: vault.owner }
    await its.change(state => withLine(state, { ...line, what: 'device-removed' }))
  }
  const silent = new Proxy(alice.around.pod, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property, target)
      if (typeof value !== 'function') return value
      return async (...args: unknown[]) => {
        if (String(args[0]).startsWith('https://memory.example/bob/')) throw new AlveoleError('offline')
        return value.apply(target, args) as unknown
      }
    },
  })
  const cut = await reopen(alice, silent)
  await expect(cut.devices.remove(thiefs())).rejects.toMatchObject({ code: 'offline' })
  expect(isActive(seeds)).toBe(true)
  around.pass(DAY + 3600_000)
  await reopen(alice, silent)
  expect(isActive(seeds)).toBe(false)
})
