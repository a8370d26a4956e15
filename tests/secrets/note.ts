/** What a recorded program notes: a line for each, in the file that its environment names, kept nowhere in its memory. */
import { openSync, readFileSync, writeSync } from 'node:fs'

const VARIABLE = 'ALVEOLE_SECRETS'
const path = process.env[VARIABLE]
const file = path ? openSync(path, 'a', 0o600) : null

/** `text`: what a program of these tests knows to be secret. */
export type Noted = 'key' | 'error' | 'text'

export function note(what: Noted, use: string, value: string): void {
  if (file !== null) writeSync(file, `${JSON.stringify([what, use, value])}\n`)
}

/** For the child's environment. */
export const notedIn = (file: string): Record<string, string> => ({ [VARIABLE]: file })

export function readNotes(file: string): { what: Noted; use: string; value: string }[] {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean)
  return [...new Set(lines)].map(line => {
    const [what, use, value] = JSON.parse(line) as [Noted, string, string]
    return { what, use, value }
  })
}
