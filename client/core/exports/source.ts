/** The restorable form: each record as JSON, its files and what it was read from beside it, as they came. */
import { utf8 } from '#crypto'
import type { VaultRecord } from '../types.ts'
import { baseOf, withoutFiles, type Attached, type ExportedFile, type Place } from './files.ts'

export const isSource = (value: unknown): value is { mediaType: string; text: string } =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as { text?: unknown }).text === 'string' &&
  typeof (value as { mediaType?: unknown }).mediaType === 'string'

export async function* sourceFiles(
  place: Place,
  record: VaultRecord,
  open: (file: Attached) => Promise<ExportedFile>,
): AsyncGenerator<ExportedFile> {
  const { id, kind, modified } = record
  const base = `${baseOf(place, record)}${id}.`
  const { value, files } = withoutFiles(place, record)
  for (const file of files) yield await open(file)
  for (const [property, content] of Object.entries(value)) {
    if (!isSource(content)) continue
    const between = property === 'source' ? '' : `${property}.`
    yield bytes(`${base}${between}${extension(content.mediaType)}`, utf8(content.text))
  }
  const told = {
    id,
    kind,
    modified: new Date(modified).toISOString(),
    value,
    files: files.map(({ at, path, ref: { name, mediaType } }) => ({ at, path, name, mediaType })),
  }
  yield { ...bytes(`${base}record.json`, utf8(`${JSON.stringify(told, null, 2)}\n`)), record: { id, kind } }
}

const bytes = (path: string, body: Uint8Array): ExportedFile => ({ path, body, size: body.length })

const EXTENSIONS: { [mediaType: string]: string } = {
  'application/fhir+json': 'fhir.json',
  'text/vnd.familysearch.gedcom': 'ged',
}
const extension = (mediaType: string): string =>
  EXTENSIONS[mediaType] ?? (mediaType.includes('json') ? 'json' : mediaType.includes('gedcom') ? 'ged' : 'txt')
