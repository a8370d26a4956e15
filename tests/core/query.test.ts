/** Each part of a query, by itself and together, over one's own records and over what others let us read. */
import { beforeAll, describe, expect, test } from 'vitest'
import type { Query, RecordId, RecordRow, Vault, VaultRecord } from '#core'
import type { RecordValue } from '#vocab'
import { DAY, folder, PURPOSE, world } from './world.ts'

const id = (digits: string): RecordId => digits.repeat(16) as RecordId
const [ZOE, LEO] = [id('0a'), id('0b')]
const condition = (digits: string, value: RecordValue) => ({ kind: 'Condition', id: id(digits), value })
const records = [
  condition('01', { text: 'rougeole', date: '2019' }),
  condition('02', { text: 'fièvre', start: '2020-05', subject: [{ ref: ZOE }] }),
  condition('03', { text: 'Asthme', start: '2020-05-17', subject: [{ ref: ZOE }, { ref: LEO }] }),
  condition('04', { text: 'angine', start: '2021-02-01T10:00:00Z', subject: [{ ref: LEO }], note: 'fièvre' }),
  condition('05', { text: 'sans date', subject: [{ ref: ZOE }] }),
  { kind: 'Immunization', id: id('06'), value: { text: 'BCG', date: '2020-06-01', note: ZOE } }, // a word, no reference
]
const persons = [
  { kind: 'Person', id: ZOE, value: { name: 'Zoé' } },
  { kind: 'Person', id: LEO, value: { name: 'Léo' } },
]

/** The first two digits of each id, as they come. */
type Answer = (query: Query) => Promise<string[]>
const short = (rows: readonly { id: RecordId }[]): string[] => rows.map(row => row.id.slice(0, 2))
const ask: { [way: string]: Answer } = {}
const among = async (query: Query): Promise<{ [way: string]: string[] }> =>
  Object.fromEntries(
    await Promise.all(Object.entries(ask).map(async ([way, answer]) => [way, await answer(query)] as const)),
  )
const everywhere = (expected: string[]) => Object.fromEntries(Object.keys(ask).map(way => [way, expected]))
const unordered = (found: { [way: string]: string[] }) =>
  Object.fromEntries(Object.entries(found).map(([way, ids]) => [way, ids.toSorted()]))

let alice: Vault
beforeAll(async () => {
  const around = world()
  const bob = await around.member('bob')
  alice = (await around.member('alice')).vault
  const [health, family] = [await folder(alice), await folder(alice, 'Family')]
  await alice.records.putAll(records, health)
  await alice.records.putAll(persons, family)
  await alice.grants.give({
    to: bob.vault.owner,
    facets: ['health/problems', 'health/immunizations'],
    until: new Date(around.clock() + 30 * DAY),
    purpose: PURPOSE,
  })
  ask['list'] = async query => short((await alice.records.list(query)) satisfies RecordRow[])
  ask['query'] = async query => short((await Array.fromAsync(alice.records.query(query))) satisfies VaultRecord[])
  ask['view'] = async query => short((await bob.vault.views.open(alice.owner, query)).rows)
})

describe('a date range', () => {
  test.each<[string, Query, string[]]>([
    ['from a year on', { from: '2020' }, ['02', '03', '04', '06']],
    ['up to a year, itself included', { to: '2020' }, ['01', '02', '03', '06']],
    [
      'a day takes in what is only known to the month, or to the year',
      { from: '2020-05-20', to: '2020-05-20' },
      ['02'],
    ],
    ['a month takes in its days', { from: '2020-05', to: '2020-05' }, ['02', '03']],
    ['a day takes in its moments', { from: '2021-02-01', to: '2021-02-01' }, ['04']],
    ['nothing where nothing was', { from: '2022' }, []],
  ])('%s; what has no date is in none', async (_, query, expected) => {
    expect(unordered(await among(query))).toEqual(everywhere(expected))
  })
})

describe('a person', () => {
  test('is their record and what refers to it, not what only says their id', async () => {
    const { view, ...own } = unordered(await among({ person: ZOE }))
    expect(own).toEqual({ list: ['02', '03', '05', '0a'], query: ['02', '03', '05', '0a'] })
    expect(view).toEqual(['02', '03', '05']) // the record itself is not shared
    expect(unordered(await among({ person: LEO, kind: 'Condition' }))).toEqual(everywhere(['03', '04']))
    expect(await among({ person: id('0f') })).toEqual(everywhere([]))
  })
})

describe('order and pages', () => {
  const facet = 'health'
  const newestFirst = ['04', '06', '03', '02', '01', '05']
  test('by date both ways, what has none at the early end', async () => {
    expect(await among({ facet, order: '-date' })).toEqual(everywhere(newestFirst))
    expect(await among({ facet, order: 'date' })).toEqual(everywhere(newestFirst.toReversed()))
  })

  test('pages lie end to end, whatever their size', async () => {
    for (const limit of [1, 2, 4, 6, 7]) {
      const pages = []
      for (let offset = 0; offset < 8; offset += limit)
        pages.push(await among({ facet, order: '-date', offset, limit }))
      for (const way of Object.keys(ask)) expect(pages.flatMap(page => page[way])).toEqual(newestFirst)
    }
  })

  test('an offset without a limit is the rest; beyond the end there is nothing', async () => {
    expect(await among({ facet, order: '-date', offset: 4 })).toEqual(everywhere(['01', '05']))
    expect(await among({ facet, order: '-date', offset: 6 })).toEqual(everywhere([]))
    expect(await among({ facet, order: '-date', limit: 0 })).toEqual(everywhere([]))
  })

  test('over two folders are one order', async () => {
    const second = await folder(alice, 'Second')
    await alice.records.put('Condition', { text: 'entre', start: '2020-05-30' }, { collection: second, id: id('07') })
    const query: Query = { facet: 'health', order: '-date', offset: 1, limit: 3 }
    expect(short(await alice.records.list(query))).toEqual(['06', '07', '03'])
    await alice.records.remove(id('07'))
  })
})

test('all of it together', async () => {
  const query: Query = { text: 'FIEVRE', from: '2020', order: 'date', kind: 'Condition' }
  expect(await among(query)).toEqual(everywhere(['02', '04']))
  expect(await among({ ...query, offset: 1 })).toEqual(everywhere(['04']))
  expect(await among({ ...query, person: ZOE })).toEqual(everywhere(['02']))
  expect(await among({ ...query, to: '2020' })).toEqual(everywhere(['02']))
})
