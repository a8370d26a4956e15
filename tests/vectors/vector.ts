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
  /** A rule that says what comes out, and refuses nothing. */
  rule?: string
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

export const text = (input: Input, name: string): string => input[name] as string
export const bytes = (input: Input, name: string): Uint8Array => fromHex(text(input, name))
export const number = (input: Input, name: string): number => input[name] as number
export const many = (input: Input, name: string): Input[] => input[name] as Input[]

/** The signing keys of devices that a vector gives as `devices: { id: public key }`. */
export const devicesOf = (input: Input) => (signer: Uint8Array) => {
  const key = (input.devices as { [id: string]: string })[toHex(signer)]
  return key === undefined ? null : fromHex(key)
}
