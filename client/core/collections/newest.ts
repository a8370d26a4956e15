/**
 * The newest records of a folder as a checkpoint of the account lists them (SPEC Q6): enough of them for the first pages of all
 * folders together, so that a cold opening shows one without asking for any folder.
 */
import { fromHex, order, toBase64Url, toHex, type Epoch } from '#crypto'
import type { RecordValue } from '#vocab'
import type { Checkpoint, NewestRow } from '../account-state.ts'
import { byDateOf, isBefore } from '../listing.ts'
import type { CollectionId, RecordId } from '../types.ts'
import { Row, type OwnIndex } from './own-index.ts'

/** Over all folders; of each one more at least, by which it is known what comes after. */
const LISTED = 100
/** Characters. A record that says more ends the list of its folder: an account holds no notes. */
const LONGEST = 512

type Newest = Pick<Checkpoint, 'rows' | 'more'>

export function newestOf(index: OwnIndex): Newest {
  const [best, there] = newest(index.rows())
  const rows = best.map(written)
  const tooLong = rows.findIndex(({ said }) => said.length > LONGEST)
  return tooLong < 0 ? { rows, more: there > rows.length } : { rows: rows.slice(0, tooLong), more: true }
}

/** And how many there are in all. Those that are too old for it are never sorted. */
function newest(rows: Iterable<Row>): [Row[], number] {
  let [best, there]: [Row[], number] = [[], 0]
  let oldest: Row | undefined
  for (const row of rows) {
    if (row.summary.kind === null) continue
    there++
    if (oldest && isBefore(oldest, row, '-date')) continue
    best.push(row)
    if (best.length < 2 * LISTED) continue
    best = best.sort(newestFirst).slice(0, LISTED)
    oldest = best.at(-1)
  }
  return [best.sort(newestFirst).slice(0, LISTED), there]
}

const newestFirst = (a: Row, b: Row): number => byDateOf(b, a)

function written({ id, modified, said, summary: { kind, facets } }: Row): NewestRow {
  return { record: fromHex(id), kind: kind!, modified, facets: [...facets], said: JSON.stringify(said) }
}

/** With `fresh` in the place of what it follows; as many rows are left in all as a first page needs. */
export function cite(checkpoints: readonly Checkpoint[], fresh: Checkpoint): Checkpoint[] {
  const id = toHex(fresh.collection)
  const old = checkpoints.find(({ collection }) => toHex(collection) === id)
  const is = old ? order(fresh.vector, old.vector) : 'after'
  if (is !== 'after' && !(is === 'equal' && isTold(fresh))) return [...checkpoints]
  return bounded([...checkpoints.filter(({ collection }) => toHex(collection) !== id), fresh])
}

/** Whether it lists what it can: no row, and more, is what is said until somebody has looked. */
export const isTold = ({ rows, more }: Newest): boolean => rows.length > 0 || !more

function bounded(checkpoints: readonly Checkpoint[]): Checkpoint[] {
  const listed = checkpoints.map(rowsOf)
  const last = listed.flat().sort(newestFirst)[LISTED - 1]
  if (!last) return [...checkpoints]
  return checkpoints.map((checkpoint, i) => {
    const kept = 1 + listed[i]!.filter(row => !isBefore(last, row, '-date')).length
    return kept < checkpoint.rows.length
      ? { ...checkpoint, rows: checkpoint.rows.slice(0, kept), more: true }
      : checkpoint
  })
}

/** A folder, as far as the account lists it. */
export class ListedFolder {
  readonly id: CollectionId
  readonly index: Pick<OwnIndex, 'row' | 'rows' | 'version'>
  /** The last listed, where there are more. */
  readonly #last: Row | null

  constructor(checkpoint: Checkpoint) {
    this.id = toBase64Url(checkpoint.collection) as CollectionId
    const rows = new Map(rowsOf(checkpoint).map(row => [row.id as string, row]))
    this.#last = checkpoint.more ? ([...rows.values()].at(-1) ?? null) : null
    this.index = { row: id => rows.get(id), rows: () => rows.values(), version: 0 }
  }

  /** Whether a page of the newest that ends with `row` may hold more of this folder than is listed. */
  isShortOf(row: Row | null): boolean {
    return this.#last !== null && (row === null || isBefore(this.#last, row, '-date'))
  }
}

const rowsOf = ({ rows }: Checkpoint): Row[] => rows.map(rowOf)

/** No epoch and no segment: whoever reads the record opens its folder. */
const NOWHERE = { epoch: '' as Epoch, segment: '' }

function rowOf({ record, kind, modified, facets, said }: NewestRow): Row {
  const row = new Row(toHex(record) as RecordId)
  const [all, nothing] = [JSON.parse(said) as RecordValue, {}]
  row.entries = facets.map((facet, i) => ({
    ...NOWHERE,
    record: row.id,
    stamp: modified,
    kind,
    facet,
    brief: { said: i ? nothing : all, words: '' },
  }))
  return row
}
