/** Grants whose terms change: another end, less of it, all of them ended at once; and how far each has come, told as it is. */
import { beforeEach, describe, expect, test } from 'vitest'
import type { CollectionId, GrantId, GrantInfo, Vault } from '#core'
import { AlveoleError, isCode } from '#crypto'
import { attacked } from '../hostile-pod.ts'
import { reopen, DAY, folder, PURPOSE, secondDevice, world, type Member, type World } from './world.ts'

const DOSES = 'health/medications/dosage'
let around: World
let alice: Member
let bob: Member
let health: CollectionId
let photos: CollectionId

beforeEach(async () => {
  around = world()
  ;[alice, bob] = [await around.member('alice'), await around.member('bob')]
  ;[health, photos] = [await folder(alice.vault), await folder(alice.vault, 'Photos')]
  await put('Immunization', 'BCG')
  await put('Medication', 'salbutamol')
  await put('Immunization', 'in photos', photos)
})

const inDays = (days: number): Date => new Date(around.clock() + days * DAY)
const put = (kind: string, note: string, collection = health, vault = alice.vault) =>
  vault.records.put(kind, { note }, { collection })
const give = (to = bob.vault.owner, facets = ['health/immunizations', 'health/medications']): Promise<GrantInfo> =>
  alice.vault.grants.give({ to, facets, collections: [health, photos], until: inDays(30), purpose: PURPOSE })
const infoOf = async (vault: Vault, grant: GrantId): Promise<GrantInfo> =>
  (await vault.grants.list()).find(one => one.grant === grant)!
/** The one that is not over, after a look at what the account says by now. */
const givenNow = async (vault: Vault): Promise<GrantInfo | undefined> => {
  await vault.sync()
  return (await vault.grants.list()).find(({ state }) => state !== 'ended')
}
const rowsOf = async (member: Member) => (await (await reopen(member)).views.open(alice.vault.owner)).rows
const seen = async (member = bob) => (await rowsOf(member)).map(({ value }) => value['note']).sort()
const rulesOf = (id: CollectionId): string => {
  const url = [...around.server.files.keys()].find(one => one.includes(id) && one.endsWith('.acl'))!
  return new TextDecoder().decode(around.server.files.get(url)!.body)
}
/** A pod that does not take what is written there, until told. */
function failingAt(where: (url: string) => boolean) {
  const weather = { fails: true }
  const pod = attacked(alice.around.pod, honest => ({
    put: async (url, ...rest) => {
      if (weather.fails && where(url)) throw new AlveoleError('server')
      return honest.put(url, ...rest)
    },
  }))
  return { pod, weather }
}
const refusal = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => {
      if (isCode(error, 'refused', 'usage', 'not-granted')) return error.code
      throw error
    },
  )

