/** JSON Pointers (RFC 6901): stored files taken out of a value, null left in their place, and put back. */
import type { Json, RecordValue } from '#vocab'
import { isBlob } from '../blob-refs.ts'
import type { BlobRef } from '../types.ts'

interface Taken {
  /** `/original`, `/pages/0`. */
  at: string
  ref: BlobRef
}

const escape = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1')
const unescape = (token: string): string => token.replaceAll('~1', '/').replaceAll('~0', '~')

/** The names that a pointer goes along. */
export const stepsOf = (at: string): string[] => at.split('/').slice(1).map(unescape)

export function takeFiles(value: RecordValue): { value: RecordValue; files: Taken[] } {
  const files: Taken[] = []
  const visit = (json: Json, at: string): Json => {
    if (isBlob(json)) return files.push({ at, ref: json }) && null
    if (Array.isArray(json)) return json.map((item, index) => visit(item, `${at}/${index}`))
    if (json === null || typeof json !== 'object') return json
    const entries = Object.entries(json).map(([name, child]) => [name, visit(child, `${at}/${escape(name)}`)] as const)
    return Object.fromEntries(entries)
  }
  return { value: visit(value, '') as RecordValue, files }
}

/** Whether a stored file was there: null, and the value's own. */
export const isPlace = (value: RecordValue, at: string): boolean => {
  const [holder, last] = holderOf(value, at)
  return own(holder, last) === null
}

/** null where stored files are told of; a place that is not there is none. The value given is changed. */
export function clearPlaces(value: RecordValue, places: readonly string[]): void {
  for (const at of places) {
    const [holder, last] = holderOf(value, at)
    if (own(holder, last) !== undefined) Object.assign(holder as object, { [last]: null })
  }
}

/** Into places that are there; the value given is changed. */
export function putFiles(value: RecordValue, files: readonly { at: string; ref: object }[]): RecordValue {
  for (const { at, ref } of files) {
    const [holder, last] = holderOf(value, at)
    Object.assign(holder as object, { [last]: { ...ref } })
  }
  return value
}

function holderOf(value: RecordValue, at: string): [holder: Json | undefined, last: string] {
  const steps = stepsOf(at)
  const last = steps.pop() ?? ''
  return [steps.reduce<Json | undefined>((json, step) => own(json, step), value), last]
}

const own = (json: Json | undefined, step: string): Json | undefined =>
  typeof json === 'object' && json !== null && Object.hasOwn(json, step)
    ? (json as { [name: string]: Json })[step]
    : undefined
