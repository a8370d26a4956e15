/** [Q6] A page of the newest over all folders, out of the account; and that it is the page that the folders themselves give. */
import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import type { CollectionId, Query, RecordRow, Vault } from '#core'
import { toHex } from '#crypto'
import { partsOf } from '../../client/core/vault.ts'
import { faultyPod } from './faulty-pod.ts'
import { folder, reopen, secondDevice, world, type Member, type World } from './world.ts'

const FOLDERS = 60
const NEWEST: Query = { order: '-date', limit: 50 }

const dated = (date: string, note = date) => ({ kind: 'Immunization', value: { date, note } })
const day = (n: number): string => new Date(Date.UTC(2000, 0, 1 + n)).toISOString().slice(0, 10)
const shown = (rows: readonly RecordRow[]) =>
  rows.map(({ id, date, label, facets, kind }) => [id, date, label, facets, kind])
/** What the folders say, each opened. */
const byFolders = async (vault: Vault, query: Query): Promise<RecordRow[]> => {
  await vault.collections.openAll()
  return vault.records.list(query)
}
const checkpointsOf = (vault: Vault) => partsOf(vault).context.account.state.checkpoints
const listedIn = (vault: Vault): string[] =>
  checkpointsOf(vault).flatMap(({ rows }) => rows.map(({ record }) => toHex(record)))

let around: World
let alice: Member
let folders: CollectionId[]

beforeEach(async () => {
  around = world()
  alice = await around.member('alice')
  folders = []
})

async function fill(count: number, records: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    folders.push(await folder(alice.vault, `folder ${n}`))
    const many = Array.from({ length: records }, (_, i) => dated(day((n * 7 + i * 13) % 900), `${n} ${i}`))
    await alice.vault.records.putAll(many, folders.at(-1)!)
  }
  await alice.vault.settle()
}

async function cold(): Promise<{ vault: Vault; asks: (work: () => Promise<unknown>) => Promise<string[]> }> {
  const pod = faultyPod(alice.around.pod)
  const vault = await reopen(alice, pod)
  return {
    vault,
    asks: async work => {
      const from = pod.requests.length
      await work()
      return pod.requests.slice(from)
    },
  }
}

