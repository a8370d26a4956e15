/** `record.json`, read by somebody who believes nothing of it: what cannot be a record of a vault is a `bad-file`. */
import { AlveoleError } from '#crypto'
import type { ProblemReason } from '../formats/problems.ts'
import { kind as kindOf, leafOf, type Json, type RecordValue } from '#vocab'
import { blobsIn } from '../blob-refs.ts'
import type { RecordId } from '../types.ts'
import { isObject, type ListedFile } from './manifest.ts'
import { isPlace } from './pointer.ts'

export interface RecordFile {
  id: RecordId
  kind: string
  value: RecordValue
  /** Milliseconds since 1970. */
  modified: number
  files: { at: string; path: string; name: string; mediaType: string }[]
}

/** Levels in one property: what is nested deeper no reader takes from anybody (SPEC G8). */
const DEEPEST = 32
/** The last day that a date can say. */
const LAST = 8.64e15

/** `listed` is what the manifest says that it is. */
export const readRecord = (text: string, { path, record }: ListedFile): RecordFile =>
  checkRecord(parsed(text), path, record)

/** `told`: id and kind that it is to have. */
export function checkRecord(json: unknown, where: string, told: ListedFile['record']): RecordFile {
  const bad = (reason: ProblemReason): AlveoleError =>
    new AlveoleError('bad-file', `${where}: ${reason}`, { detail: { where, reason } })
  if (!isObject(json)) throw bad('syntax')
  const { id, kind, value, files } = json
  const modified = typeof json['modified'] === 'string' ? Date.parse(json['modified']) : Number.NaN
  if (id !== told?.id || kind !== told?.kind || typeof kind !== 'string') throw bad('altered')
  if (!isObject(value) || !Array.isArray(files) || !(modified >= 0 && modified <= LAST)) throw bad('wrong-type')
  if (!isShallow(value, DEEPEST + 1)) throw bad('too-deep')
  const plain = value as RecordValue
  if (!kindOf(kind)) throw bad('no-such-kind')
  if (Object.keys(plain).some(property => leafOf(kind, property, plain) === null)) throw bad('no-such-kind')
  if (blobsIn(plain).length) throw bad('wrong-type') // a reference to what stands in some pod is not ours to make
  if (!files.every(isFile) || !files.every(({ at }) => isPlace(plain, at))) throw bad('wrong-type')
  if (new Set(files.map(({ at }) => at)).size !== files.length) throw bad('same-id')
  return { id: id as RecordId, kind, value: plain, modified, files }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const isFile = (json: unknown): json is RecordFile['files'][number] =>
  isObject(json) && ['at', 'path', 'name', 'mediaType'].every(name => typeof json[name] === 'string')

const isShallow = (json: unknown, levels: number): boolean =>
  typeof json !== 'object' ||
  json === null ||
  (levels > 0 && Object.values(json).every(child => isShallow(child as Json, levels - 1)))
