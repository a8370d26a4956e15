/**
 * Which versions of a cell still serve somebody when segments are sealed anew (protocol §4, Compaction; A30): the newest, and an
 * older one while some grant opens it and no newer. Whatever is not sure stays.
 */
import type { Cell, Epoch, Section } from '#crypto'
import { epochName } from '#crypto'
import { isWithin } from '#vocab'
import { newer } from './cell-index.ts'
import type { Decision, EpochPlan } from './epochs.ts'
import { compare, type OwnIndex } from './own-index.ts'
import { opens, type Wanted } from './wanted.ts'

interface Version {
  cell: Cell
  epoch: Epoch
}

/** The sections without the cells that nobody needs; `erased` records go entirely, but for the word that they are deleted. */
export function withoutSuperseded(
  sections: readonly Section[],
  index: OwnIndex,
  { wanted, absent }: Decision,
  { owner: { epochs, withheld }, moved }: Pick<EpochPlan, 'owner' | 'moved'>,
  erased: ReadonlySet<string>,
): Section[] {
  const versions = versionsIn(sections)
  const byName = new Map(epochs.map(epoch => [epochName(epoch.id), epoch]))
  const reads = ({ facets, ...grant }: Wanted, facet: string, epoch: Epoch): boolean => {
    const entry = byName.get(epoch)
    const covers = facets.some(one => isWithin(facet, one))
    return covers && (!entry || opens({ facets, ...grant }, entry, withheld))
  }
  /** An epoch that nobody knows takes no older version from anybody. */
  const surely = (grant: Wanted, facet: string, epoch: Epoch): boolean =>
    byName.has(epoch) && reads(grant, facet, epoch)
  const serves = (facet: string, { cell, epoch }: Version): boolean => {
    if (erased.has(cell.record)) return cell.properties === null
    const later = laterEpochs(facet, cell, versions, index).map(name => moved.get(name) ?? name)
    if (!later.length || absent.length) return true
    return wanted.some(
      grant => reads(grant, facet, epoch) && (isUnsure(grant) || !later.some(newest => surely(grant, facet, newest))),
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

/** By facet, of those that several epochs have, and record; where there is one version alone, which is nearly always, it stands for itself. */
type Versions = ReadonlyMap<string, ReadonlyMap<string, Version | Version[]>>

function versionsIn(sections: readonly Section[]): Versions {
  const versions = new Map<string, Map<string, Version | Version[]>>()
  for (const [facet, all] of Map.groupBy(sections, section => section.facet))
    if (all.length > 1) versions.set(facet, versionsOf(all))
  return versions
}

function versionsOf(sections: readonly Section[]): Map<string, Version | Version[]> {
  const versions = new Map<string, Version | Version[]>()
  for (const { epoch, cells } of sections) {
    for (const cell of cells) {
      const known = versions.get(cell.record)
      const version = { cell, epoch }
      if (!known) versions.set(cell.record, version)
      else if (Array.isArray(known)) known.push(version)
      else versions.set(cell.record, [known, version])
    }
  }
  return versions
}

/** Of later versions of the same cell: those at hand, and the newest that there is. */
function laterEpochs(facet: string, cell: Cell, versions: Versions, index: OwnIndex): Epoch[] {
  const atHand = versions.get(facet)?.get(cell.record)
  const later = Array.isArray(atHand)
    ? atHand.filter(other => other.cell !== cell && newer(other.cell, cell)).map(({ epoch }) => epoch)
    : []
  const standing = index.row(cell.record)?.entries.find(entry => entry.facet === facet)
  return standing && compare(standing, cell) > 0 ? [...later, standing.epoch] : later
}