describe('what it costs', () => {
  test('a first page over sixty folders, cold: nothing beyond the opening', async () => {
    await fill(FOLDERS, 20)
    const { vault, asks } = await cold()
    let page: RecordRow[] = []
    expect(await asks(async () => (page = await vault.records.list(NEWEST)))).toEqual([])
    expect(page).toHaveLength(50)
    expect(shown(page)).toEqual(shown(await byFolders(vault, NEWEST)))
  })

  test('the account lists a hundred, and one of each folder, whatever there is', async () => {
    await fill(FOLDERS, 20)
    const rows = checkpointsOf(alice.vault).map(one => one.rows.length)
    expect(Math.min(...rows)).toBeGreaterThan(0)
    expect(rows.reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(100 + FOLDERS)
  })

  test('a later page opens the folders that reach into it', async () => {
    await fill(3, 100)
    const { vault, asks } = await cold()
    const later = { ...NEWEST, offset: 120 }
    expect(await asks(() => vault.records.list(later))).not.toEqual([])
    expect(shown(await vault.records.list(later))).toEqual(shown(await byFolders((await cold()).vault, later)))
  })

  test('a record of that page: its folder and its segment alone', async () => {
    await fill(FOLDERS, 20)
    const { vault, asks } = await cold()
    const [first] = await vault.records.list(NEWEST)
    const asked = await asks(() => vault.records.get(first!.id))
    expect(asked.filter(line => !line.includes(first!.collection))).toEqual([])
  })

  test('only what the page may hold more of is opened', async () => {
    const [newest, older, oldest] = [
      await folder(alice.vault, 'a'),
      await folder(alice.vault, 'b'),
      await folder(alice.vault, 'c'),
    ]
    const many = (from: number) => Array.from({ length: 100 }, (_, i) => dated(day(from + i)))
    const ids = await alice.vault.records.putAll(many(2000), newest)
    await alice.vault.records.putAll(many(1000), older)
    await alice.vault.records.putAll([dated(day(1))], oldest)
    await alice.vault.settle()
    for (const id of ids.slice(70)) await alice.vault.records.remove(id)
    await alice.vault.settle()
    const { vault, asks } = await cold()
    const asked = await asks(() => vault.records.list({ ...NEWEST, limit: 80 }))
    expect(asked.filter(line => line.includes('head.alv'))).toEqual([expect.stringContaining(older)])
  })
})

describe('what it shows', () => {
  test('a write of this device that no account cites yet', async () => {
    await fill(3, 3)
    const id = await alice.vault.records.put('Immunization', { date: day(3000) }, { collection: folders[1]! })
    const { vault } = await cold() // as after a crash: nothing was settled
    expect((await vault.records.list(NEWEST))[0]?.id).toBe(id)
  })

  test('what another device settled, and nothing of what it deleted', async () => {
    await fill(3, 3)
    const { vault } = await secondDevice(alice)
    const id = await vault.records.put('Immunization', { date: day(3000) }, { collection: folders[1]! })
    const [, gone] = await vault.records.list(NEWEST)
    await vault.records.remove(gone!.id)
    await vault.settle()
    const page = (await (await cold()).vault.records.list(NEWEST)).map(row => row.id)
    expect(page[0]).toBe(id)
    expect(page).not.toContain(gone!.id)
  })

  test('a device that settles late takes nothing back', async () => {
    await fill(2, 2)
    const second = await secondDevice(alice)
    await alice.vault.records.put('Immunization', { date: day(3000) }, { collection: folders[0]! })
    const id = await second.vault.records.put('Immunization', { date: day(3001) }, { collection: folders[0]! })
    await second.vault.settle()
    await alice.vault.settle()
    expect((await (await cold()).vault.records.list(NEWEST))[0]?.id).toBe(id)
  })

  test('a record that is erased is in the account no more', async () => {
    await fill(2, 2)
    const [first] = await alice.vault.records.list(NEWEST)
    await alice.vault.records.erase(first!.id)
    const { vault } = await cold()
    expect(listedIn(vault)).not.toContain(first!.id)
    expect(listedIn(vault)).toHaveLength(3)
  })

  test('an empty folder, and one whose newest record says too much for an account', async () => {
    await fill(1, 2)
    const [empty, long] = [await folder(alice.vault, 'empty'), await folder(alice.vault, 'long')]
    const id = await alice.vault.records.put('Immunization', { note: 'x' }, { collection: empty })
    await alice.vault.records.remove(id)
    const told = { taken: day(3000), title: 'long '.repeat(200) }
    const newest = await alice.vault.records.put('Photo', told, { collection: long })
    await alice.vault.settle()
    const { vault } = await cold()
    const page = await vault.records.list(NEWEST)
    expect(page.map(row => row.id)).toContain(newest)
    expect(page).toHaveLength(3)
    expect(listedIn(vault)).not.toContain(newest)
  })
})

const anyChange = fc.record({
  what: fc.constantFrom('add', 'add', 'add', 'remove', 'change'),
  folder: fc.nat(3),
  at: fc.nat(40),
  device: fc.nat(1),
  settles: fc.boolean(),
})
const anyQuery: fc.Arbitrary<Query> = fc.record(
  {
    kind: fc.constantFrom('Immunization', 'Condition'),
    facet: fc.constantFrom('health/immunizations', 'health', 'photos'),
    from: fc.nat(40).map(day),
    to: fc.nat(40).map(n => day(n).slice(0, 7)),
    offset: fc.nat(30),
    order: fc.constant('-date' as const),
    limit: fc.integer({ min: 1, max: 90 }),
  },
  { requiredKeys: ['order', 'limit'] },
)

test('of any history of two devices, any page is the one that the folders give', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyChange, { maxLength: 30 }),
      fc.array(anyQuery, { minLength: 3 }),
      async (changes, queries) => {
        around = world()
        alice = await around.member('alice')
        folders = []
        await fill(4, 45)
        const devices = [alice, await secondDevice(alice)]
        for (const { what, folder: n, at, device, settles } of changes) {
          const { vault } = devices[device]!
          around.pass(31_000)
          const collection = folders[n]!
          const rows = await vault.records.list({ collection })
          const { id } = rows[at % rows.length]!
          const value = { date: day(at) }
          if (what === 'add') await vault.records.put('Immunization', value, { collection })
          else if (what === 'remove') await vault.records.remove(id)
          else await vault.records.put('Immunization', value, { collection, id })
          if (settles) await vault.settle()
        }
        for (const { vault } of devices) await vault.settle()
        for (const query of queries) {
          const [{ vault }, { vault: other }] = [await cold(), await cold()]
          expect(shown(await vault.records.list(query))).toEqual(shown(await byFolders(other, query)))
        }
      },
    ),
    { numRuns: 8 },
  )
}, 120_000)
