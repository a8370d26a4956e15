/** `alveole.json`, what an export lists of itself. Its layout is in the README beside. */
import { AlveoleError } from '#crypto'
import type { ProblemReason } from '../formats/problems.ts'
import type { ExportForm } from './files.ts'

export const MANIFEST = 'alveole.json'
export const FORMAT = 'alveole-export'
const VERSION = 1

export interface ListedFile {
  path: string
  size: number
  /** 64 hexadecimal digits. */
  sha256: string
  record?: { id: string; kind: string }
  /** A document that holds the records of the folder. */
  graph?: true
}
export interface ListedCollection {
  id: string
  name: string
  files: ListedFile[]
}
export interface Manifest {
  form: ExportForm
  /** ISO 8601. */
  exported: string
  owner: string
  collections: ListedCollection[]
}

/** What a manifest says first: its format before all, so that the first bytes of the file say what it is. */
export const manifestHead = ({ form, exported, owner }: Omit<Manifest, 'collections'>): object => ({
  format: FORMAT,
  version: VERSION,
  form,
  exported,
  owner,
})

export const looksLikeManifest = (start: Uint8Array): boolean =>
  /^\s*\{\s*"format"\s*:\s*"alveole-export"/.test(new TextDecoder().decode(start.subarray(0, 200)))

/** Throws `bad-file`, its detail saying where and why, on anything that no export of ours is. */
export function decodeManifest(text: string): Manifest {
  const whole = parsed(text)
  if (!isObject(whole) || whole['format'] !== FORMAT) throw bad('syntax')
  const { form, owner, exported, collections } = whole
  if (whole['version'] !== VERSION || !isForm(form)) throw bad('not-restorable')
  if (typeof owner !== 'string' || typeof exported !== 'string' || !Array.isArray(collections)) throw bad('wrong-type')
  const read = collections.map(collectionOf)
  const paths = read.flatMap(({ files }) => files.map(({ path }) => path.toLowerCase()))
  if (new Set(paths).size !== paths.length) throw bad('same-id')
  if (form !== 'source' && !read.every(({ files }) => files.some(({ graph }) => graph))) throw bad('not-restorable')
  return { form, exported, owner, collections: read }
}

const isForm = (form: unknown): form is ExportForm => FORMS.some(one => one === form)
const FORMS: readonly ExportForm[] = ['source', 'jsonld', 'nquads']

function collectionOf(json: unknown): ListedCollection {
  if (!isObject(json) || typeof json['id'] !== 'string' || !Array.isArray(json['files'])) throw bad('wrong-type')
  const name = json['name']
  if (typeof name !== 'string' || !name.trim()) throw bad('wrong-type')
  return { id: json['id'], name, files: json['files'].map(fileOf) }
}

function fileOf(json: unknown): ListedFile {
  if (!isObject(json)) throw bad('wrong-type')
  const { path, size, sha256, record } = json
  if (typeof path !== 'string' || !isPath(path)) throw bad('bad-path')
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) throw bad('wrong-type', path)
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) throw bad('wrong-type', path)
  if (record === undefined) return { path, size, sha256, ...(json['graph'] === true && { graph: true as const }) }
  if (!isObject(record) || typeof record['kind'] !== 'string' || !isRecordId(record['id']))
    throw bad('wrong-type', path)
  return { path, size, sha256, record: { id: record['id'], kind: record['kind'] } }
}

export const isRecordId = (id: unknown): id is string => typeof id === 'string' && /^[0-9a-f]{32}$/.test(id)

/** Relative, and down only, on every system. */
export const isPath = (path: string): boolean =>
  path.length <= 1024 &&
  !/[\\:\u0000-\u001f]/.test(path) &&
  path.split('/').every(step => step !== '' && step !== '.' && step !== '..')

export const isObject = (json: unknown): json is { [name: string]: unknown } =>
  typeof json === 'object' && json !== null && !Array.isArray(json)

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new AlveoleError('bad-file', 'not JSON', { cause, detail: { where: MANIFEST, reason: 'syntax' } })
  }
}

const bad = (reason: ProblemReason, where = MANIFEST): AlveoleError =>
  new AlveoleError('bad-file', `${where}: ${reason}`, { detail: { where, reason } })
