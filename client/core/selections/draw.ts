/** A new selection as it is asked for, checked before anything is written. */
import { AlveoleError, fromBase64Url, fromHex, random } from '#crypto'
import { isWithin } from '#vocab'
import type { SelectionEntry } from '../account-state.ts'
import type { Collections } from '../collections/collections.ts'
import type { Row } from '../collections/own-index.ts'
import type { CollectionId, RecordId } from '../types.ts'

/** Each is an id in the account, which is written whole at every change. */
const RECORDS = 4096

export interface SelectionTerms {
  records: readonly RecordId[]
  facets: readonly string[]
  /** As its originals are from now on, or as they are now. */
  follow: boolean
  /** Years for dates, regions for places, pseudonyms for names and ids; nothing that names or words people. */
  deidentified: boolean
  /** Stays though nobody is given anything of it. */
  kept: boolean
}

export async function drawSelection(own: Collections, terms: SelectionTerms, now: number): Promise<SelectionEntry> {
  const { facets, follow, deidentified, kept } = terms
  const wanted = [...new Set(terms.records)]
  if (!wanted.length) throw new AlveoleError('usage', 'a selection has records')
  if (wanted.length > RECORDS)
    throw new AlveoleError('too-large', 'too many records for a selection', {
      detail: { field: 'records', count: wanted.length, most: RECORDS },
    })
  const found = await placesOf(own, wanted)
  if (![...found.values()].some(({ row }) => row.summary.facets.some(leaf => facets.some(one => isWithin(leaf, one)))))
    throw new AlveoleError('usage', 'nothing of these records is in these facets')
  const byCollection = Map.groupBy(wanted, record => found.get(record)!.collection)
  return {
    id: random(16),
    created: now,
    follows: follow,
    pseudonyms: deidentified ? random(32) : null,
    kept,
    facets: [...facets],
    originals: [...byCollection].map(([collection, records]) => ({
      collection: fromBase64Url(collection),
      records: records.map(fromHex),
    })),
    state: 'making',
  }
}

async function placesOf(
  own: Collections,
  records: readonly RecordId[],
): Promise<Map<RecordId, { collection: CollectionId; row: Row }>> {
  const open = await own.openAll()
  return new Map(
    records.map(record => {
      for (const { id: collection, index } of open) {
        const row = index.row(record)
        if (row?.summary.kind) return [record, { collection, row }]
      }
      throw new AlveoleError('not-granted', 'no such record', { detail: { record } })
    }),
  )
}
