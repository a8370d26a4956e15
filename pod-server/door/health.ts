/** Whether this server can do its work: it is not stopping, and its disk takes what is written. */
import { constants } from 'node:fs'
import { access, statfs } from 'node:fs/promises'

export type Health = 'ok' | 'stopping' | 'full' | 'unwritable'

/** Less is as good as full: databases and logs of the machine want some too. */
const LEAST_FREE = 32 * 1024 * 1024

export const diskHealth = async (folder: string): Promise<Health> => {
  try {
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK)
    const { bavail, bsize } = await statfs(folder)
    return bavail * bsize < LEAST_FREE ? 'full' : 'ok'
  } catch {
    return 'unwritable'
  }
}
