/**
 * The folder that an export goes into: nothing outside it is ever written, no half-written file bears its final name, and the
 * list of an earlier export goes first, so that none is there while its files are not.
 */
import { createWriteStream } from 'node:fs'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join, resolve, sep } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { MANIFEST } from '#core'
import { AlveoleError } from '#crypto'
import { asDiskError, TEMPORARY, unlessAbsent } from '../node/durable-file.ts'
import { Told } from './told.ts'

export interface Folder {
  written: { files: number; bytes: number }
  write(path: string, body: Body, signal: AbortSignal): Promise<void>
}
type Body = ReadableStream<Uint8Array> | Uint8Array

export async function openFolder(path: string, force: boolean): Promise<Folder> {
  const root = resolve(path)
  if ((await entriesOf(root)).length && !force) {
    throw new Told('taken', {
      fr: `${path} n’est pas vide (--force pour y écrire quand même).`,
      en: `${path} is not empty (--force writes there all the same).`,
    })
  }
  await mkdir(root, { recursive: true, mode: 0o700 }).catch(refused(path))
  await rm(join(root, MANIFEST), { force: true }).catch(refused(path))
  const written = { files: 0, bytes: 0 }
  return {
    written,
    write: async (name, body, signal) => {
      written.bytes += await writeFile(inside(root, name), body, signal).catch(refused(path))
      written.files += 1
    },
  }
}

async function entriesOf(folder: string): Promise<string[]> {
  const reading = unlessAbsent(readdir(folder))
  return (
    (await reading.catch((cause: unknown) => {
      throw new Told('usage', { fr: `${folder} n’est pas un dossier.`, en: `${folder} is not a folder.` }, { cause })
    })) ?? []
  )
}

/** Names come from files that others made. */
function inside(root: string, name: string): string {
  const path = resolve(root, join('.', name))
  if (path.startsWith(root + sep)) return path
  throw new AlveoleError('tampered', 'a name that leads out of the folder')
}

async function writeFile(path: string, body: Body, signal: AbortSignal): Promise<number> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const temporary = path + TEMPORARY
  try {
    const out = createWriteStream(temporary, { mode: 0o600 })
    await pipeline(body instanceof Uint8Array ? Readable.from([body]) : body, out, { signal })
    await rename(temporary, path)
    return out.bytesWritten
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

/** What the disk says no to, in words; what the pod or the person says goes its way. */
const refused =
  (path: string) =>
  (error: unknown): never => {
    const known = asDiskError(error)
    if (known instanceof AlveoleError || (error as NodeJS.ErrnoException).syscall === undefined) throw known
    const words = { fr: `Impossible d’écrire dans ${path}.`, en: `${path} cannot be written to.` }
    throw new Told('usage', words, { cause: error })
  }
