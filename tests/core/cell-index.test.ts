/** Merging cells: the order in which a device learns of them, and how often, says nothing about the outcome. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Epoch } from '#crypto'
import type { CollectionId, RecordId } from '#core'
import { CellIndex, DELETED } from '../../client/core/collections/cell-index.ts'

const EPOCH = '0000000000000001' as Epoch
const HERE = 'here' as CollectionId
const ID = '00'.repeat(16) as RecordId
const facets = ['photos/what', 'photos/when', 'photos/where']

const cell = fc.record({
  facet: fc.constantFrom(...facets),
  record: fc.constantFrom('00'.repeat(16), '01'.repeat(16)),
  stamp: fc.integer({ min: 1, max: 4 }),
  kind: fc.constantFrom('Photo', 'File', DELETED),
  properties: fc.option(fc.dictionary(fc.constantFrom('a', 'b'), fc.integer({ min: 0, max: 2 }), { maxKeys: 2 })),
})

const indexOf = (cells: readonly { facet: string; [key: string]: unknown }[]): CellIndex => {
  const index = new CellIndex()
  for (const { facet, ...rest } of cells) index.add(facet, EPOCH, [rest as never])
  return index
}
const seen = (index: CellIndex) => [...index.records(HERE)].sort((a, b) => (a.id < b.id ? -1 : 1))

describe('the cells of a collection', () => {
  test('come in any order and any number of times', () => {
    const shuffled = fc
      .array(cell, { maxLength: 8 })
      .chain(cells =>
        fc.tuple(fc.constant(cells), fc.shuffledSubarray([...cells, ...cells], { minLength: 2 * cells.length })),
      )
    fc.assert(
      fc.property(shuffled, ([cells, others]) => {
        expect(seen(indexOf(others))).toEqual(seen(indexOf(cells)))
      }),
      { numRuns: 2000 },
    )
  })

  test('merged in two halves are what they are merged at once', () => {
    fc.assert(
      fc.property(fc.array(cell), fc.array(cell), (a, b) => {
        expect(seen(indexOf([...b, ...a]))).toEqual(seen(indexOf([...a, ...b])))
      }),
      { numRuns: 500 },
    )
  })

  test('the later stamp wins per facet; facets do not touch each other', () => {
    const index = indexOf([
      { facet: 'photos/what', record: ID, stamp: 5, kind: 'Photo', properties: { title: 'late' } },
      { facet: 'photos/what', record: ID, stamp: 4, kind: 'Photo', properties: { title: 'early' } },
      { facet: 'photos/where', record: ID, stamp: 1, kind: 'Photo', properties: { place: 'Brest' } },
    ])
    expect(index.get(HERE, ID)).toMatchObject({ value: { title: 'late', place: 'Brest' }, modified: 5 })
    expect(index.last).toBe(5)
  })

  test('a property that moved to another facet shows its later value, whichever facet came first', () => {
    const cells = [
      { facet: 'photos/what', record: ID, stamp: 7, kind: 'Photo', properties: { title: 'late' } },
      { facet: 'photos/when', record: ID, stamp: 6, kind: 'Photo', properties: { title: 'early' } },
    ]
    for (const order of [cells, cells.toReversed()])
      expect(indexOf(order).get(HERE, ID)?.value).toEqual({ title: 'late' })
  })

  test('a deletion is final, whatever its stamp and whatever comes later', () => {
    const index = indexOf([
      { facet: 'photos/what', record: ID, stamp: 1, kind: DELETED, properties: null },
      { facet: 'photos/what', record: ID, stamp: 9, kind: 'Photo', properties: { title: 'back' } },
      { facet: 'photos/when', record: ID, stamp: 9, kind: 'Photo', properties: { date: '2020' } },
    ])
    expect(index.get(HERE, ID)).toBe(null)
    expect(index.isDeleted(ID)).toBe(true)
  })

  test('a tombstone of one facet leaves the others', () => {
    const index = indexOf([
      { facet: 'photos/what', record: ID, stamp: 1, kind: 'Photo', properties: { title: 'x' } },
      { facet: 'photos/when', record: ID, stamp: 1, kind: 'Photo', properties: { date: '2020' } },
      { facet: 'photos/what', record: ID, stamp: 2, kind: 'Photo', properties: null },
    ])
    expect(index.get(HERE, ID)).toMatchObject({ facets: ['photos/when'], value: { date: '2020' } })
  })
})
