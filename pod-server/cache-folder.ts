/**
 * Where compiled code stays between starts: `node_modules/.cache/alveole`, else the user's cache folder. It is code that
 * will run, so a folder that somebody else may write to (a shared /tmp) is never used.
 */
import { lstatSync, mkdirSync } from 'node:fs'
import { homedir, platform } from 'node:os'
import { join } from 'node:path'

const userCache = (): string => {
  if (process.env['XDG_CACHE_HOME']) return process.env['XDG_CACHE_HOME']
  if (platform() === 'win32') return process.env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local')
  return join(homedir(), platform() === 'darwin' ? 'Library/Caches' : '.cache')
}

/** Ours alone to write: owned by us, closed to group and others. Windows keeps user folders private by itself. */
const isOurs = (folder: string): boolean => {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const found = lstatSync(folder)
    if (platform() === 'win32') return found.isDirectory()
    return found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o022) === 0
  } catch {
    return false
  }
}

/** Null when there is no such folder: everything is then compiled at each start. */
export const cacheFolder = (nodeModules: string): string | null =>
  [join(nodeModules, '.cache', 'alveole'), join(userCache(), 'alveole')].find(isOurs) ?? null
