/**
 * What a format reader gives: drafts of records, problems with their place, progress. A reader never crashes on odd
 * input and loses nothing in silence: what cannot be read at all is an AlveoleError `bad-file` whose detail says
 * file, where and reason; what can be read in part gives drafts and problems.
 */
import type { RecordValue } from '#vocab'
import type { ProblemReason } from './problems.ts'

/** A file to read. Its blob is sliced or streamed, so that size is no matter of memory alone. */
export interface SourceFile {
  name: string
  /** With the folders that it was found in, where it came with others. */
  path?: string
  blob: Blob
  lastModified?: number
}

/** What a person calls it. */
export const calledBy = ({ path, name }: SourceFile): string => path ?? name

export interface Attachment {
  /** The property that receives the BlobRef. */
  property: string
  blob: Blob
  name: string
  mediaType: string
}

export interface Draft {
  kind: string
  /** References to other drafts are `{ref: identity}`, replaced by record ids on import. */
  value: RecordValue
  /** Stable name of this content: the same content read again has the same identity, whatever the file is called. */
  identity: string
  attachments?: Attachment[]
  /** Kept whole, type without a kind of its own. */
  raw?: boolean
}

export interface Problem {
  /** Place in the file: 'line 12', 'entry[3].resource', 'byte 4096'. */
  where: string
  reason: ProblemReason
}

export type Item =
  | { draft: Draft }
  | { problem: Problem }
  /** The same content again in one file: one record, said here so that counts add up. */
  | { duplicate: { identity: string; where: string } }
  | { progress: number }

export interface Format {
  name: string
  /** By content, from the first bytes of the file; never by name alone. */
  recognises(start: Uint8Array, file: SourceFile): boolean
  read(file: SourceFile, signal?: AbortSignal): AsyncIterable<Item>
}
