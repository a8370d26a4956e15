/**
 * Which versions of a cell still serve somebody when segments are sealed anew (protocol §4, Compaction; A30): the newest, and an
 * older one while some grant opens it and no newer. Whatever is not sure stays.
 */
import type { Cell, Epoch, OwnerPart, Section } from '#crypto'
import { epochName } from '#crypto'
import { isWithin } from '#vocab'
import { newer } from './cell-index.ts'
import { opens, type Decision, type Wanted } from './epochs.ts'
import type { OwnIndex } from './own-index.ts'

interface Version {
  cell: Cell
  epoch: Epoch
}

/** The sections without the cells that nobody needs; `erased` records go entirely, but for the word that they are deleted. */
export function withoutSuperseded(
  sections: readonly Section[],
  index: OwnIndex,
  { wanted, others }: Decision,
  { epochs, withheld }: OwnerPart,
  erased: ReadonlySet<string>,
): Section[] {
  const versions = versionsIn(sections)
  const byName = new Map(epochs.map(epoch => [epochName(epoch.id), epoch]))
  const reads = ({ facets, ...grant }: Wanted, facet: string, epoch: Epoch): boolean => {
    const entry = byName.get(epoch)
    const covers = facets.some(one => isWithin(facet, one))
    return covers && (!entry || opens({ facets, ...grant }, entry, withheld))
  }
  const serves = (facet: string, { cell, epoch }: Version): boolean => {
    if (erased.has(cell.record)) return cell.properties === null
    const later = laterEpochs(facet, cell, versions, index)
    if (!later.length || others) return true
    return wanted.some(
      grant => reads(grant, facet, epoch) && (isUnsure(grant) || !later.some(newest => reads(grant, facet, newest))),
    )
  }
  return sections
    .map(({ epoch, facet, cells }) => ({
      epoch,
      facet,
      cells: cells.filter(cell => serves(facet, { cell, epoch })),
    }))
    .filter(({ cells }) => cells.length)
}

const isUnsure = ({ checked, suspended, giving }: Wanted): boolean => !checked || suspended || giving

const nameOf = (facet: string, record: string): string => `${record} ${facet}`

function versionsIn(sections: readonly Section[]): Map<string, Version[]> {
  const versions = new Map<string, Version[]>()
  for (const { epoch, facet, cells } of sections) {
    for (const cell of cells) {
      const name = nameOf(facet, cell.record)
      const known = versions.get(name)
      if (known) known.push({ cell, epoch })
      else versions.set(name, [{ cell, epoch }])
    }
  }
  return versions
}

/** Of later versions of the same cell: those at hand, and the newest that there is. */
function laterEpochs(
  facet: string,
  cell: Cell,
  versions: ReadonlyMap<string, readonly Version[]>,
  index: OwnIndex,
): Epoch[] {
  const atHand = versions.get(nameOf(facet, cell.record)) ?? []
  const later = atHand.filter(other => other.cell !== cell && newer(other.cell, cell)).map(({ epoch }) => epoch)
  const standing = index.row(cell.record)?.entries.find(entry => entry.facet === facet)
  return standing && standing.stamp > cell.stamp ? [...later, standing.epoch] : later
}
