/** What a host has, and a thief of its disk: every byte of the server's data folder. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface StoredFile {
  path: string
  bytes: Buffer
}

export const filesUnder = (folder: string): StoredFile[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .map(path => ({ path, bytes: readFileSync(path) }))

/** Which of the texts stand somewhere in the files, in clear, base64, base64url or hexadecimal. */
export function found(files: readonly StoredFile[], texts: Iterable<string | Uint8Array>): string[] {
  const needles = [...texts].flatMap(text => {
    const bytes = Buffer.from(text as string)
    const spellings = typeof text === 'string' ? [bytes] : [bytes, ...encoded(bytes)]
    return spellings.map(needle => ({ text: typeof text === 'string' ? text : bytes.toString('hex'), needle }))
  })
  return needles.flatMap(({ text, needle }) =>
    files
      .filter(({ bytes, path }) => bytes.includes(needle) || path.includes(needle.toString('latin1')))
      .map(({ path }) => `${text} in ${path}`),
  )
}

const encoded = (bytes: Buffer): Buffer[] =>
  (['base64', 'base64url', 'hex'] as const).map(encoding => Buffer.from(bytes.toString(encoding).replace(/=+$/, '')))
