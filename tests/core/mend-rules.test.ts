/** [A37] [F3] Access lists that another app rewrote: found by the account, told, and written again. */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { CollectionId, JournalLine, Pod, Vault } from '#core'
import { AlveoleError, isCode } from '#crypto'
import { readAcl, writeAcl, type Rule } from '../../client/core/acl.ts'
import { answering } from '../crash/answering.ts'
import { faultyPod } from './faulty-pod.ts'
import { DAY, folder, grantTo, reopen, secondDevice, world, type Member, type World } from './world.ts'

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
  await folder(alice.vault, 'Photos')
  await alice.vault.grants.give(grantTo(bob.vault.owner, around.clock))
  await alice.vault.settle()
  place = (await alice.vault.collections.find(health))!.url
  back = around.save(alice.around.store, bob.around.store)
})
beforeEach(() => back())

const rules = (): Rule[] => readAcl(place, around.server.files.get(`${place}.acl`)!.body)
const rewrite = (turtle: Uint8Array): Promise<unknown> =>
  alice.around.pod.put(`${place}.acl`, turtle, { type: 'text/turtle' })
const withoutDates = (): Rule[] => rules().map(({ until: _until, ...rule }) => rule)
/** Nothing reaches the access lists. */
const cut = (): Pod =>
  answering(alice.around.pod, {
    put: async (url, ...rest) => {
      if (url.endsWith('.acl')) throw new AlveoleError('offline')
      return alice.around.pod.put(url, ...rest)
    },
  })
const offline = (error: unknown): void => {
  if (!isCode(error, 'offline')) throw error
}
const told = async (vault: Vault): Promise<JournalLine[]> =>
  (await vault.journal.lines()).filter(({ what }) => what === 'rules-changed')

describe('a list that another app wrote', () => {
  test.each([
    ['without the end date', () => writeAcl(place, withoutDates())],
    ['with a reader more', () => writeAcl(place, [...rules(), { public: 'all', modes: ['Read'], on: ['children'] }])],
    ['with a date that nobody can read', () => new TextEncoder().encode(withDate('"soon"'))],
    ['without a reader', () => writeAcl(place, rules().slice(0, 1))],
  ])('%s is mended by the next tidying, and told once', async (_how, rewritten) => {
    const right = rules()
    await rewrite(rewritten())
    const vault = await reopen(alice)
    await vault.tidy()
    expect(rules()).toEqual(right)
    expect(await told(vault)).toMatchObject([{ object: place, who: '', vouchedBy: 'my devices' }])
    around.pass(DAY)
    await vault.tidy()
    expect(await told(await reopen(alice))).toHaveLength(1)
  })

  test('as something else than Turtle is mended too', async () => {
    let served = 0
    const pod = answering(alice.around.pod, {
      get: async (url, options) => {
        const reply = await alice.around.pod.get(url, options)
        const isIt = reply && url === `${place}.acl` && ++served === 1
        return isIt ? { ...reply, body: new TextEncoder().encode('{}') } : reply
      },
    })
    const vault = await reopen(alice, pod)
    await vault.tidy()
    expect((await told(vault)).map(({ object }) => object)).toEqual([place])
  })

  test('is looked for once a day, one request a folder', async () => {
    const pod = faultyPod(alice.around.pod)
    const lists = (): string[] => pod.requests.splice(0).filter(request => request.endsWith('.acl'))
    const vault = await reopen(alice, pod)
    await vault.tidy()
    expect(lists()).toHaveLength(2)
    await rewrite(writeAcl(place, withoutDates()))
    await vault.tidy()
    expect(lists()).toEqual([])
    around.pass(DAY)
    await vault.tidy()
    expect(lists().toSorted()).toEqual([
      expect.stringMatching(/^GET/),
      expect.stringMatching(/^GET/),
      `PUT ${place}.acl`,
    ])
    expect(await told(vault)).toHaveLength(1)
  })

  test('that is gone is written again', async () => {
    const right = rules()
    around.server.files.delete(`${place}.acl`)
    const vault = await reopen(alice)
    await vault.tidy()
    expect([rules(), (await told(vault)).length]).toEqual([right, 1])
  })

  test('is put right by the doctor too, at once, and told', async () => {
    const vault = await reopen(alice)
    await vault.tidy()
    await rewrite(writeAcl(place, withoutDates()))
    expect(await vault.repair()).toMatchObject({ problems: [], repaired: [{ code: 'rules-differ', detail: 'Health' }] })
    expect(await told(vault)).toHaveLength(1)
  })

  test('by a device that dies before it writes: the next one tells again, and mends', async () => {
    await rewrite(writeAcl(place, withoutDates()))
    await expect((await reopen(alice, cut())).tidy()).rejects.toMatchObject({ code: 'offline' })
    const vault = await reopen(alice)
    await vault.tidy()
    expect(rules().map(({ until }) => until !== undefined)).toEqual([false, true])
    expect(await told(vault)).toHaveLength(2)
  })
})

