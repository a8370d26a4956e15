/** Importing twice adds nothing: not on this device, not on another, not after a failure, not with other spelling of the file. */
import { beforeAll, describe, expect, test } from 'vitest'
import type { SourceFile } from '#core'
import { reopen, secondDevice, world, type Member, type World } from './world.ts'

let around: World
let alice: Member
let other: Member
let back: () => void

beforeAll(async () => {
  around = world()
  alice = await around.member('alice')
  other = await secondDevice(alice)
  back = around.save(alice.around.store, other.around.store)
})

const file = (name: string, type: string, text: string): SourceFile => ({ name, type, blob: new Blob([text]) }) as never
const resources = [
  { resourceType: 'Patient', id: 'p', name: [{ family: 'Durand', given: ['Zoé'] }] },
  {
    resourceType: 'Immunization',
    id: 'a',
    status: 'completed',
    vaccineCode: { text: 'BCG' },
    patient: { reference: 'Patient/p' },
  },
  { resourceType: 'Condition', id: 'b', code: { text: 'Asthme' }, subject: { reference: 'Patient/p' } },
]
const bundleOf = (of: object[], space?: number): string =>
  JSON.stringify({ resourceType: 'Bundle', type: 'collection', entry: of.map(resource => ({ resource })) }, null, space)
const fhir = file('bundle.json', 'application/fhir+json', bundleOf(resources))
const text = file('letter.txt', 'text/plain', 'Dear all,')

const idsOf = async (member: Member): Promise<string[]> => {
  const found = await Array.fromAsync((await reopen(member)).records.query())
  return found.map(({ id }) => id).sort()
}

describe('the same file again', () => {
  test.each([
    ['a bundle', fhir, 3],
    ['a plain file', text, 1],
  ] as const)('%s adds nothing', async (_, source, count) => {
    back()
    const vault = await reopen(alice)
    const first = await vault.import([source])
    expect(first.total).toBe(count)
    const ids = await idsOf(alice)
    const second = await vault.import([source])
    expect(second).toMatchObject({ total: 0, files: [{ duplicates: count, problems: [] }] })
    const fresh = await (await reopen(alice)).import([source])
    expect(fresh.total).toBe(0)
    const elsewhere = await (await reopen(other)).import([source])
    expect(elsewhere).toMatchObject({ total: 0, files: [{ duplicates: count }] })
    for (const member of [alice, other]) expect(await idsOf(member)).toEqual(ids)
  })

  test('twice in one import adds it once', async () => {
    back()
    expect((await (await reopen(alice)).import([fhir, fhir, text, text])).total).toBe(4)
  })

  test('in another order and indentation, with one more: adds the one', async () => {
    back()
    const vault = await reopen(alice)
    await vault.import([fhir])
    const more = [...resources.toReversed(), { ...resources[1], id: 'c', vaccineCode: { text: 'ROR' } }]
    const report = await vault.import([file('again.json', 'application/fhir+json', bundleOf(more, 2))])
    expect(report).toMatchObject({ total: 1, files: [{ duplicates: 3 }] })
  })
})

test('two devices that import the same at once add it once', async () => {
  back()
  const vaults = [await reopen(alice), await reopen(other)]
  await Promise.all(vaults.map(vault => vault.import([fhir], { into: 'Health' })))
  const later = await reopen(alice)
  expect((await later.collections.list()).map(({ name }) => name)).toEqual(['Health'])
  expect(await Array.fromAsync(later.records.query())).toHaveLength(3)
  expect((await later.verify()).problems).toEqual([])
})

test('a record deleted after its import does not come back with the file', async () => {
  back()
  const vault = await reopen(alice)
  await vault.import([fhir])
  const [condition] = await Array.fromAsync(vault.records.query({ kind: 'Condition' }))
  await vault.records.remove(condition!.id)
  expect((await vault.import([fhir])).total).toBe(0)
  expect(await Array.fromAsync(vault.records.query({ kind: 'Condition' }))).toEqual([])
})

test('one bad file is told and stops no other', async () => {
  back()
  const broken = file('broken.json', 'application/fhir+json', bundleOf(resources).slice(0, 100))
  const report = await (await reopen(alice)).import([broken, fhir])
  expect(report.total).toBeGreaterThanOrEqual(3)
  expect(
    report.files[0]!.problems.length + report.files[0]!.kept + Object.keys(report.files[0]!.records).length,
  ).toBeGreaterThan(0)
})
