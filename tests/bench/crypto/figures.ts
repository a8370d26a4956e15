/** All times of the crypto bench, in Node and, bundled, in a browser. */
import { blobTimes, type BlobTimes } from './blobs.ts'
import { keyTimes, type KeyTimes } from './keys.ts'
import { recordTimes, type RecordTimes } from './records.ts'

/** Cells, as JSON: of records imported with the resource that each came from, and of records as people enter them. */
export interface Inputs {
  imported: string
  entered: string
}

export interface Figures {
  blobs: BlobTimes
  records: { [set in keyof Inputs]: RecordTimes }
  keys: KeyTimes
}

export const figures = async ({ imported, entered }: Inputs): Promise<Figures> => ({
  blobs: await blobTimes(),
  records: { imported: await recordTimes(imported), entered: await recordTimes(entered) },
  keys: await keyTimes(),
})
