/** Preloaded into a process: nothing more is written to any file once a folder holds so many bytes (small-disk.ts). */
import fs from 'node:fs'
import { join } from 'node:path'

const { QUOTA_FOLDER: folder = '', QUOTA_BYTES: bytes = '' } = process.env
const limit = Number(bytes)

const used = (): number =>
  fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .reduce(
      (sum, { parentPath, name }) => sum + (fs.statSync(join(parentPath, name), { throwIfNoEntry: false })?.size ?? 0),
      0,
    )

type Write = (fd: number, what: unknown, ...rest: unknown[]) => void

function limited(write: Write, sizeOf: (what: unknown) => number): Write {
  return (fd, what, ...rest) => {
    const callback = rest.at(-1) as (error: Error) => void
    if (fd <= 2 || used() + sizeOf(what) <= limit) return write(fd, what, ...rest)
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), {
      code: 'ENOSPC',
      syscall: 'write',
    })
    process.nextTick(() => callback(full))
  }
}

const lengthOf = (what: unknown): number =>
  ArrayBuffer.isView(what) ? what.byteLength : Buffer.byteLength(String(what))
Object.assign(fs, {
  write: limited(fs.write as Write, lengthOf),
  writev: limited(fs.writev as Write, many => (many as unknown[]).reduce<number>((sum, one) => sum + lengthOf(one), 0)),
})
