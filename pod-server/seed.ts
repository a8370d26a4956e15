/** The file of `--seed`: a JSON list of {email, password, name}, checked before anything starts. */
import { readFile } from 'node:fs/promises'
import { AlveoleError } from '../crypto/errors.ts'
import type { SeedProblem } from './messages.ts'

export type SeedAccount = { email: string; password: string; name: string }

/** `reason` is a key of the messages; `where` names the file, and the entry when one is to blame. */
const bad = (where: string, reason: SeedProblem): AlveoleError =>
  new AlveoleError('bad-file', reason, { detail: { where, reason } })

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== ''

const isAccount = (value: unknown): value is SeedAccount => {
  const { email, password, name } = (value ?? {}) as Partial<Record<keyof SeedAccount, unknown>>
  return isText(email) && /^[^\s@]+@[^\s@]+$/.test(email) && isText(password) && isText(name)
}

/** CSS compares e-mails in lower case and makes the pod's folder name of the letters and digits of the name. */
const duplicate = (values: string[]): string | undefined => values.find((value, at) => values.indexOf(value) !== at)

const checkSeed = (value: unknown, file: string): SeedAccount[] => {
  if (!Array.isArray(value)) throw bad(file, 'not-a-list')
  const wrong = value.findIndex(entry => !isAccount(entry))
  if (wrong !== -1) throw bad(`${file} [${wrong + 1}]`, 'entry')
  const accounts = value as SeedAccount[]
  if (duplicate(accounts.map(({ email }) => email.toLowerCase())) !== undefined) throw bad(file, 'duplicate-email')
  if (duplicate(accounts.map(({ name }) => name.replaceAll(/\W/g, '-'))) !== undefined)
    throw bad(file, 'duplicate-name')
  return accounts.map(({ email, password, name }) => ({ email, password, name }))
}

export const readSeed = async (file: string): Promise<SeedAccount[]> => {
  const text = await readFile(file, 'utf8').catch(() => {
    throw bad(file, 'unreadable')
  })
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw bad(file, 'not-json')
  }
  return checkSeed(value, file)
}
