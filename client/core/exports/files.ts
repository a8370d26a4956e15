/** What an export is made of: files by path, and what a record's stored files are called among them. */
import type { RecordValue } from '#vocab'
import type { BlobRef, CollectionInfo, RecordId, VaultRecord } from '../types.ts'
import { apart, safeName } from './names.ts'
import { stepsOf, takeFiles } from './pointer.ts'

export type ExportForm = 'source' | 'jsonld' | 'nquads'

export interface ExportedFile {
  /** Folders and name, separated by slashes; safe on every file system. */
  path: string
  /** To be read to its end before the next file is asked for. */
  body: Uint8Array | ReadableStream<Uint8Array>
  /** In bytes, where it is known before. */
  size?: number
  /** Of a file that holds a record. */
  record?: { id: RecordId; kind: string }
  /** A document of all records of a folder. */
  graph?: true
}

/** A folder of the vault and what it is called outside. */
export interface Place {
  collection: CollectionInfo
  folder: string
}

/** A stored file of a record, as `record.json` tells of it. */
export interface Attached {
  at: string
  path: string
  ref: BlobRef
}

export const baseOf = ({ folder }: Place, { kind }: VaultRecord): string => `${folder}/${kind}/`

/** Without the keys of its files: an export is for people and programs, not for opening pods. */
export function withoutFiles(place: Place, record: VaultRecord): { value: RecordValue; files: Attached[] } {
  const { value, files } = takeFiles(record.value)
  const free = apart()
  const named = files.map(({ at, ref }) => ({ at, ref, path: baseOf(place, record) + free(nameOf(record, at, ref)) }))
  return { value, files: named }
}

function nameOf({ id }: VaultRecord, at: string, { name }: BlobRef): string {
  const property = at === '/original' ? '' : `${safeName(stepsOf(at).join('-'))} `
  return `${id} ${property}${safeName(name)}`
}
