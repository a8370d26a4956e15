/** Changes of JSON: one value in it becomes another, or a member of one is left out, doubled or named otherwise. */
import type { Random } from './random.ts'

type Json = null | boolean | number | string | Json[] | { [name: string]: Json }

const VALUES: readonly Json[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e300,
  2 ** 53,
  '',
  'x',
  'x'.repeat(5000),
  '\u0000',
  '\ud800',
  [],
  {},
  [[]],
  [null],
  { toString: 1, length: -1 },
  { '@id': 5, '@value': null },
]
const NAMES = ['__proto__', 'constructor', 'toString', 'length', 'then', '', 'type', '@id']

/** undefined where the text is no JSON. */
export function jsonIn(text: string): Json | undefined {
  if (!/^\s*[[{"]/.test(text)) return undefined
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

export function jsonChange(random: Random, json: Json): Json {
  if (typeof json !== 'object' || json === null || !random.below(6))
    return random.pick<Json>([...VALUES, [json], { a: json }])
  return Array.isArray(json) ? listChange(random, json) : membersChange(random, json)
}

function listChange(random: Random, list: Json[]): Json {
  if (!list.length) return [random.pick(VALUES)]
  const at = random.below(list.length)
  const changed = list.with(at, jsonChange(random, list[at]!))
  return random.pick<Json>([
    changed,
    changed,
    changed,
    list.toSpliced(at, 1),
    [...list, list[at]!],
    Object.fromEntries(list.entries()),
  ])
}

function membersChange(random: Random, json: { [name: string]: Json }): Json {
  const members = Object.entries(json)
  if (!members.length) return { [random.pick(NAMES)]: random.pick(VALUES) }
  const at = random.below(members.length)
  const [name, value] = members[at]!
  const changed = members.with(at, [name, jsonChange(random, value)])
  const other = random.pick<[string, Json][]>([
    changed,
    changed,
    changed,
    members.toSpliced(at, 1),
    members.toReversed(),
    [...members, [random.pick(NAMES), value]],
    members.with(at, [random.pick(NAMES), value]),
  ])
  return random.below(12) ? Object.fromEntries(other) : members.map(([, value]) => value)
}
