/** The records of one folder of an export, each with where it stands and how it is read; nothing is read before its turn. */
import { AlveoleError, fromUtf8, isCode } from '#crypto'
import type { ProblemReason } from '../formats/problems.ts'
import type { ExportForm } from './files.ts'
import { isRecordId, type ListedCollection, type ListedFile } from './manifest.ts'
import { checkRecord, readRecord, type RecordFile } from './record-file.ts'

export interface Entry {
  where: string
  /** null: what stands there is no record. */
  id: string | null
  /** Of its text, in bytes or so. */
  size: number
  /** Throws `bad-file` where it is none that a vault could have. */
  read(): Promise<RecordFile>
}

/** The file, if its bytes are those that the manifest lists; else throws `bad-file`. */
type Check = (file: ListedFile) => Promise<Blob>

/** Of one record's JSON, in bytes. */
const LARGEST = 64 * 1024 * 1024

export async function* entriesOf({ files }: ListedCollection, form: ExportForm, checked: Check): AsyncGenerator<Entry> {
  if (form === 'source') for (const file of files.filter(({ record }) => record)) yield inFile(file, checked)
  else for (const file of files.filter(({ graph }) => graph)) yield* inGraph(file, form, checked)
}

const inFile = (file: ListedFile, checked: Check): Entry => ({
  where: file.path,
  id: file.record!.id,
  size: file.size,
  read: async () => {
    if (file.size > LARGEST) throw bad(file.path, 'too-long')
    const bytes = await (await checked(file)).bytes()
    return readRecord(textOf(bytes, file.path), file)
  },
})

function textOf(bytes: Uint8Array, where: string): string {
  try {
    return fromUtf8(bytes)
  } catch {
    throw bad(where, 'encoding')
  }
}

async function* inGraph(file: ListedFile, form: ExportForm, checked: Check): AsyncGenerator<Entry> {
  const document = await checked(file)
  const { readGraph } = await import('./read-graph.ts') // with a parser, only for who has such an export
  const { recordOf } = await import('./read-record.ts')
  for await (const { size, record } of placed(readGraph(document, form), file.path)) {
    const id = record && isRecordId(record.id) ? record.id : null
    const where = `${file.path} ${id ?? ''}`.trim()
    yield {
      where,
      id,
      size,
      read: async () => {
        if (!record || !id) throw bad(where, 'syntax')
        return checkRecord(
          told(() => recordOf(record)),
          where,
          { id, kind: record.kind },
        )
      },
    }
  }
}

/** What cannot be read at all is told with its place. */
async function* placed<T>(items: AsyncIterable<T>, where: string): AsyncGenerator<T> {
  try {
    yield* items
  } catch (error) {
    if (!isCode(error, 'bad-file')) throw error
    throw bad(where, error.detail['reason'] as ProblemReason)
  }
}

/** JSON that is none is no record. */
function told(read: () => unknown): unknown {
  try {
    return read()
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof URIError) return null
    throw error
  }
}

export const bad = (where: string, reason: ProblemReason): AlveoleError =>
  new AlveoleError('bad-file', `${where}: ${reason}`, { detail: { where, reason } })
