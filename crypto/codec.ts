/**
 * Codecs as lists of fields: a format is written as its fields in order, and is a CBOR array of them.
 * `decode` refuses whatever `encode` would not have written.
 */
import { decodeCbor, encodeCbor, encodePadded, type Item } from './cbor.ts'
import { AlveoleError, tampered } from './errors.ts'
import type { Padding } from './padding.ts'

export interface Codec<T> {
  toItem(value: T): Item
  fromItem(item: Item): T
}
export type Of<C> = C extends Codec<infer T> ? T : never

const wrong = (what: string): never => tampered(`malformed: expected ${what}`)
const misuse = (what: string): never => {
  throw new AlveoleError('usage', `not to be written: expected ${what}`)
}
const check = <T extends Item>(what: string, is: (item: Item) => item is T): Codec<T> => ({
  toItem: value => (is(value) ? value : misuse(what)),
  fromItem: item => (is(item) ? item : wrong(what)),
})

const isUint = (item: Item): item is number => Number.isSafeInteger(item) && (item as number) >= 0
export const uint = check('uint', isUint)
/** As `list(uint)`, of very many: looked through, not copied. */
export const uints = check('uints', (item): item is number[] => Array.isArray(item) && item.every(isUint))
export const text = check('text', (item): item is string => typeof item === 'string' && item.isWellFormed())
export const bool = check('bool', (item): item is boolean => typeof item === 'boolean')
export const bytes = check('bytes', (item): item is Uint8Array => item instanceof Uint8Array)
export const fixed = (length: number): Codec<Uint8Array> =>
  check(`${length} bytes`, (item): item is Uint8Array => item instanceof Uint8Array && item.length === length)
export const literal = <const L extends string | number>(value: L): Codec<L> =>
  check(String(value), (item): item is L => item === value)
export const oneOf = <const L extends string>(...values: L[]): Codec<L> =>
  check(values.join('|'), (item): item is L => (values as Item[]).includes(item))

export const list = <T>(of: Codec<T>): Codec<T[]> => ({
  toItem: values => values.map(value => of.toItem(value)),
  fromItem: item => (Array.isArray(item) ? item.map(child => of.fromItem(child)) : wrong('array')),
})

/** `of`, with a rule beyond the types of its fields, which binds writer and reader alike. */
export const where = <T>(of: Codec<T>, what: string, holds: (value: T) => boolean): Codec<T> => ({
  toItem: value => (holds(value) ? of.toItem(value) : misuse(what)),
  fromItem(item) {
    const value = of.fromItem(item)
    return holds(value) ? value : wrong(what)
  },
})

export const optional = <T>(of: Codec<T>): Codec<T | null> => ({
  toItem: value => (value === null ? null : of.toItem(value)),
  fromItem: item => (item === null ? null : of.fromItem(item)),
})

type Fields = Record<string, Codec<never>>
type Struct<F> = { [K in keyof F]: F[K] extends Codec<infer T> ? T : never }

/** Field names are for the code; the bytes hold the fields in this order. */
export function struct<F extends { [K in keyof F]: Codec<unknown> }>(fields: F): Codec<Struct<F>>
export function struct(fields: Fields): Codec<Record<string, unknown>> {
  const entries = Object.entries(fields) as [string, Codec<unknown>][]
  return {
    toItem: value => entries.map(([name, codec]) => codec.toItem(value[name])),
    fromItem: item => {
      if (!Array.isArray(item) || item.length !== entries.length) return wrong(`${entries.length} fields`)
      return Object.fromEntries(entries.map(([name, codec], i) => [name, codec.fromItem(item[i] as Item)]))
    },
  }
}

/** One of several structs, told apart by a name written first. */
export function union<F extends Record<string, Codec<unknown>>>(
  cases: F,
): Codec<{ [K in keyof F]: { type: K } & Of<F[K]> }[keyof F]>
export function union(cases: Record<string, Codec<object>>): Codec<{ type: string }> {
  const caseOf = (type: Item | undefined): Codec<object> =>
    (typeof type === 'string' && Object.hasOwn(cases, type) && cases[type]) || wrong(Object.keys(cases).join('|'))
  return {
    toItem: value => [value.type, caseOf(value.type).toItem(value)],
    fromItem: item => {
      if (!Array.isArray(item) || item.length !== 2) return wrong('a tagged value')
      const [type, body] = item as [Item, Item]
      return { type: type as string, ...caseOf(type).fromItem(body) }
    },
  }
}

/** Padded by a rule where one is given (E4). */
export const encode = <T>(codec: Codec<T>, value: T, padding?: Padding): Uint8Array =>
  padding ? encodePadded(codec.toItem(value), padding) : encodeCbor(codec.toItem(value))
export const decode = <T>(codec: Codec<T>, from: Uint8Array): T => codec.fromItem(decodeCbor(from))
