/**
 * The Store port on a folder: one file per key, named by the key's SHA-256, so that no key is a path, none differs from
 * another by case alone, and a stolen folder does not list what was read.
 */
import { createHash } from 'node:crypto'
import { readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Store } from '#core'
import { removeDurably, TEMPORARY, writeDurably } from './durable-file.ts'

const HOUR = 3_600_000

export async function fileStore(folder: string): Promise<Store> {
  await sweep(folder)
  const pathOf = (key: string): string => join(folder, createHash('sha256').update(key).digest('hex'))
  return {
    get: async key => {
      const found = await unlessAbsent(readFile(pathOf(key)))
      return found && new Uint8Array(found)
    },
    set: (key, value) => (value ? writeDurably(pathOf(key), value) : removeDurably(pathOf(key))),
  }
}

/** What a process that died left half written; a younger one may be at work. */
async function sweep(folder: string): Promise<void> {
  const names = (await unlessAbsent(readdir(folder))) ?? []
  for (const name of names.filter(candidate => candidate.endsWith(TEMPORARY))) {
    const found = await unlessAbsent(stat(join(folder, name)))
    if (found && found.mtimeMs < Date.now() - HOUR) await rm(join(folder, name), { force: true })
  }
}

export async function unlessAbsent<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