describe('another end', () => {
  test.each([60, 10])(
    'in %i days instead of thirty: account, agreement, rules, and what the reader is shown',
    async days => {
      const { grant } = await give()
      const until = inDays(days)
      const info = await alice.vault.grants.extend(grant, { until })
      expect(info).toMatchObject({ grant, until: until.toISOString(), state: 'live', progress: null, awaiting: [] })
      expect(await alice.vault.grants.receipt(grant)).toContain(until.toISOString())
      for (const id of [health, photos]) expect(rulesOf(id)).toContain(until.toISOString())
      expect(new Set((await rowsOf(bob)).map(row => row.until))).toEqual(new Set([until.toISOString()]))
      expect((await alice.vault.doctor()).problems).toEqual([])
      around.pass(29 * DAY)
      expect(await seen()).toHaveLength(days > 30 ? 3 : 0)
      const what = (await alice.vault.journal.lines()).map(line => line.what)
      expect(what).toContain(days > 30 ? 'extended' : 'shortened')
      expect((await alice.vault.verify()).problems).toEqual([])
    },
  )

  test('opens no epoch, and takes nobody’s keys', async () => {
    const { grant } = await give()
    const epochs = async () => (await alice.vault.collections.open(health)).state.owner!.epochs.length
    const before = await epochs()
    await alice.vault.grants.extend(grant, { until: inDays(60) })
    expect(await epochs()).toBe(before)
  })

  test('none where it is over, be it taken back or by its date, nor one that is past', async () => {
    const { grant } = await give()
    expect(await refusal(alice.vault.grants.extend(grant, { until: inDays(-1) }))).toBe('usage')
    const passed = await give()
    await alice.vault.grants.revoke(grant)
    expect(await refusal(alice.vault.grants.extend(grant, { until: inDays(60) }))).toBe('refused')
    expect(await refusal(alice.vault.grants.narrow(grant, { facets: ['health/medications'] }))).toBe('refused')
    around.pass(31 * DAY)
    expect(await refusal(alice.vault.grants.extend(passed.grant, { until: inDays(60) }))).toBe('refused')
    expect(await seen()).toEqual([])
  })

  test('[A31] a device that was just let in prolongs nothing that it found, and may shorten it', async () => {
    const { grant } = await give()
    await alice.vault.settle()
    const { vault } = await secondDevice(alice)
    expect(await refusal(vault.grants.extend(grant, { until: inDays(60) }))).toBe('refused')
    await vault.grants.extend(grant, { until: inDays(10) })
    await vault.grants.confirm()
    await vault.grants.extend(grant, { until: inDays(60) })
    expect(new Set((await rowsOf(bob)).map(row => row.until))).toEqual(new Set([inDays(60).toISOString()]))
  })

  test('[A12] of two devices the one that was asked later stands, whoever was first; one that ends wins', async () => {
    const { grant } = await give()
    await alice.vault.settle()
    const laptop = await secondDevice(alice)
    await laptop.vault.grants.confirm()
    await laptop.vault.settle()
    for (const [first, second] of [
      [alice, laptop],
      [laptop, alice],
    ] as const) {
      const [one, other] = [await reopen(first), await reopen(second)]
      around.pass(1000)
      await one.grants.extend(grant, { until: inDays(40) })
      around.pass(1000)
      const later = inDays(50)
      const info = await other.grants.extend(grant, { until: later })
      expect(info.until).toBe(later.toISOString())
      await one.settle()
      await other.settle()
      expect((await infoOf(await reopen(first), grant)).until).toBe(later.toISOString())
    }
    const [slow, quick] = [await reopen({ around: { ...laptop.around, clock: () => around.clock() - 5000 } }), alice]
    around.pass(10_000)
    const sooner = inDays(70)
    await quick.vault.grants.extend(grant, { until: sooner })
    expect((await slow.grants.extend(grant, { until: inDays(80) })).until).toBe(sooner.toISOString()) // asked for before
    const stale = await reopen(laptop)
    await alice.vault.grants.revoke(grant)
    expect(await refusal(stale.grants.extend(grant, { until: inDays(90) }))).toBe('refused')
    expect(await seen()).toEqual([])
  })
})

test('[A37] rules that do not say yet what a device of one’s own has just signed are no other app’s doing', async () => {
  const { grant } = await give()
  await alice.vault.settle()
  const laptop = await secondDevice(alice)
  await laptop.vault.grants.confirm()
  const phone = await reopen(alice, failingAt(url => url.endsWith('.acl')).pod)
  await expect(phone.grants.extend(grant, { until: inDays(60) })).rejects.toMatchObject({ code: 'server' })
  expect(rulesOf(health)).not.toContain(inDays(60).toISOString())
  await laptop.vault.tidy()
  expect((await laptop.vault.journal.lines()).map(({ what }) => what)).not.toContain('rules-changed')
  await laptop.vault.settle()
  await reopen(laptop)
  expect(rulesOf(health)).toContain(inDays(60).toISOString())
})

