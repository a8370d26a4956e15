/**
 * What a selection is to hold of a record, given its cells and what the copy has now: only what differs is written. A plain copy is the
 * very cells, stamps and file references, so that devices that copy at the same time write the same.
 */
import type { Placed } from '../collections/cell-index.ts'
import { newer } from '../collections/cell-index.ts'
import type { Write } from '../collections/pack.ts'
import type { BlobRef, RecordId } from '../types.ts'

export interface Copying {
  /** What the copy of a record is called. */
  idOf(record: RecordId): RecordId
  /** Cells to write, of those within the selection's facets, which stand in the folder `from`. */
  writes(cells: readonly Placed[], current: readonly Placed[], from: string): Promise<Write[]>
  /** Stores the file that a cell to be written refers to, where the copy has it not. */
  copyFile(ref: BlobRef, from: string): Promise<void>
}

/** The file stands under one reference in both. */
export const plainCopying = (copyFile: Copying['copyFile']): Copying => ({
  idOf: record => record,
  writes: async (cells, current) => {
    const byFacet = new Map(current.map(cell => [cell.facet, cell]))
    return cells
      .filter(cell => {
        const old = byFacet.get(cell.facet)
        return old ? newer(cell, old) : cell.properties !== null
      })
      .map(({ record, stamp, kind, facet, properties }) => ({ record, stamp, kind, facet, properties }))
  },
  copyFile,
})
