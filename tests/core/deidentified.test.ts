/** [Z5]–[Z7] De-identified selections: pseudonyms, years, regions; nothing of what the rules forbid in the plaintext of any cell. */
import * as fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import type { BlobRef, CollectionId, RecordId, Vault } from '#core'
import { kinds } from '#vocab'
import type { OwnCollection } from '../../client/core/collections/own-collection.ts'
import { telling, valueOf } from '../vocab/values.ts'
import { folder, PURPOSE, DAY, reopen, world, type Member, type World } from './world.ts'

let around: World
let alice: Member
let bob: Member
let health: CollectionId

const PULSE = {
  text: 'Pulse of Zoé',
  codes: [{ system: 'http://loinc.org', code: '8867-4', display: 'Pulse of Zoé' }],
  categories: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' }],
  date: '2024-05-17T10:00:00Z',
  value: { value: '72', unit: '/min' },
  note: 'at the Necker hospital',
  fhirId: 'necker-12',
}
const give = (records: RecordId[], more: { facets?: string[] } = {}) =>
  alice.vault.grants.give({
    to: bob.vault.owner,
    until: new Date(around.clock() + 30 * DAY),
    purpose: PURPOSE,
    records,
    deidentified: true,
    ...more,
  })
const rows = async () => (await bob.vault.views.open(alice.vault.owner)).rows
const copyOf = (vault: Vault, { collections }: { collections: CollectionId[] }): Promise<OwnCollection> =>
  vault.collections.open(collections[0]!)

beforeEach(async () => {
  around = world()
  ;[alice, bob] = [await around.member('alice'), await around.member('bob')]
  health = await folder(alice.vault)
})

