/** What putting, changing and removing a record does to its cells, on one device and after reopening. */
import { beforeEach, describe, expect, test } from 'vitest'
import type { CollectionId, RecordId, Vault } from '#core'
import { faultyPod, type FaultyPod } from './faulty-pod.ts'
import { folder, reopen, world, type Member } from './world.ts'

let alice: Member
let pod: FaultyPod
let vault: Vault
let collection: CollectionId
let back: (() => void) | null = null

beforeEach(async () => {
  if (!back) {
    const around = world()
    alice = await around.member('alice')
    await folder(alice.vault)
    await alice.vault.settle()
    back = around.save(alice.around.store)
  }
  back()
  pod = faultyPod(alice.around.pod)
  vault = await reopen(alice, pod)
  collection = await folder(vault)
})

const put = (kind: string, value: object, id?: RecordId) =>
  vault.records.put(kind, value as never, { collection, ...(id && { id }) })
const again = async (id: RecordId) => (await reopen(alice)).records.get(id)
const written = () => pod.requests.filter(line => line.startsWith('PUT')).length

describe('a record', () => {
  test('comes back as it was put, here and after reopening, its properties under their facets', async () => {
    const value = { form: 'Amoxicilline', start: '2020-01-01', dosage: ['1 g'], note: 'été ☀ 𝒳' }
    const id = await put('Medication', value)
    for (const found of [await vault.records.get(id), await again(id)]) {
      expect(found).toMatchObject({ id, kind: 'Medication', collection, value })
      expect(found!.facets.length).toBeGreaterThan(1)
    }
  })

  test('of an unknown kind or with an unknown property is refused, and nothing is written', async () => {
    await expect(put('Spaceship', {})).rejects.toMatchObject({ code: 'usage' })
    await expect(put('Immunization', { wings: 2 })).rejects.toMatchObject({ code: 'usage' })
    expect(written()).toBe(0)
  })

  test('put with its id again is replaced whole', async () => {
    const id = await put('Immunization', { disease: 'measles', lot: 'A1' })
    expect(await put('Immunization', { disease: 'mumps' }, id)).toBe(id)
    expect((await again(id))?.value).toEqual({ disease: 'mumps' })
  })

  test('that would not change is not written', async () => {
    const id = await put('Immunization', { disease: 'measles', lot: 'A1' })
    const before = written()
    await put('Immunization', { disease: 'measles', lot: 'A1' }, id)
    expect(written()).toBe(before)
  })

  test('whose property goes away loses the facet that held it alone', async () => {
    const id = await put('Medication', { form: 'Amoxicilline', dosage: ['1 g'] })
    const { facets } = (await vault.records.get(id))!
    await put('Medication', { form: 'Amoxicilline' }, id)
    const found = (await again(id))!
    expect(found.value).toEqual({ form: 'Amoxicilline' })
    expect(found.facets.length).toBe(facets.length - 1)
    await put('Medication', { form: 'Amoxicilline', dosage: ['2 g'] }, id)
    expect((await again(id))?.value).toEqual({ form: 'Amoxicilline', dosage: ['2 g'] })
  })

  test('is changed later than it was, even within one millisecond', async () => {
    const id = await put('Immunization', { disease: 'measles' })
    const { modified } = (await vault.records.get(id))!
    await put('Immunization', { disease: 'mumps' }, id)
    expect((await again(id))!.modified).toBeGreaterThan(modified)
  })
})

describe('removing', () => {
  test('is final for the id', async () => {
    const id = await put('Medication', { form: 'Amoxicilline', dosage: ['1 g'] })
    await vault.records.remove(id)
    expect(await vault.records.get(id)).toBe(null)
    expect(await again(id)).toBe(null)
    expect(await Array.fromAsync(vault.records.query())).toEqual([])
    await expect(put('Medication', { form: 'x' }, id)).rejects.toMatchObject({ code: 'refused' })
    const later = await reopen(alice)
    await expect(later.records.put('Medication', {}, { collection, id })).rejects.toMatchObject({ code: 'refused' })
  })

  test('what is not there is told', async () => {
    await expect(vault.records.remove('ab'.repeat(16) as RecordId)).rejects.toMatchObject({ code: 'not-granted' })
    const id = await put('Immunization', { disease: 'measles' })
    await vault.records.remove(id)
    await expect(vault.records.remove(id)).rejects.toMatchObject({ code: 'not-granted' })
  })
})

describe('asking', () => {
  test('by kind, facet, text, order and number', async () => {
    await vault.records.putAll(
      [
        { kind: 'Immunization', value: { disease: 'Rougeole', date: '2020-03-01' } as never },
        { kind: 'Immunization', value: { disease: 'Oreillons', date: '2019-05-01' } as never },
        { kind: 'Condition', value: { note: 'Hépatite' } },
      ].map(({ kind, value }) => ({ kind, value })),
      collection,
    )
    const ask = async (query: Parameters<Vault['records']['query']>[0]) =>
      (await Array.fromAsync(vault.records.query(query))).map(({ value }) => value['disease'] ?? value['note'])
    expect(await ask({ kind: 'Condition' })).toEqual(['Hépatite'])
    expect(await ask({ facet: 'health/immunizations' })).toHaveLength(2)
    expect(await ask({ text: 'hepatite' })).toEqual(['Hépatite'])
    expect(await ask({ kind: 'Immunization', order: 'date' })).toEqual(['Oreillons', 'Rougeole'])
    expect(await ask({ kind: 'Immunization', order: '-date', limit: 1 })).toEqual(['Rougeole'])
    expect(await ask({ limit: 0 })).toEqual([])
  })
})

test('ten thousand records are there, whole, in segments of about 256 KiB, and one head', async () => {
  const records = Array.from({ length: 10_000 }, (_, i) => ({
    kind: 'Immunization',
    value: { note: `vaccin ${i}`, lot: `${i}` },
  }))
  await vault.records.putAll(records, collection)
  const later = await reopen(alice)
  const found = await Array.fromAsync(later.records.query())
  expect(new Set(found.map(({ value }) => value['note'])).size).toBe(10_000)
  expect((await later.verify()).problems).toEqual([])
  expect(written()).toBeLessThan(20)
})

test('many small writes fill tails, segments and pages, and lose nothing', async () => {
  for (let i = 0; i < 60; i++) await put('Immunization', { note: `${i} ${'x'.repeat(9000)}` })
  const later = await reopen(alice)
  const found = await Array.fromAsync(later.records.query())
  expect(
    found.map(({ value }) => Number.parseInt(JSON.stringify(value['note']).slice(1))).sort((a, b) => a - b),
  ).toEqual(Array.from({ length: 60 }, (_, i) => i))
  expect((await later.verify()).problems).toEqual([])
})
