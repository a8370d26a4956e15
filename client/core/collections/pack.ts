/** Turns cells into sections, and sections into segments of about 256 KiB or a tail of about 16 (protocol §5). */
import type { Cell, Epoch, Section } from '#crypto'
import { newer } from './cell-index.ts'

export const SEGMENT_BYTES = 240 * 1024
export const TAIL_BYTES = 16 * 1024
/** Beyond these, the oldest segments move from the head to a page. */
export const HEAD_SEGMENTS = 32

export interface Write extends Cell {
  facet: string
}

const sizeOf = (cell: Cell): number => sizeOfJson(cell.properties) + cell.kind.length + 32

/** Near enough: to write the JSON out only to measure it would cost as much as all the rest of packing. */
function sizeOfJson(value: unknown): number {
  if (typeof value === 'string') return value.length + 2
  if (typeof value !== 'object' || value === null) return String(value).length
  if (Array.isArray(value)) return value.reduce((size: number, child) => size + sizeOfJson(child) + 1, 2)
  let size = 2
  for (const name of Object.keys(value)) size += name.length + sizeOfJson((value as Record<string, unknown>)[name]) + 4
  return size
}

export const sizeOfSections = (sections: readonly Section[]): number =>
  sections.reduce((sum, { cells }) => sum + 256 + cells.reduce((size, cell) => size + sizeOf(cell), 0), 0)

/** Adds cells, each to the section of its facet in `epoch`; one that a newer cell of the same section replaces goes. */
export function addToSections(sections: readonly Section[], epoch: Epoch, writes: readonly Write[]): Section[] {
  const bySection = new Map(sections.map(section => [`${section.epoch} ${section.facet}`, section]))
  for (const [facet, cells] of Map.groupBy(writes, write => write.facet)) {
    const key = `${epoch} ${facet}`
    const kept = new Map((bySection.get(key)?.cells ?? []).map(cell => [cell.record, cell]))
    for (const { record, stamp, kind, properties } of cells) {
      const [cell, old] = [{ record, stamp, kind, properties }, kept.get(record)]
      if (!old || newer(cell, old)) kept.set(record, cell) // another device may have been later, and first to commit
    }
    bySection.set(key, { epoch, facet, cells: [...kept.values()] })
  }
  return [...bySection.values()]
}

/** Sections of one epoch and facet become one; of a record's cells in it the newest stays. */
export function mergeSections(sections: readonly Section[]): Section[] {
  const merged = new Map<string, { epoch: Epoch; facet: string; cells: Map<string, Cell> }>()
  for (const { epoch, facet, cells } of sections) {
    const name = `${epoch} ${facet}`
    const section = merged.get(name) ?? { epoch, facet, cells: new Map() }
    merged.set(name, section)
    for (const cell of cells) {
      const old = section.cells.get(cell.record)
      if (!old || newer(cell, old)) section.cells.set(cell.record, cell)
    }
  }
  return [...merged.values()].map(({ epoch, facet, cells }) => ({ epoch, facet, cells: [...cells.values()] }))
}

/** Cuts sections into groups, each of which makes one segment. Whole cells only: a large one makes a large segment. */
export function* cut(sections: readonly Section[], target = SEGMENT_BYTES): Generator<Section[]> {
  let [group, size]: [Section[], number] = [[], 0]
  for (const { epoch, facet, cells } of sections) {
    let open: Section | null = null
    for (const cell of cells) {
      if (!open) group.push((open = { epoch, facet, cells: [] }))
      open.cells.push(cell)
      size += sizeOf(cell)
      if (size < target) continue
      yield group
      ;[group, size, open] = [[], 0, null]
    }
  }
  if (group.length) yield group
}
