/** What a vector file holds, and how an invalid vector is made of a valid one (README.md). */
import { fromHex, toHex } from '#crypto'

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json }
export type Input = { [name: string]: Json }

export interface Splice {
  field: string
  at: number
  remove: number
  insert: string
}
export interface Valid {
  name: string
  input: Input
  output: Json
}
export interface Invalid {
  name: string
  rule: string
  from: string
  set?: Input
  splice?: Splice
  code: string
}
export interface VectorFile {
  format: string
  valid: Valid[]
  invalid: Invalid[]
}

export function inputOf(file: VectorFile, invalid: Invalid): Input {
  const base = file.valid.find(({ name }) => name === invalid.from)
  if (!base) throw new Error(`no valid vector ${invalid.from}`)
  const input = { ...base.input, ...invalid.set }
  return invalid.splice ? { ...input, [invalid.splice.field]: spliced(input, invalid.splice) } : input
}

function spliced(input: Input, { field, at, remove, insert }: Splice): string {
  const bytes = [...fromHex(input[field] as string)]
  bytes.splice(at, remove, ...fromHex(insert))
  return toHex(Uint8Array.from(bytes))
}

/** Values of the code as JSON: bytes in hexadecimal. */
export function toJson(value: unknown): Json {
  if (value instanceof Uint8Array) return toHex(value)
  if (Array.isArray(value)) return value.map(toJson)
  if (value && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([name, of]) => [name, toJson(of)]))
  return (value ?? null) as Json
}
