/** Exports in memory, as files by path, and given back as the files of a folder. */
import type { ExportedFile, ExportForm, SourceFile, Vault } from '#core'
import { fromUtf8 } from '#crypto'
import { kinds, type Json, type RecordValue } from '#vocab'

export type Files = Map<string, Uint8Array<ArrayBuffer>>

export async function exported(vault: Pick<Vault, 'export'>, form: ExportForm = 'source'): Promise<Files> {
  return collect(vault.export(form))
}

export async function collect(files: AsyncIterable<ExportedFile>): Promise<Files> {
  const found: Files = new Map()
  for await (const { path, body } of files) {
    if (found.has(path)) throw new Error(`twice: ${path}`)
    found.set(path, new Uint8Array(await new Response(body as BodyInit).arrayBuffer()))
  }
  return found
}

export const folderOf = (files: Files, root = '/tmp/out/'): SourceFile[] =>
  Array.from(files, ([path, bytes]) => ({ name: path.split('/').at(-1)!, path: root + path, blob: new Blob([bytes]) }))

export const textOf = (files: Files, path: string): string => fromUtf8(files.get(path)!)
export const jsonOf = (files: Files, path: string): Listed => JSON.parse(textOf(files, path)) as Listed

/** With a manifest that fits what the files are now. */
export async function rehashed(of: Files): Promise<Files> {
  const manifest = JSON.parse(Buffer.from(of.get('alveole.json')!).toString()) as {
    collections: { files: { path: string; size: number; sha256: string }[] }[]
  }
  for (const listed of manifest.collections.flatMap(one => one.files)) {
    const bytes = of.get(listed.path)!
    listed.size = bytes.length
    listed.sha256 = Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex')
  }
  return new Map(of).set('alveole.json', Buffer.from(JSON.stringify(manifest)))
}

/** As far as tests look into it. */
export interface Listed {
  form: string
  owner: string
  exported: string
  collections: {
    id: string
    name: string
    files: { path: string; size: number; sha256: string; record?: { id: string; kind: string } }[]
  }[]
}

/** What must be the same after an export was put back elsewhere: all but whose it is, when, and the ids of folders. */
export function comparable(files: Files): unknown {
  const manifest = jsonOf(files, 'alveole.json')
  const contents = [...files].filter(([path]) => path !== 'alveole.json').map(([path, bytes]) => [path, toText(bytes)])
  return {
    form: manifest.form,
    folders: manifest.collections.map(({ name, files: listed }) => [name, listed.toSorted(byPath)]),
    contents: contents.toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1)),
  }
}

/** The same whichever way the values were spelled meanwhile: JSON knows no order of names. */
export function meaning(files: Files): unknown {
  const { collections } = jsonOf(files, 'alveole.json')
  const contents = [...files].filter(([path]) => path !== 'alveole.json')
  return {
    folders: collections.map(({ name }) => name),
    contents: Object.fromEntries(
      contents.map(([path, bytes]) => [path, path.endsWith('.record.json') ? jsonOf(files, path) : toText(bytes)]),
    ),
  }
}

const byPath = (a: { path: string }, b: { path: string }): number => (a.path < b.path ? -1 : 1)
const toText = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

/** A value for each property of a kind that its shape allows. */
export function filled(kindName: string): RecordValue {
  const found = kinds.find(({ name }) => name === kindName)!
  const entries = Object.entries(found.properties).flatMap(([name, { type }]) => {
    const value = EXAMPLES[type]
    return value === undefined ? [] : [[name, value] as const]
  })
  return Object.fromEntries(entries)
}

const EXAMPLES: { [type: string]: Json } = {
  text: 'Ça "va" \\ \n\t☀ 𝒳 <b>',
  note: 'two\r\nlines',
  date: '2020-02-29',
  code: [{ system: 'http://loinc.org', code: '1-8', display: 'é' }, { code: 'b' }],
  quantity: { value: '1.50', unit: 'g', 10: 'ten', 9: 'nine' },
  ref: [{ ref: '0123456789abcdef0123456789abcdef' }, { ref: 'a <b> "c"' }],
  source: { mediaType: 'text/plain', text: 'as it came\n' },
  list: ['one', 'two'],
  table: [{ a: 1, b: [true, null] }],
  place: { latitude: 48.85, longitude: -2.35 },
  flag: false,
  number: 3,
  origin: { file: 'a.json', format: 'fhir', at: '2020-01-01T00:00:00.000Z' },
}
