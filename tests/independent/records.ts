/** SPEC G6, G7: cells, in whatever order they were read, to records. */
import type { Cell } from './segment.ts'

/** A record as its owner, or a grantee, sees it. */
export interface Seen {
  kind: string
  facets: string[]
  value: Record<string, unknown>
}

export class CellsOfRecords {
  readonly #newest = new Map<string, Map<string, Cell>>()

  add(leaf: string, cell: Cell): void {
    const record = this.#newest.get(cell.record) ?? new Map<string, Cell>()
    this.#newest.set(cell.record, record)
    const old = record.get(leaf)
    if (!old || supersedes(cell, old)) record.set(leaf, cell)
  }

  seen(): Map<string, Seen> {
    const all = [...this.#newest].map(([id, facets]) => [id, seen(facets)] as const)
    return new Map(all.flatMap(([id, record]) => (record ? [[id, record] as const] : [])))
  }
}

function supersedes(one: Cell, other: Cell): boolean {
  if ((one.kind === '') !== (other.kind === '')) return one.kind === ''
  if (one.stamp !== other.stamp) return one.stamp > other.stamp
  return JSON.stringify([one.kind, one.properties]) > JSON.stringify([other.kind, other.properties])
}

function seen(facets: Map<string, Cell>): Seen | null {
  const all = [...facets].sort(([a, x], [b, y]) => x.stamp - y.stamp || (a < b ? -1 : 1))
  const shown = all.filter(([, { properties }]) => properties !== null)
  if (!shown.length || all.some(([, { kind }]) => kind === '')) return null
  const value = Object.assign({}, ...shown.map(([, { properties }]) => properties)) as Seen['value']
  return { kind: shown.at(-1)![1].kind, facets: shown.map(([leaf]) => leaf).toSorted(), value }
}
