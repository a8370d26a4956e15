/** Altered inputs: by bytes, by CBOR items (also those inside byte strings), by JSON values, by lines and pieces of text. */
import { concat, isCode, utf8 } from '#crypto'
import { decodeCbor, encodeCbor, type Item } from '../../crypto/cbor.ts'
import { jsonChange, jsonIn } from './json.ts'
import type { Random } from './random.ts'

/** No input grows beyond this. */
export const INPUT_BYTES = 512 * 1024

type Change<T> = (random: Random, of: T, other: T) => T

const cut = (random: Random, length: number): [number, number] => {
  const at = random.below(length + 1)
  return [at, Math.min(length, at + 1 + random.below(random.pick([1, 8, 64, 1024])))]
}

const LENGTHS = [
  [0x9a, 0xff, 0xff, 0xff, 0xff],
  [0x9b, 0, 0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
  [0x5a, 0x7f, 0xff, 0xff, 0xff],
  [0x7b, 0, 0, 0, 1, 0, 0, 0, 0],
  [0xff, 0xff],
  [0, 0],
  [0x7f, 0xff, 0xff, 0xff],
  [0x80],
].map(bytes => Uint8Array.from(bytes))

const byteChanges: readonly Change<Uint8Array>[] = [
  (random, of) => {
    const copy = of.slice()
    if (copy.length) copy[random.below(copy.length)]! ^= 1 << random.below(8)
    return copy
  },
  (random, of) => {
    const at = random.below(of.length + 1)
    return concat(of.subarray(0, at), random.bytes(1 + random.below(8)), of.subarray(at))
  },
  (random, of) => {
    const [from, to] = cut(random, of.length)
    return concat(of.subarray(0, from), of.subarray(to))
  },
  (random, of) => {
    const [from, to] = cut(random, of.length)
    return concat(of.subarray(0, to), of.subarray(from))
  },
  (random, of) => of.subarray(0, random.below(of.length + 1)),
  (random, of, other) => concat(of.subarray(0, random.below(of.length)), other.subarray(random.below(other.length))),
  (random, of) => {
    const [at, put] = [random.below(of.length + 1), random.pick(LENGTHS)]
    return concat(of.subarray(0, at), put, of.subarray(at + put.length))
  },
]

const ITEMS: readonly Item[] = [
  0,
  1,
  2 ** 31,
  2 ** 32,
  Number.MAX_SAFE_INTEGER,
  null,
  true,
  false,
  '',
  '__proto__',
  'constructor',
  'x'.repeat(5000),
  '\u0000',
  '\u{1f41d}',
  [],
  [[]],
  new Uint8Array(),
  new Uint8Array(16),
  new Uint8Array(32),
  new Uint8Array(1216).fill(255),
]

function itemChange(random: Random, item: Item): Item {
  const list = Array.isArray(item) ? (item as Item[]) : null
  const inner = item instanceof Uint8Array && item.length > 1 ? itemIn(item) : undefined
  if (inner !== undefined && random.below(3)) return encodeCbor(itemChange(random, inner))
  if (list?.length && random.below(4)) {
    const at = random.below(list.length)
    const changed = list.with(at, itemChange(random, list[at]!))
    return random.pick<Item[]>([
      changed,
      changed,
      changed,
      list.toSpliced(at, 1),
      [...list, list[at]!],
      list.toReversed(),
      Array.from({ length: 300 }, () => list[at]!),
    ])
  }
  if (typeof item === 'string' && random.below(2)) return textChange(random, item).toWellFormed()
  if (typeof item === 'number' && random.below(2))
    return random.below(2) ? Math.max(0, item - 1) : Math.min(Number.MAX_SAFE_INTEGER, item + 1)
  if (item instanceof Uint8Array && random.below(2)) return random.pick(byteChanges)(random, item, item)
  return random.pick<Item>([...ITEMS, [item], [item, item]])
}

function itemIn(bytes: Uint8Array): Item | undefined {
  try {
    return decodeCbor(bytes)
  } catch (error) {
    if (isCode(error, 'tampered')) return undefined
    throw error
  }
}

const PIECES = [
  '{',
  '[',
  '"',
  '\\u0000',
  '\\ud800',
  '__proto__',
  '-0',
  '1e999',
  '9007199254740993',
  '0 @I1@ INDI\n',
  '1 CONC ',
  '99 NOTE x\n',
  '0 TRLR\n',
  '\u{feff}',
  '\r',
  '[['.repeat(2000),
  '{"a":'.repeat(2000),
  '"resourceType":"Bundle",',
]

function textChange(random: Random, of: string): string {
  const lines = of.split('\n')
  const [from, to] = cut(random, of.length)
  const at = random.below(lines.length)
  return random.pick<() => string>([
    () => lines.toSpliced(at, 1).join('\n'),
    () => lines.toSpliced(at, 0, random.pick(lines)).join('\n'),
    () => lines.with(at, lines[at]!.replace(/\d+/, random.pick(['0', '1', '99', '-1', '4294967296']))).join('\n'),
    () => of.slice(0, from) + of.slice(to),
    () => of.slice(0, to) + of.slice(from),
    () => of.slice(0, from) + random.pick(PIECES) + of.slice(from),
    () => of.slice(0, from) + random.pick(PIECES) + of.slice(to),
    () => of.slice(0, from),
  ])()
}

/** One to four changes of one sample; `other` is spliced in. */
export function mutate(random: Random, sample: Uint8Array, other: Uint8Array): Uint8Array {
  let bytes = sample
  for (let left = 1 + random.below(4); left > 0; left--) bytes = once(random, bytes, other)
  return bytes.subarray(0, INPUT_BYTES)
}

function once(random: Random, bytes: Uint8Array, other: Uint8Array): Uint8Array {
  const item = random.below(3) ? itemIn(bytes) : undefined
  if (item !== undefined) return encodeCbor(itemChange(random, item))
  if (random.below(4) && isText(bytes)) {
    const text = new TextDecoder().decode(bytes)
    const json = random.below(2) ? jsonIn(text) : undefined
    return utf8(json === undefined ? textChange(random, text) : JSON.stringify(jsonChange(random, json)))
  }
  return random.pick(byteChanges)(random, bytes, other)
}

const isText = (bytes: Uint8Array): boolean => bytes.subarray(0, 64).every(byte => byte > 8)
