/**
 * A copy of the data folder that proves itself: each file with its time (ETags are made of it) and, in `backup.json`, its
 * size and SHA-256. It appears whole or not at all, and is restored only if every byte is what it was.
 *
 * Files are replaced by renaming, so each is copied whole while the server runs; a state of all pods at one moment needs the
 * server stopped, or a snapshot of the file system to copy from.
 */
import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { lstat, mkdir, readFile, readdir, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { AlveoleError, isCode } from '../crypto/errors.ts'

const LIST = 'backup.json'
/** Of a server that runs: uploads under way, and locks. */
const PASSING = /^\.internal\/(?:tempFiles|locks)(?:\/|$)/

type Entry = { path: string; size: number; sha256: string; modified: number }
type Listed = { version: 1; folders: string[]; files: Entry[] }

const failed = (reason: 'backup-exists' | 'backup-source' | 'backup-altered' | 'backup-target', where: string) =>
  new AlveoleError('bad-file', reason, { detail: { where, reason } })

/** Gives the number of files. */
export const backup = async (data: string, to: string): Promise<number> => {
  if (await lstat(to).catch(() => null)) throw failed('backup-exists', to)
  const paths = await below(data).catch(() => {
    throw failed('backup-source', data)
  })
  return whole(to, async part => {
    const listed: Listed = { version: 1, folders: paths.folders, files: [] }
    for (const folder of paths.folders) await mkdir(join(part, folder), { recursive: true })
    for (const path of paths.files) {
      const copied = await copy(join(data, path), join(part, path)).catch(absent)
      if (copied) listed.files.push({ path, ...copied })
    }
    await writeFile(join(part, LIST), JSON.stringify(listed))
    return listed.files.length
  })
}

/** Into a folder that is not there yet or is empty. */
export const restore = async (from: string, data: string): Promise<number> => {
  const listed = await listIn(from)
  if ((await readdir(data).catch(absent))?.length) throw failed('backup-target', data)
  return whole(data, async part => {
    for (const folder of listed.folders) await mkdir(join(part, inside(folder)), { recursive: true })
    for (const { path, size, sha256, modified } of listed.files) {
      const copied = await copy(join(from, inside(path)), join(part, path)).catch(absent)
      if (copied?.size !== size || copied.sha256 !== sha256) throw failed('backup-altered', join(from, path))
      await utimes(join(part, path), modified / 1000, modified / 1000)
    }
    return listed.files.length
  })
}

const absent = (error: NodeJS.ErrnoException): null => {
  if (error.code === 'ENOENT') return null
  throw error
}

/** A list is only believed about what is below it. */
const inside = (path: string): string => {
  if (resolve('/', path) !== `/${path}` && path !== '') throw failed('backup-altered', path)
  return path
}

const listIn = async (from: string): Promise<Listed> => {
  try {
    const listed = JSON.parse(await readFile(join(from, LIST), 'utf8')) as Listed
    if (listed.version === 1 && Array.isArray(listed.files) && Array.isArray(listed.folders)) return listed
  } catch (cause) {
    throw isCode(cause, 'bad-file') ? cause : failed('backup-altered', from)
  }
  throw failed('backup-altered', from)
}

/** What `make` puts into a folder beside, under the name it is for; nothing where it fails. */
const whole = async <T>(to: string, make: (part: string) => Promise<T>): Promise<T> => {
  const part = `${resolve(to)}.${randomUUID()}.part`
  try {
    await mkdir(part, { recursive: true, mode: 0o700 })
    const made = await make(part)
    await rename(part, to)
    return made
  } catch (error) {
    await rm(part, { recursive: true, force: true })
    throw error
  }
}

const copy = async (from: string, to: string): Promise<Omit<Entry, 'path'>> => {
  const { mtimeMs: modified } = await lstat(from)
  const hash = createHash('sha256')
  let size = 0
  await mkdir(dirname(to), { recursive: true })
  await pipeline(
    createReadStream(from),
    async function* measured(chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        hash.update(chunk)
        size += chunk.length
        yield chunk
      }
    },
    createWriteStream(to, { mode: 0o600, flush: true }),
  )
  await utimes(to, modified / 1000, modified / 1000)
  return { size, sha256: hash.digest('hex'), modified }
}

/** Relative paths, with slashes on every system; neither links nor anything else that is no file or folder. */
const below = async (root: string): Promise<{ folders: string[]; files: string[] }> => {
  const found: { folders: string[]; files: string[] } = { folders: [], files: [] }
  const walk = async (folder: string): Promise<void> => {
    for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
      const path = folder + entry.name
      if (PASSING.test(path)) continue
      if (entry.isFile()) found.files.push(path)
      if (!entry.isDirectory()) continue
      found.folders.push(path)
      await walk(`${path}/`)
    }
  }
  await walk('')
  return found
}