describe('is no other app’s doing:', () => {
  test('an end that came since', async () => {
    around.pass(31 * DAY)
    const vault = await reopen(alice)
    await vault.tidy()
    expect([await told(vault), (await vault.doctor()).problems]).toEqual([[], []])
  })

  test('another end that a device is still writing', async () => {
    const changing = await reopen(alice, cut())
    const { grant } = (await changing.grants.list())[0]!
    const until = new Date(around.clock() + 60 * DAY)
    await changing.grants.extend(grant, { until }).catch(offline)
    await changing.tidy()
    expect(await told(changing)).toEqual([])
    expect(rules().at(-1)!.until).not.toBe(until.getTime())
    const vault = await reopen(alice)
    expect(await vault.maintain()).toEqual([])
    expect([await told(vault), rules().at(-1)!.until]).toEqual([[], until.getTime()])
  })

  test('a grant that a device is still giving', async () => {
    const carol = await around.member('carol')
    const giving = await reopen(alice, cut())
    await expect(giving.grants.give(grantTo(carol.vault.owner, around.clock))).rejects.toMatchObject({
      code: 'offline',
    })
    await giving.tidy()
    expect(await told(giving)).toEqual([])
    expect(rules()).toHaveLength(2)
    const laptop = await secondDevice(alice)
    await laptop.vault.grants.confirm()
    expect(await laptop.vault.maintain()).toEqual([])
    expect([rules().length, await told(laptop.vault)]).toEqual([3, []])
  })
})

describe('what one job of the upkeep runs into', () => {
  /** Lists cannot be written. */
  const failing = (code: 'offline' | 'locked' | 'wrong-unlock'): Pod =>
    answering(alice.around.pod, {
      put: async (url, ...rest) => {
        if (url.endsWith('.acl')) throw new AlveoleError(code)
        return alice.around.pod.put(url, ...rest)
      },
    })
  const listed = async (pod: Pod, of: (vault: Vault) => Promise<unknown>) => {
    const watched = faultyPod(pod)
    const vault = await reopen(alice, watched)
    await rewrite(writeAcl(place, withoutDates()))
    watched.requests.splice(0)
    const end = await of(vault).catch((error: AlveoleError) => error.code)
    return { end, folders: watched.requests.includes(`LIST ${place}`) }
  }

  test('keeps no other from its work, and is thrown after the rest', async () => {
    expect(await listed(failing('offline'), vault => vault.tidy())).toEqual({ end: 'offline', folders: true })
  })

  test('is told by `maintain`', async () => {
    const undone = [{ job: 'rules', code: 'offline' }]
    expect(await listed(failing('offline'), vault => vault.maintain())).toEqual({ end: undone, folders: true })
  })

  test.each(['locked', 'wrong-unlock'] as const)('ends all of it at once where it is %s', async code => {
    expect(await listed(failing(code), vault => vault.maintain())).toEqual({ end: code, folders: false })
  })
})

test('a list that names a circle which nobody can ask is left alone, and stops no other', async () => {
  const { group } = await alice.vault.groups.found('Les Abeilles')
  const { id } = await alice.vault.collections.create('Shared')
  await alice.vault.grants.give({ ...grantTo(group, around.clock), collections: [id] })
  await alice.vault.settle()
  const shared = (await alice.vault.collections.find(id))!.url
  const laptop = await secondDevice(alice)
  const get: Pod['get'] = async (at, options) => {
    if (at.startsWith(group)) throw new AlveoleError('offline')
    return alice.around.pod.get(at, options)
  }
  const vault = await reopen(laptop, answering(alice.around.pod, { get }))
  const right = rules()
  const [owner] = right
  for (const one of [shared, place])
    await alice.around.pod.put(`${one}.acl`, writeAcl(one, [owner!]), { type: 'text/turtle' })
  const readers = (): number => readAcl(shared, around.server.files.get(`${shared}.acl`)!.body).length - 1
  await vault.tidy().catch(offline) // the circle itself
  expect([rules(), readers()]).toEqual([right, 0])
  await (await reopen(laptop)).tidy() // on the same day
  expect(readers()).toBe(1)
})

const withDate = (date: string): string =>
  new TextDecoder().decode(writeAcl(place, rules())).replace(/"[^"]*Z"\^\^<[^>]*>/, date)
