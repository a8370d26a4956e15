/** An export, recognised by what is in it: a folder with its manifest, a tar of one, or an age file of that. */
import { AlveoleError, fromUtf8 } from '#crypto'
import { badFile, bytesOf } from '../formats/fail.ts'
import type { SourceFile } from '../formats/format.ts'
import type { AgeKeys } from './age.ts'
import { decodeManifest, looksLikeManifest, MANIFEST, type Manifest } from './manifest.ts'
import { looksLikeTar, untar } from './untar.ts'

/** How much of a file is looked at to tell what it is. */
const SAMPLE = 1024
/** Of a manifest: half a million files. */
const LARGEST = 128 * 1024 * 1024

export interface Archive {
  manifest: Manifest
  /** null: not there. */
  file(path: string): Blob | null
  /** Whether one of the files that stand beside is a part of it. */
  has(path: string): boolean
}

export const pathOf = ({ path, name }: SourceFile): string => (path ?? name).replaceAll('\\', '/').normalize('NFC')
/** The folder that a file stands in, with its last slash. */
export const folderOf = (file: SourceFile): string => /^.*\//.exec(pathOf(file))?.[0] ?? ''

const AGE = 'age-encryption.org/v1\n'
export const looksLikeAge = (start: Uint8Array): boolean =>
  new TextDecoder('latin1').decode(start.subarray(0, AGE.length)) === AGE

/** null: not an export. An age file is looked into where there are keys for it. */
export async function openArchive(
  file: SourceFile,
  beside: readonly SourceFile[],
  keys?: AgeKeys,
): Promise<Archive | null> {
  const start = await bytesOf(file, SAMPLE, 0, Math.min(SAMPLE, file.blob.size))
  if (looksLikeManifest(start)) return inFolder(file, beside)
  if (looksLikeTar(start)) return inTar(file)
  if (!keys || !looksLikeAge(start)) return null
  const { openAge } = await import('./age.ts') // only who has such a file pays for it
  const archive = await inTar({ ...file, blob: await openAge(file.blob, keys) })
  if (!archive) throw badFile(file, 'age', 'not-restorable')
  return archive
}

async function inFolder(file: SourceFile, beside: readonly SourceFile[]): Promise<Archive> {
  const folder = folderOf(file)
  const files = new Map(beside.map(one => [pathOf(one), one.blob]))
  return archiveOf(file, path => files.get(folder + path) ?? null, folder)
}

async function inTar(file: SourceFile): Promise<Archive | null> {
  const files = await untar(file.blob)
  const blob = files.get(MANIFEST)
  return blob ? archiveOf({ name: MANIFEST, blob }, path => files.get(path) ?? null) : null
}

async function archiveOf(file: SourceFile, get: Archive['file'], folder?: string): Promise<Archive> {
  const manifest = decodeManifest(textOf(await bytesOf(file, LARGEST), file))
  const listed = new Set(manifest.collections.flatMap(({ files }) => files.map(({ path }) => `${folder}${path}`)))
  return { manifest, file: path => get(path.normalize('NFC')), has: path => folder !== undefined && listed.has(path) }
}

function textOf(bytes: Uint8Array, file: SourceFile): string {
  try {
    return fromUtf8(bytes)
  } catch (cause) {
    if (cause instanceof AlveoleError) throw badFile(file, MANIFEST, 'encoding', cause)
    throw cause
  }
}
