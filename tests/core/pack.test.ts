/** Cells to sections, sections to segments: nothing lost, nothing twice, sizes as the protocol says. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Epoch, Section } from '#crypto'
import { addToSections, cut, SEGMENT_BYTES, sizeOfSections, type Write } from '../../client/core/collections/pack.ts'

const [OLD, NEW] = ['0000000000000001' as Epoch, '0000000000000002' as Epoch]
const record = (n: number): string => n.toString(16).padStart(32, '0')
const write = (n: number, stamp: number, facet = 'photos/what', size = 100): Write => ({
  record: record(n),
  stamp,
  kind: 'Photo',
  facet,
  properties: { title: 'x'.repeat(size) },
})
const flat = (sections: readonly Section[]) =>
  sections.flatMap(({ epoch, facet, cells }) =>
    cells.map(({ record, stamp }) => `${epoch} ${facet} ${record} ${stamp}`),
  )

describe('adding to sections', () => {
  test('a newer version of the same epoch takes the place of the older; other epochs are left alone', () => {
    const first = addToSections([], OLD, [write(1, 1), write(2, 1)])
    const again = addToSections(first, OLD, [write(1, 2)])
    expect(flat(again).sort()).toEqual([`${OLD} photos/what ${record(1)} 2`, `${OLD} photos/what ${record(2)} 1`])
    const later = addToSections(again, NEW, [write(1, 3)])
    expect(flat(later)).toContain(`${OLD} photos/what ${record(1)} 2`)
    expect(flat(later)).toContain(`${NEW} photos/what ${record(1)} 3`)
  })

  test('the sections given are not changed', () => {
    const first = addToSections([], OLD, [write(1, 1)])
    const kept = structuredClone(first)
    addToSections(first, OLD, [write(1, 2), write(3, 2)])
    expect(first).toEqual(kept)
  })
})

describe('cutting', () => {
  test('keeps every cell once, in whole cells, at most a cell beyond the size', () => {
    const sizes = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 60_000 }), fc.constantFrom('photos/what', 'photos/when')),
      {
        maxLength: 40,
      },
    )
    fc.assert(
      fc.property(sizes, all => {
        const sections = addToSections(
          [],
          OLD,
          all.map(([size, facet], i) => write(i, 1, facet, size)),
        )
        const groups = [...cut(sections)]
        expect(groups.flatMap(flat).sort()).toEqual(flat(sections).sort())
        for (const group of groups) {
          expect(group.every(({ cells }) => cells.length > 0)).toBe(true)
          expect(sizeOfSections(group)).toBeLessThan(SEGMENT_BYTES + 60_000 + 2048)
        }
        for (const group of groups.slice(0, -1)) expect(sizeOfSections(group)).toBeGreaterThanOrEqual(SEGMENT_BYTES)
      }),
      { numRuns: 100 },
    )
  })

  test('nothing makes no segment; one large cell makes one', () => {
    expect([...cut([])]).toEqual([])
    expect([...cut(addToSections([], OLD, [write(1, 1, 'photos/what', 2_000_000)]))]).toHaveLength(1)
  })

  test('each facet stands at most once in a segment', () => {
    const sections = addToSections(
      [],
      OLD,
      Array.from({ length: 500 }, (_, i) => write(i, 1, i % 2 ? 'photos/what' : 'photos/when', 3000)),
    )
    for (const group of cut(sections)) expect(new Set(group.map(({ facet }) => facet)).size).toBe(group.length)
  })
})
