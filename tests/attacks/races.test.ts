/** Attacks on what was written: by old states served again, by races, by lost answers, by devices of another version. */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { CollectionId, RecordId, Vault } from '#core'
import { AlveoleError } from '#crypto'
import { leaves } from '../../client/core/leaves.ts'
import { folder, grantTo, notes, reopen, secondDevice, world, type Member, type World } from '../core/world.ts'
import { attacked, before, delaying, once, putting } from '../hostile-pod.ts'
import { stored } from './league.ts'

let around: World
let alice: Member
let laptop: Member
let bob: Member
let collection: CollectionId
let record: RecordId
let back: () => void

beforeAll(async () => {
  around = world()
  ;[alice, bob] = [await around.member('alice'), await around.member('bob')]
  collection = await folder(alice.vault)
  record = await put(alice.vault, 'first')
  await alice.vault.settle()
  laptop = await secondDevice(alice)
  back = around.save(...[alice, laptop, bob].map(member => member.around.store))
})

let vault: Vault
let other: Vault
beforeEach(async () => {
  back()
  ;[vault, other] = [await reopen(alice), await reopen(laptop)]
})

const put = (by: Vault, note: string, id?: RecordId) =>
  by.records.put('Immunization', { note }, { collection, ...(id && { id }) })
const head = (): string => `${alice.around.pod.storage}alveole/c/${collection}/head.alv`
const offline = (): never => {
  throw new AlveoleError('offline', 'no answer')
}

test('[A11] a head older than the account cites is refused each time, and never written on', async () => {
  const old = stored(around, head())
  expect(await notes(other)).toEqual(['first'])
  await put(vault, 'second')
  await vault.settle()
  await other.collections.create('Photos') // takes in the account that cites the second
  around.server.files.set(head(), old)
  around.pass(60_000)
  for (let i = 0; i < 2; i++) await expect(notes(other)).rejects.toMatchObject({ code: 'rolled-back' })
  await expect(put(other, 'on the old one')).rejects.toMatchObject({ code: 'rolled-back' })
  expect(stored(around, head())).toBe(old)
})

test('[A11] an answer that is withheld once hides nothing afterwards', async () => {
  let turn = 0
  const drop = before('get', /c\/[^/]+\/(?!head)[^/]+\.alv$/, () => ++turn === 2 && offline())
  const dropped = await reopen(laptop, attacked(laptop.around.pod, drop))
  expect(await notes(dropped)).toEqual(['first'])
  for (const batch of ['a', 'b', 'c']) {
    const many = Array.from({ length: 40 }, (_, i) => ({
      kind: 'Immunization',
      value: { note: `${batch}${i} ${'x'.repeat(500)}` },
    }))
    await vault.records.putAll(many, collection)
  }
  around.pass(60_000)
  await expect(notes(dropped)).rejects.toMatchObject({ code: 'offline' })
  around.pass(60_000)
  expect(await notes(dropped)).toHaveLength(121)
})

describe('[A12] a writer overtaken by another device', () => {
  const overtakenBy = (work: () => unknown): Promise<Vault> => {
    const overtake = () => {
      around.pass(1000)
      return work()
    }
    return reopen(alice, attacked(alice.around.pod, before('put', /c\/.*head\.alv$/, once(overtake))))
  }
  const allSee = async (expected: string[]): Promise<void> => {
    for (const one of [other, await reopen(alice), (await secondDevice(alice)).vault])
      expect(await notes(one)).toEqual(expected)
  }

  test('does not bring back what that one deleted', async () => {
    await put(await overtakenBy(() => other.records.remove(record)), 'older', record)
    await allSee([])
  })

  test('does not take back what that one changed later', async () => {
    await put(await overtakenBy(() => put(other, 'newer', record)), 'older', record)
    await allSee(['newer'])
  })
})

test('[A29] a write whose answer was lost halfway keeps no later one from being done', async () => {
  await vault.records.put('Condition', { note: 'of a newer vocabulary' }, { collection })
  await withoutFacet('health/problems/entry', async () => {
    const cut = await reopen(alice, attacked(alice.around.pod, before('put', /head\.alv$/, once(offline))))
    await expect(put(cut, 'second')).rejects.toMatchObject({ code: 'offline' })
    around.pass(60_000)
    await put(cut, 'third')
    await put(await reopen(alice), 'fourth')
  })
  expect(await notes(await reopen(alice))).toEqual(['first', 'fourth', 'of a newer vocabulary', 'third'])
})

test('[A30] an older version that cannot open a section rewraps the folder, and writes, without losing it', async () => {
  await vault.records.put('Condition', { note: 'of a newer vocabulary' }, { collection })
  await withoutFacet('health/problems/entry', async () => {
    const older = await reopen(alice)
    expect(await notes(older)).toEqual(['first'])
    await older.grants.give(grantTo(bob.vault.owner, around.clock))
    await put(older, 'second')
  })
  expect(await notes(await reopen(alice))).toEqual(['first', 'of a newer vocabulary', 'second'])
})

/** As a version of this software that does not know the facet. */
async function withoutFacet(facet: string, work: () => Promise<unknown>): Promise<void> {
  const known = leaves() as string[]
  const [at, all] = [known.indexOf(facet), [...known]]
  known.splice(at, 1)
  try {
    await work()
  } finally {
    known.splice(0, known.length, ...all)
  }
}

test('[A33] a later writer’s ETag, given for one’s own, loses nothing: on a server that gives none, it is never asked for', async () => {
  const mute = putting(/head\.alv$/, async ({ url, body, options }, honest) => {
    await honest.put(url, body, options)
    await overtake()
    return { etag: null }
  })
  const overtake = once(async () => {
    around.pass(60_000)
    await put(other, 'of another')
  })
  const one = await reopen(alice, attacked(alice.around.pod, mute))
  await put(one, 'mine')
  await put(one, 'mine again')
  const expected = ['first', 'mine', 'mine again', 'of another']
  for (const by of [alice, laptop]) expect(await notes(await reopen(by))).toEqual(expected)
})

describe('[A33] at once, in one session,', () => {
  test('a revocation and other changes of the account are all done', async () => {
    const { grant } = await vault.grants.give(grantTo(bob.vault.owner, around.clock))
    await Promise.all([
      vault.collections.create('Photos'),
      vault.grants.revoke(grant),
      ...['Papers', 'Letters'].map(name => vault.collections.create(name)),
    ])
    const later = await reopen(alice)
    expect((await later.grants.list()).map(({ state }) => state)).toEqual(['ended'])
    const names = (await later.collections.list()).map(({ name }) => name)
    expect(names.sort()).toEqual(['Health', 'Letters', 'Papers', 'Photos'])
  })

  test('the first writes to a collection are all there, here and elsewhere', async () => {
    const expected = ['first']
    for (let round = 0; round < 6; round++) {
      let turn = round
      const late = delaying(/^/, () => (turn++ * 5) % 8) // so that later requests may be answered first
      const fresh = await reopen(alice, attacked(alice.around.pod, late))
      const labels = ['a', 'b', 'c'].map(letter => `${round}${letter}`)
      await Promise.all(labels.map(label => put(fresh, label)))
      expected.push(...labels)
      expect(await notes(fresh)).toEqual(expected.toSorted())
      expect(await notes(await reopen(alice))).toEqual(expected.toSorted())
    }
  })
})
