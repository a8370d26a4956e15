/** The files of `alveole import`: arguments as they are, folders with everything in them, hidden files left out. */
import { openAsBlob } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { SourceFile } from '#core'
import { Told, usage } from './told.ts'

/** `path` is how the person called it; a blob reads the disk when it is read, and not before. */
export type Found = SourceFile & { path: string }

export async function sourceFiles(paths: readonly string[]): Promise<Found[]> {
  const found: string[] = []
  for (const path of paths) found.push(...(await filesAt(path)))
  if (found.length === 0) throw usage('Ce dossier ne contient aucun fichier.', 'This folder holds no file.')
  return Promise.all([...new Set(found)].map(openFile))
}

async function filesAt(path: string): Promise<string[]> {
  const about = await stat(path).catch(unreadable(path))
  if (about.isFile()) return [path]
  if (!about.isDirectory()) throw usage(`${path} n’est pas un fichier.`, `${path} is not a file.`)
  const entries = await readdir(path, { withFileTypes: true }).catch(unreadable(path))
  const visible = entries.filter(entry => !entry.name.startsWith('.') && (entry.isFile() || entry.isDirectory()))
  const inside: string[] = []
  for (const entry of visible.toSorted((a, b) => a.name.localeCompare(b.name)))
    inside.push(...(await filesAt(join(path, entry.name))))
  return inside
}

async function openFile(path: string): Promise<Found> {
  const [about, blob] = await Promise.all([stat(path), openAsBlob(path)]).catch(unreadable(path))
  return { path, name: basename(path), blob, lastModified: about.mtimeMs }
}

const unreadable =
  (path: string) =>
  (cause: unknown): never => {
    throw new Told('usage', { fr: `Impossible de lire ${path}.`, en: `${path} cannot be read.` }, { cause })
  }
