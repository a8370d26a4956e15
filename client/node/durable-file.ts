/**
 * A whole file or the former one, never half: written beside, flushed to the disk, then renamed over (POSIX rename is
 * atomic). Files are readable by their owner only. A disk that is full or read-only is `full`.
 */
import { randomUUID } from 'node:crypto'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { platform } from 'node:os'
import { dirname } from 'node:path'
import { AlveoleError } from '#crypto'

export const TEMPORARY = '.part'

export async function writeDurably(path: string, content: Uint8Array | string): Promise<void> {
  const temporary = `${path}.${randomUUID()}${TEMPORARY}`
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    await writeFlushed(temporary, content)
    await rename(temporary, path)
    await flushFolder(dirname(path))
  } catch (error) {
    await rm(temporary, { force: true })
    throw asDiskError(error)
  }
}

async function writeFlushed(path: string, content: Uint8Array | string): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** A rename lives in the folder's own data, which is flushed apart; Windows has no such call and needs none. */
async function flushFolder(folder: string): Promise<void> {
  if (platform() === 'win32') return
  const handle = await open(folder, 'r').catch(() => null)
  try {
    await handle?.sync()
  } finally {
    await handle?.close()
  }
}

const DISK = ['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM', 'EFBIG']

/** SQLite's result codes for the same: PERM, READONLY, IOERR, FULL, CANTOPEN. */
const DATABASE = [3, 8, 10, 13, 14]

/** The errors of a disk that does not take what is written, in the project's words. */
export function asDiskError(error: unknown): unknown {
  const { code, path, errcode } = error as NodeJS.ErrnoException & { errcode?: number }
  const refused = DISK.includes(code ?? '') || DATABASE.includes((errcode ?? 0) & 255)
  if (!refused) return error
  const reason = errcode === undefined ? code : `SQLite ${errcode}`
  return new AlveoleError('full', `the disk refuses: ${reason}`, { cause: error, detail: path ? { file: path } : {} })
}

export async function unlessAbsent<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
