/** The file of `--config`: JSON, checked before anything starts. What the command line says wins. */
import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { AlveoleError } from '../crypto/errors.ts'

export type Settings = {
  port?: number
  data?: string
  baseUrl?: string
  host?: string
  /** A file, as of `--seed`. */
  seed?: string
  tls?: { cert: string; key: string }
  proxy?: boolean
  quota?: number
  maxBody?: number
  rate?: number
  requestLog?: boolean
  history?: boolean
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''
const isFlag = (value: unknown): value is boolean => typeof value === 'boolean'
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0
const isPort = (value: unknown): boolean => isCount(value) && value <= 65_535

export const isWebAddress = (text: unknown): boolean =>
  isText(text) && URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol) && !/[?#]/.test(text)

const isTls = (value: unknown): boolean => {
  const { cert, key, ...more } = (value ?? {}) as Record<string, unknown>
  return isText(cert) && isText(key) && Object.keys(more).length === 0
}

const CHECKS: Record<keyof Settings, (value: unknown) => boolean> = {
  port: isPort,
  data: isText,
  baseUrl: isWebAddress,
  host: isText,
  seed: isText,
  tls: isTls,
  proxy: isFlag,
  quota: isCount,
  maxBody: isCount,
  rate: isCount,
  requestLog: isFlag,
  history: isFlag,
}

const bad = (where: string, reason: string): AlveoleError =>
  new AlveoleError('bad-file', reason, { detail: { where, reason } })

export const readSettings = async (file: string): Promise<Settings> => {
  const text = await readFile(file, 'utf8').catch(() => {
    throw bad(file, 'unreadable')
  })
  const values = parsed(text, file)
  for (const [name, value] of Object.entries(values)) {
    if (!Object.hasOwn(CHECKS, name)) throw bad(`${file} "${name}"`, 'unknown-setting')
    if (!CHECKS[name as keyof Settings](value)) throw bad(`${file} "${name}"`, 'setting')
  }
  return withPaths(values, dirname(resolve(file)))
}

const parsed = (text: string, file: string): Settings => {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  } catch {
    throw bad(file, 'not-json')
  }
  throw bad(file, 'not-settings')
}

/** Paths in the file are from where it stands. */
const withPaths = ({ data, seed, tls, ...rest }: Settings, folder: string): Settings => ({
  ...rest,
  ...(data !== undefined && { data: resolve(folder, data) }),
  ...(seed !== undefined && { seed: resolve(folder, seed) }),
  ...(tls !== undefined && { tls: { cert: resolve(folder, tls.cert), key: resolve(folder, tls.key) } }),
})
