/** Between writes and their queued form (SPEC D4), and what of it the newest state of a collection still lacks (D5). Pure. */
import { concat, fromBase64Url, fromHex, hash, toHex, type Cell, type QueuedWrite } from '#crypto'
import { DELETED, newer, type CellIndex } from './collections/cell-index.ts'
import type { Write } from './collections/pack.ts'
import type { CollectionId, RecordId } from './types.ts'

/** `there`: the cells of these records, those that wait already among them; `isKnown`: whether the pod has some of a record. */
export function queuedOf(
  collection: CollectionId,
  at: number,
  writes: readonly Write[],
  there: CellIndex,
  isKnown: (record: string) => boolean,
): QueuedWrite {
  const records = [...Map.groupBy(writes, ({ record }) => record)]
  const rest = records.flatMap(([record, written]) =>
    there
      .cells(record as RecordId)
      .filter(({ facet, properties }) => properties && !written.some(cell => cell.facet === facet)),
  )
  return {
    collection: fromBase64Url(collection),
    at,
    known: records.map(([record]) => record).filter(isKnown), // one that waits with its first change is not gone
    sections: [...sectionsOf(writes, true), ...sectionsOf(rest, false)],
  }
}

const sectionsOf = (cells: readonly Write[], isWritten: boolean): QueuedWrite['sections'] =>
  [...Map.groupBy(cells, ({ facet }) => facet)].map(([facet, all]) => ({
    facet,
    isWritten,
    cells: all.map(({ record, stamp, kind, properties }): Cell => ({ record, stamp, kind, properties })),
  }))

export const writtenBy = ({ sections }: QueuedWrite): Write[] => cellsOf(sections.filter(({ isWritten }) => isWritten))

const cellsOf = (sections: QueuedWrite['sections']): Write[] =>
  sections.flatMap(({ facet, cells }) => cells.map(cell => ({ ...cell, facet })))

export const deletedBy = (write: QueuedWrite): Set<string> =>
  new Set(
    writtenBy(write)
      .filter(({ kind }) => kind === DELETED)
      .map(({ record }) => record),
  )

/** Milliseconds, of the 180 days that a tombstone is kept (SPEC G9): clocks may be a season apart. */
const TRUSTED = 90 * 24 * 3600_000

/**
 * The cells that are to be written; none: it is done, or overtaken. `deleted`: what this device deletes itself, in this queue. `device`
 * names the copies of what another one deleted meanwhile. What waited for so long that the word of a deletion may be gone is a copy
 * wherever its record is not there, be it that it was sent before, its program died of it, and somebody deleted it.
 */
export function lacking(
  write: QueuedWrite,
  index: CellIndex,
  deleted: ReadonlySet<string>,
  device: Uint8Array,
  now: number,
): Write[] {
  const isOld = write.at + TRUSTED < now
  const known = new Set(write.known)
  const written = Map.groupBy(writtenBy(write), ({ record }) => record)
  return [...written].flatMap(([record, cells]) => {
    const there = index.cells(record as RecordId).length > 0
    if (deleted.has(record)) {
      const tombstones = cells.filter(({ kind }) => kind === DELETED)
      return newest(index, tombstones) // also of what never arrived: it may come yet, from here or from elsewhere
    }
    if (!index.isDeleted(record as RecordId) && (there || !(isOld || known.has(record)))) return newest(index, cells)
    const whole = cellsOf(write.sections).filter(cell => cell.record === record && cell.properties)
    const copy = copyOf(record, index, device)
    return newest(
      index,
      whole.map(cell => ({ ...cell, record: copy })),
    )
  })
}

/** Without those that are there already, or that something later replaced: what was sent twice counts once. */
const newest = (index: CellIndex, cells: readonly Write[]): Write[] =>
  cells.filter(cell => {
    const old = index.cells(cell.record as RecordId).find(({ facet }) => facet === cell.facet)
    return !old || newer(cell, old)
  })

/** The name of a copy of a record. */
export const copyName = (record: string, device: Uint8Array): string =>
  toHex(hash(concat(fromHex(record), device)).subarray(0, 16))

function copyOf(record: string, index: CellIndex, device: Uint8Array): string {
  const copy = copyName(record, device)
  return index.isDeleted(copy as RecordId) ? copyOf(copy, index, device) : copy
}
