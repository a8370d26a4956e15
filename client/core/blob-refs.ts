/** References to stored files, wherever in the value of a record they stand. No crypto: pages tell a file from another value by it. */
import type { BlobRef } from './types.ts'

export type Part = NonNullable<BlobRef['parts']>[number]

type Members = { [name: string]: unknown }
const isObject = (value: unknown): value is Members => typeof value === 'object' && value !== null
const allText = (of: Members, names: readonly string[]): boolean => names.every(name => typeof of[name] === 'string')
const isPart = (value: unknown): value is Part => isObject(value) && allText(value, ['folder', 'name', 'hash'])

/**
 * Whether it has the shape of one, whoever wrote the record; what it names is checked where it is fetched (A21). An object that
 * only says so is a value like any other (A27).
 */
export const isBlob = (value: unknown): value is BlobRef =>
  isObject(value) &&
  value['type'] === 'blob' &&
  allText(value, ['blob', 'key', 'name', 'mediaType']) &&
  typeof value['size'] === 'number' &&
  (value['parts'] === undefined || (Array.isArray(value['parts']) && value['parts'].every(isPart))) &&
  (value['page'] === undefined || isPart(value['page']))

export function blobsIn(value: unknown): BlobRef[] {
  const found: BlobRef[] = []
  collect(value, found)
  return found
}

function collect(value: unknown, into: BlobRef[]): void {
  if (!isObject(value)) return
  if (isBlob(value)) into.push(value)
  else for (const name of Object.keys(value)) collect(value[name], into)
}
