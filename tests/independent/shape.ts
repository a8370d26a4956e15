/** Formats as the SPEC writes them: `[a, b, c]` is `fields({ a, b, c })`. Whatever does not fit is refused. */
import { decode, need, type Value } from './cbor.ts'

export type Read<T> = (value: Value | undefined) => T
export type Shape<R> = R extends Read<infer T> ? T : never

export const anything: Read<Value> = value => {
  need(value !== undefined)
  return value
}
export const bytes: Read<Uint8Array> = value => {
  need(value instanceof Uint8Array)
  return value
}
export const sized =
  (length: number): Read<Uint8Array> =>
  value => {
    need(value instanceof Uint8Array && value.length === length)
    return value
  }
export const id = sized(16)
export const key = sized(32)
export const text: Read<string> = value => {
  need(typeof value === 'string')
  return value
}
export const uint: Read<number> = value => {
  need(typeof value === 'number')
  return value
}
export const flag: Read<boolean> = value => {
  need(typeof value === 'boolean')
  return value
}
export const is =
  <const L extends string | number>(...allowed: L[]): Read<L> =>
  value => {
    need((allowed as Value[]).includes(value!))
    return value as L
  }
export const orNull =
  <T>(of: Read<T>): Read<T | null> =>
  value =>
    value === null ? null : of(value)
export const rows =
  <T>(of: Read<T>): Read<T[]> =>
  value => {
    need(Array.isArray(value))
    return value.map(of)
  }
export const fields =
  <S extends Record<string, Read<unknown>>>(shape: S): Read<{ [K in keyof S]: Shape<S[K]> }> =>
  value => {
    const names = Object.keys(shape)
    need(Array.isArray(value) && value.length === names.length)
    return Object.fromEntries(names.map((name, index) => [name, shape[name]!(value[index])])) as {
      [K in keyof S]: Shape<S[K]>
    }
  }

/** Sorted by the bytes that `by` names, each once (G2, H4, R2). */
export const sorted =
  <T>(of: Read<T>, by: (row: T) => Uint8Array): Read<T[]> =>
  value => {
    const all = rows(of)(value)
    need(all.every((row, index) => index === 0 || Buffer.compare(by(all[index - 1]!), by(row)) < 0))
    return all
  }

export const parse = <T>(read: Read<T>, from: Uint8Array): T => read(decode(from))

/** §9: [[device, commits, hash of its last object], …]. */
export const vector: Read<{ device: Uint8Array; commits: number; last: Uint8Array }[]> = value => {
  const all = sorted(fields({ device: id, commits: uint, last: key }), row => row.device)(value)
  need(all.every(({ commits }) => commits > 0))
  return all
}