describe('less of it', () => {
  test('a facet is withdrawn: shown no more, and what is written next is not sealed to its reader', async () => {
    const { grant } = await give()
    expect(await seen()).toEqual(['BCG', 'in photos', 'salbutamol'])
    const info = await alice.vault.grants.narrow(grant, { facets: ['health/immunizations'] })
    expect(info).toMatchObject({ facets: ['health/immunizations'], progress: null, awaiting: [] })
    await put('Medication', 'later')
    await put('Immunization', 'MMR')
    expect(await seen()).toEqual(['BCG', 'MMR', 'in photos'])
    expect(await alice.vault.grants.receipt(grant)).not.toContain('health/medications')
    expect((await alice.vault.journal.lines()).map(({ what }) => what)).toContain('narrowed')
  })

  test('a facet gives way to a narrower one', async () => {
    const { grant } = await give()
    await alice.vault.grants.narrow(grant, { facets: [DOSES] })
    expect((await infoOf(alice.vault, grant)).facets).toEqual([DOSES])
  })

  test('a folder is withdrawn: its rules and keys change at once, the others stay', async () => {
    const { grant } = await give()
    await alice.vault.grants.narrow(grant, { collections: [health] })
    expect(rulesOf(photos)).not.toContain(bob.vault.owner)
    expect(rulesOf(health)).toContain(bob.vault.owner)
    const { state } = await alice.vault.collections.open(photos)
    expect(state.owner!.holders).toEqual([])
    expect(await seen()).toEqual(['BCG', 'salbutamol'])
    expect((await alice.vault.doctor()).problems).toEqual([])
  })

  test('[A12] a folder withdrawn from what another device is giving still is not given by it', async () => {
    const former = await give()
    await alice.vault.grants.revoke(former.grant)
    await alice.vault.settle()
    expect(rulesOf(photos)).not.toContain(bob.vault.owner) // there is a list, which says by now what the laptop will want of it
    const laptop = await secondDevice(alice)
    const withdrawn = Promise.withResolvers<void>()
    let isFirst = true
    const pod = attacked(alice.around.pod, honest => ({
      put: async (url, ...rest) => {
        if (isFirst && url.includes(photos) && url.endsWith('.acl')) {
          isFirst = false // the account says what is being given, and the list that it is written onto was read
          const { grant } = (await givenNow(laptop.vault))!
          await laptop.vault.grants
            .narrow(grant, { collections: [health] })
            .then(() => withdrawn.resolve(), withdrawn.reject)
        }
        return honest.put(url, ...rest)
      },
    }))
    const phone = await reopen(alice, pod)
    const until = inDays(30)
    const given = { to: bob.vault.owner, facets: ['health/immunizations'], collections: [health, photos], until }
    await phone.grants.give({ ...given, purpose: PURPOSE })
    await withdrawn.promise
    expect(rulesOf(photos)).not.toContain(bob.vault.owner)
    expect(rulesOf(health)).toContain(bob.vault.owner)
    expect(await givenNow(await reopen(alice))).toMatchObject({ state: 'live', collections: [health], progress: null })
    expect(await seen()).toEqual(['BCG'])
  })

  test('more than it gives, nothing of it, or nothing said: usage', async () => {
    const { grant } = await give()
    const other = await folder(alice.vault, 'Other')
    const narrow = (left: Parameters<Vault['grants']['narrow']>[1]) => refusal(alice.vault.grants.narrow(grant, left))
    expect(await narrow({ facets: ['health'] })).toBe('usage')
    expect(await narrow({ facets: ['health/nonsense'] })).toBe('usage')
    expect(await narrow({ collections: [other] })).toBe('usage')
    expect(await narrow({})).toBe('usage')
    expect((await infoOf(alice.vault, grant)).facets).toHaveLength(2)
  })

  test('[A12] what one device withdrew stays withdrawn, though another extends it without knowing', async () => {
    const { grant } = await give()
    await alice.vault.settle()
    const laptop = await secondDevice(alice)
    await laptop.vault.grants.confirm()
    const stale = await reopen(laptop)
    await alice.vault.grants.narrow(grant, { facets: ['health/immunizations'] })
    const info = await stale.grants.extend(grant, { until: inDays(60) })
    expect(info).toMatchObject({ facets: ['health/immunizations'], until: inDays(60).toISOString() })
    expect(await seen()).toEqual(['BCG', 'in photos'])
  })
})

