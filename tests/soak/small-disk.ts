/**
 * Disks that are soon full, for a pod server in a process of its own: a file system of some megabytes, seen by that process alone, where
 * the machine lets us mount one; and a quota, kept by the process itself, which any machine can do.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export type Command = [string, ...string[]]

/** What runs a script of Node with `folder` on a disk of so many bytes. */
export type Disk = (folder: string, bytes: number) => Command

const MOUNT = 'mount -t tmpfs -o size="$1" tmpfs "$0" && shift && exec "$@"'
const ownDisk: Disk = (folder, bytes) => ['unshare', '-Urm', 'sh', '-c', MOUNT, folder, `${bytes}`, process.execPath]

const preload = fileURLToPath(new URL('quota.ts', import.meta.url))
const quota: Disk = (folder, bytes) => [
  'env',
  `QUOTA_FOLDER=${folder}`,
  `QUOTA_BYTES=${bytes}`,
  process.execPath,
  '--import',
  preload,
]

/** `folder`: an empty one to try it on. */
export function smallDisks(folder: string): { name: string; disk: Disk }[] {
  const [program, ...args] = ownDisk(folder, 1_000_000)
  const canMount = spawnSync(program, [...args, '--version']).status === 0
  return [...(canMount ? [{ name: 'a file system', disk: ownDisk }] : []), { name: 'a quota', disk: quota }]
}
