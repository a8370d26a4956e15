/**
 * De-identified copies (SPEC Z5–Z7): of each cell what the vocabulary calls safe, under pseudonyms, stamped when it is sealed; files
 * stored anew under new keys. Facets stay those of the original, so that nothing sensitive leaves its facet with the words that said so.
 */
import { deidentified, type RecordValue } from '#vocab'
import { blobsIn, isBlob } from '../blob-refs.ts'
import type { BlobMeta } from '../blobs/store-blob.ts'
import { replaced } from '../blobs/reencrypt.ts'
import type { Placed } from '../collections/cell-index.ts'
import type { Write } from '../collections/pack.ts'
import type { BlobRef, RecordId } from '../types.ts'
import type { Copying } from './copying.ts'
import { filePseudonym, recordPseudonym } from './pseudonyms.ts'

export interface Pseudonymous {
  key: Uint8Array
  /** All that are chosen: references to others go. */
  records: ReadonlySet<string>
  /** One for all that is written together: it tells no order. */
  stamp(): number
  /** Reads a file of the original and stores it anew in the copy's folder. */
  storeFile(ref: BlobRef, meta: BlobMeta, from: string): Promise<BlobRef>
}

export function deidentifiedCopying({ key, records, stamp, storeFile }: Pseudonymous): Copying {
  const idOf = (record: RecordId): RecordId => recordPseudonym(key, record)
  const refOf = (record: string): string | null => (records.has(record) ? idOf(record as RecordId) : null)
  const safe = ({ kind, properties }: Placed): RecordValue =>
    properties ? deidentified(kind, properties as RecordValue, { refOf, isFile: isBlob }) : {}

  /** By the name that its copy would have: what is there stays, so that nothing is stored twice. */
  const files = async (value: RecordValue, current: readonly Placed[], from: string): Promise<RecordValue> => {
    const there = new Map(current.flatMap(cell => blobsIn(cell.properties)).map(ref => [ref.name, ref]))
    const anew = new Map<string, BlobRef>()
    for (const ref of blobsIn(value)) {
      const name = filePseudonym(key, ref.blob)
      anew.set(
        ref.blob,
        there.get(name) ?? (await storeFile(ref, { name, mediaType: pictureType(ref.mediaType) }, from)),
      )
    }
    return replaced(value, anew) as RecordValue
  }

  return {
    idOf,
    copyFile: async () => undefined, // stored with the cell that refers to it
    writes: async (cells, current, from) => {
      const found: Write[] = []
      for (const cell of cells) {
        const old = current.find(({ facet }) => facet === cell.facet)
        const value = await files(safe(cell), current, from)
        const properties = Object.keys(value).length ? value : null
        const isSame = old?.kind === cell.kind && JSON.stringify(old.properties) === JSON.stringify(properties)
        if (isSame || (!old && !properties) || (!old?.properties && !properties)) continue
        found.push({
          record: idOf(cell.record as RecordId),
          stamp: stamp(),
          kind: cell.kind,
          facet: cell.facet,
          properties,
        })
      }
      return found
    },
  }
}

const PICTURES = new Set([
  'image/jpeg',
  'image/png',
  'image/webp',
  'image/gif',
  'image/heic',
  'image/avif',
  'image/tiff',
])
const pictureType = (mediaType: string): string => (PICTURES.has(mediaType) ? mediaType : 'application/octet-stream')
