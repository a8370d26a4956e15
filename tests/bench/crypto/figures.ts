/** All times of the crypto bench, in Node and, bundled, in a browser. */
import type { Write } from '../../../client/core/collections/pack.ts'
import { blobTimes, type BlobTimes } from './blobs.ts'
import { keyTimes, type KeyTimes } from './keys.ts'
import { recordTimes, type RecordTimes } from './records.ts'

export interface Figures {
  blobs: BlobTimes
  records: RecordTimes
  keys: KeyTimes
}

export const figures = async (writes: readonly Write[]): Promise<Figures> => ({
  blobs: await blobTimes(),
  records: await recordTimes(writes),
  keys: await keyTimes(),
})