describe('how far an ending has come', () => {
  test('cut, until its folders are written to: then the keys are others; told so by every device', async () => {
    const { grant } = await give()
    const cut = await alice.vault.grants.revoke(grant)
    expect(cut).toMatchObject({ state: 'ended', progress: 'cut', awaiting: [health, photos] })
    await put('Immunization', 'next')
    expect(await infoOf(alice.vault, grant)).toMatchObject({ progress: 'cut', awaiting: [photos] })
    await put('Immunization', 'next', photos)
    expect(await infoOf(alice.vault, grant)).toMatchObject({ progress: 'rotated', awaiting: [] })
    await alice.vault.settle()
    expect(await infoOf((await secondDevice(alice)).vault, grant)).toMatchObject({ progress: 'rotated', awaiting: [] })
  })

  test('the keys change at once where asked, also afterwards', async () => {
    const one = await give()
    expect(await alice.vault.grants.revoke(one.grant, { rotate: true })).toMatchObject({ progress: 'rotated' })
    const other = await give()
    expect(await alice.vault.grants.revoke(other.grant)).toMatchObject({ progress: 'cut' })
    expect(await alice.vault.grants.revoke(other.grant, { rotate: true })).toMatchObject({ progress: 'rotated' })
    const { state } = await alice.vault.collections.open(health)
    expect(state.owner!.holders).toEqual([])
  })

  test('one that its date ended is cut by the server, and its keys change at the next write', async () => {
    const { grant } = await give()
    await alice.vault.settle()
    around.pass(31 * DAY)
    const vault = await reopen(alice)
    expect(await infoOf(vault, grant)).toMatchObject({ state: 'ended', progress: 'cut', awaiting: [health, photos] })
    for (const id of [health, photos]) await put('Immunization', 'next', id, vault)
    expect(await infoOf(vault, grant)).toMatchObject({ progress: 'rotated' })
  })

  test('one of chosen records, whose copies went with it, waits for nothing', async () => {
    const record = await put('Immunization', 'chosen')
    const chosen = { to: bob.vault.owner, records: [record], until: inDays(30), purpose: PURPOSE }
    const { grant } = await alice.vault.grants.give(chosen)
    expect(await seen()).toEqual(['chosen'])
    await alice.vault.grants.extend(grant, { until: inDays(60) })
    expect(await seen()).toEqual(['chosen'])
    const over = { state: 'ended', progress: 'rotated', awaiting: [] }
    expect(await alice.vault.grants.revoke(grant)).toMatchObject(over)
    expect(await alice.vault.grants.revoke(grant, { rotate: true })).toMatchObject(over)
  })

  test('one whose day never came has no keys that could change', async () => {
    const scheduled = { to: bob.vault.owner, collections: [health], until: inDays(30), purpose: PURPOSE }
    const { grant } = await alice.vault.grants.give({ ...scheduled, from: inDays(5), facets: ['health/immunizations'] })
    expect(await alice.vault.grants.revoke(grant)).toMatchObject({ progress: 'rotated' })
  })
})

describe('all at once', () => {
  test('all that one person was given, and nobody else', async () => {
    const carol = await around.member('carol')
    await give()
    await give()
    await give(carol.vault.owner)
    const { grants, problems } = await alice.vault.grants.revokeAll(bob.vault.owner)
    expect(grants.map(({ to, state, progress }) => [to, state, progress])).toEqual([
      [bob.vault.owner, 'ended', 'cut'],
      [bob.vault.owner, 'ended', 'cut'],
    ])
    expect(problems).toEqual([])
    expect([await seen(), await seen(carol)]).toEqual([[], ['BCG', 'in photos', 'salbutamol']])
    for (const id of [health, photos]) expect(rulesOf(id)).not.toContain(bob.vault.owner)
  })

  test('everything: live ones and those whose day is to come; again, nothing is left to end', async () => {
    await give()
    const later = { to: bob.vault.owner, collections: [health], until: inDays(30), purpose: PURPOSE }
    await alice.vault.grants.give({ ...later, from: inDays(5), facets: ['health/immunizations'] })
    const { grants } = await alice.vault.grants.stopEverything({ rotate: true })
    expect(grants.map(({ progress }) => progress)).toEqual(['rotated', 'rotated'])
    around.pass(6 * DAY)
    expect(await seen()).toEqual([])
    expect(await alice.vault.grants.stopEverything()).toEqual({ grants: [], problems: [] })
  })

  test('a folder whose rules cannot be written keeps no other back, is told, and is gone on with', async () => {
    const { grant } = await give()
    await alice.vault.settle()
    const { pod, weather } = failingAt(url => url.includes(photos) && url.endsWith('.acl'))
    const vault = await reopen(alice, pod)
    const { grants, problems } = await vault.grants.stopEverything()
    expect(problems).toEqual([{ collection: photos, code: 'server' }])
    expect(grants).toMatchObject([{ grant, state: 'ending', progress: 'removing' }])
    expect(rulesOf(health)).not.toContain(bob.vault.owner)
    expect(rulesOf(photos)).toContain(bob.vault.owner)
    await vault.settle()
    weather.fails = false
    expect(await infoOf(await reopen(alice), grant)).toMatchObject({ state: 'ended', progress: 'cut' })
    expect(rulesOf(photos)).not.toContain(bob.vault.owner)
  })
})
