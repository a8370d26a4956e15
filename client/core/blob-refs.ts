/** References to stored files, wherever in the value of a record they stand. */
import type { BlobRef } from './types.ts'

export type Part = NonNullable<BlobRef['parts']>[number]

export const isBlob = (value: unknown): value is BlobRef =>
  typeof value === 'object' &&
  value !== null &&
  (value as BlobRef).type === 'blob' &&
  typeof (value as BlobRef).key === 'string'

export function blobsIn(value: unknown): BlobRef[] {
  if (typeof value !== 'object' || value === null) return []
  return isBlob(value) ? [value] : Object.values(value).flatMap(blobsIn)
}