describe('[Z6] a de-identified selection', () => {
  test('shows safe fields under pseudonyms, in the facets of the originals, and follows', async () => {
    const patient = await alice.vault.records.put(
      'Patient',
      { familyName: 'Durand', sex: 'female', birthDate: '1980-02-03' },
      { collection: health },
    )
    const pulse = await alice.vault.records.put(
      'Observation',
      { ...PULSE, subject: { ref: patient } },
      { collection: health },
    )
    await give([pulse, patient])
    const found = new Map((await rows()).map(row => [row.kind, row]))
    const [seenPatient, seenPulse] = [found.get('Patient')!, found.get('Observation')!]
    expect(seenPatient.value).toEqual({ sex: 'female', birthDate: '1980' })
    expect(seenPulse.facets).toEqual(['health/vitals/entry'])
    expect(seenPulse.value).toEqual({
      codes: [{ system: 'http://loinc.org', code: '8867-4' }],
      categories: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' }],
      date: '2024',
      value: { value: '72', unit: '/min' },
      subject: { ref: seenPatient.id },
    })
    expect([pulse, patient]).not.toContain(seenPulse.id)
    await alice.vault.records.put(
      'Observation',
      { ...PULSE, value: { value: '80', unit: '/min' } },
      { collection: health, id: pulse },
    )
    const changed = (await rows()).find(({ id }) => id === seenPulse.id)!
    expect(changed.value).toMatchObject({ value: { value: '80' } })
    expect(changed.value['subject']).toBe(undefined)
    await alice.vault.records.remove(pulse)
    expect((await rows()).map(({ kind }) => kind)).toEqual(['Patient'])
  })

  test('[Z7] is not written where a change is of nothing that it shows', async () => {
    const pulse = await alice.vault.records.put('Observation', PULSE, { collection: health })
    const grant = await give([pulse])
    const before = (await copyOf(alice.vault, grant)).state.head
    await alice.vault.records.put(
      'Observation',
      { ...PULSE, note: 'another', date: '2024-06-01' },
      { collection: health, id: pulse },
    )
    expect((await copyOf(alice.vault, grant)).state.head).toBe(before)
  })

  test('[Z5] has one stamp for all that is sealed together, and an order of its own', async () => {
    const values = Array.from({ length: 12 }, (_, at) => ({
      kind: 'Observation',
      value: { ...PULSE, value: { value: `${at}` } },
    }))
    const ids: RecordId[] = []
    for (const value of values) {
      ids.push(...(await alice.vault.records.putAll([value], health)))
      around.pass(1000)
    }
    const orders: string[] = []
    for (let i = 0; i < 2; i++) {
      const copy = await copyOf(alice.vault, await give(ids))
      const cells = (await Array.fromAsync(copy.listed())).flatMap(({ sections }) => sections.flatMap(one => one.cells))
      expect(cells.length).toBe(12)
      expect(new Set(cells.map(({ stamp }) => stamp)).size).toBe(1)
      expect(cells[0]!.stamp).toBeGreaterThanOrEqual(around.clock())
      expect(cells.map(({ record }) => record)).toEqual(cells.map(({ record }) => record).sort())
      orders.push(cells.map(({ properties }) => JSON.stringify(properties?.['value'])).join())
    }
    const original = values.map(({ value }) => JSON.stringify(value.value)).join()
    expect(new Set([original, ...orders]).size).toBe(3) // by chance alike once in 12!
  })

  test('[Z7] stores pictures anew, once, under names and keys of its own', async () => {
    const file = { collection: health, name: 'Zoé in Lyon.jpg', mediaType: 'image/jpeg' }
    const image = await alice.vault.blobs.put(new Blob(['pixels']), file)
    const original = await alice.vault.blobs.put(new Blob(['pixels and place']), file)
    const value = { image: { ...image }, original: { ...original }, taken: '2024-05-17', title: 'Zoé', width: 4 }
    const photo = await alice.vault.records.put('Photo', value, { collection: health })
    const grant = await give([photo])
    const [row] = await rows()
    const ref = row!.value['image'] as never as BlobRef
    expect(row!.value).toEqual({ image: ref, taken: '2024', width: 4 })
    expect([ref.blob, ref.key, ref.name, ref.parts![0]!.name]).not.toContain(image.blob)
    expect(ref.key).not.toBe(image.key)
    expect(ref.name).toMatch(/^[\w-]{22}$/)
    expect(await new Response(bob.vault.views.blob(row!, ref)).text()).toBe('pixels')
    await alice.vault.records.put('Photo', { ...value, taken: '2023-01-01' }, { collection: health, id: photo })
    const [again] = await rows()
    expect(again!.value).toEqual({ image: ref, taken: '2023', width: 4 })
    const url = `${alice.around.pod.storage}alveole/c/${grant.collections[0]!}/`
    const parts = [...around.server.files.keys()].filter(
      one => one.startsWith(url) && one.slice(url.length).includes('/'),
    )
    expect(parts.length).toBe(1)
    await alice.vault.grants.revoke(grant.grant, { reencrypt: true })
    expect(((await alice.vault.records.get(photo))!.value['image'] as never as BlobRef).key).toBe(image.key)
  })

  test('does not loosen what is sensitive: a marked record stays in its facet', async () => {
    const marked = { ...PULSE, labels: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'PSY' }] }
    const record = await alice.vault.records.put('Observation', marked, { collection: health })
    await expect(give([record])).rejects.toMatchObject({ code: 'usage' })
    await expect(give([record], { facets: ['health/mental'] })).rejects.toMatchObject({ code: 'unconfirmed' })
  })
})

test('[Z6] of any record of any kind nothing that tells who, when or where is in the plaintext of the copy', async () => {
  const facets = [...new Set(kinds.flatMap(kind => kind.facets))]
  const anyRecords = fc.tuple(...kinds.map(kind => valueOf(kind).map(value => ({ kind: kind.name, value }))))
  const { vault } = alice
  await fc.assert(
    fc.asyncProperty(anyRecords, async all => {
      const written = all.filter(({ value }) => Object.keys(value).length)
      const records = await vault.records.putAll(written, health)
      const { collection } = await vault.selections.make({ records, deidentified: true, facets })
      const copy = await vault.collections.open(collection)
      const cells = (await Array.fromAsync(copy.listed())).flatMap(({ sections }) => sections.flatMap(one => one.cells))
      const plain = JSON.stringify(cells)
      for (const one of [...records, ...written.flatMap(({ value }) => telling(value))])
        expect(plain).not.toContain(one)
      await vault.selections.end(collection)
    }),
    { numRuns: 20 },
  )
  expect((await (await reopen(alice)).verify()).problems).toEqual([])
})
