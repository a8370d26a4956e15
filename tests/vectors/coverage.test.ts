/**
 * Every rule of crypto/SPEC.md has its vectors: one that breaks it, or, of a rule that only says what comes out, one that shows it.
 * What no parser sees, because only a writer or a caller can keep it, is listed here by name.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { VectorFile } from './vector.ts'

const here = (path: string): URL => new URL(path, import.meta.url)
const files = readdirSync(here('.'))
  .filter(name => name.endsWith('.json'))
  .map(name => JSON.parse(readFileSync(here(name), 'utf8')) as VectorFile)

type Sort = 'refuses' | 'gives' | 'writer' | 'caller'
const spec = readFileSync(here('../../crypto/SPEC.md'), 'utf8')
/** `- **E3** **writer**: …`: the mark right after its number says of which sort a rule is; none, that it refuses. */
const rules = new Map(
  [
    ...spec.matchAll(/^- \*\*([A-Z]\d+)\*\* (?:\*\*(gives|writer|caller)\*\*)?/gm),
  ].map(([, rule, sort]) => [rule!, (sort ?? 'refuses') as Sort] as const),
)
const ofSort = (...sorts: Sort[]): string[] =>
  [...rules].filter(([, sort]) => sorts.includes(sort)).map(([rule]) => rule)

const broken = new Set(files.flatMap(({ invalid }) => invalid.map(({ rule }) => rule)))
const shown = new Set(files.flatMap(({ valid }) => valid.flatMap(({ rule }) => rule ?? [])))

/** `H4–H6` cites three. What stands in code, as `[A1]`, names attacks, and is none. */
const argued = new Set(
  [
    ...spec
      .slice(spec.indexOf('\n## 19.'), spec.indexOf('\n## 21.'))
      .replaceAll(/`[^`]*`|rule A1 of/g, '')
      .matchAll(/\b([A-Z])(\d{1,2})(?:–[A-Z](\d{1,2}))?\b/g),
  ].flatMap(([, letter, first, last = first]) =>
    Array.from({ length: Number(last) - Number(first) + 1 }, (_, i) => `${letter}${Number(first) + i}`),
  ),
)

describe('the rules of SPEC.md', () => {
  it('are numbered without a gap, each once', () => {
    const numbers = Map.groupBy(rules.keys(), rule => rule[0]!)
    for (const [letter, all] of numbers) expect(all).toEqual(all.map((_, index) => `${letter}${index + 1}`))
    expect(rules.size).toBeGreaterThan(110)
  })

  it.each(ofSort('refuses'))('[%s] is broken by a vector', rule => expect(broken).toContain(rule))
  it.each(ofSort('gives'))('[%s] is shown by a vector', rule => expect(shown).toContain(rule))

  it('that no parser can check are these', () => {
    expect(ofSort('writer')).toEqual(['O4', 'E3', 'K1', 'Q1', 'R1', 'B7', 'I11', 'T9'])
    expect(ofSort('caller').join(' ')).toBe(
      'K6 K7 K8 G1 G8 G9 H6 H7 H10 H11 Q4 Q5 Q6 R6 R7 B6 I9 A8 A9 A11 A12 A13 A14 V5 Z1 Z2 Z3 Z4 Z5 Z6 Z7 Z8 N7 N13 N16 N19 X4 X5 X6 X9 X10 Y3 Y4 Y5 F1 F2 F3 F4 D2 D3 D5 D6 D7 D8 D9 D10',
    )
    expect(ofSort('writer', 'caller').filter(rule => broken.has(rule) || shown.has(rule))).toEqual([])
  })

  it('have an argument each: why it holds (§19), or what it stops (§20)', () => {
    const missing = [...rules.keys()].filter(rule => !argued.has(rule))
    expect(missing).toEqual([])
    expect([...argued].filter(rule => !rules.has(rule))).toEqual([])
  })

  it('stand in a text that names files which are there', () => {
    const named = [...spec.matchAll(/`((?:crypto|client|tests|vocab|pod-server)\/[\w./-]+)`/g)].map(([, path]) => path!)
    expect(named.length).toBeGreaterThan(10)
    expect(named.filter(path => !existsSync(here(`../../${path}`)))).toEqual([])
  })

  it('are all that vectors name', () => {
    expect([...broken, ...shown].filter(rule => !rules.has(rule))).toEqual([])
  })
})

describe('the vectors', () => {
  it.each(files)(
    'of $format: valid ones and, but for what cannot be refused, invalid ones',
    ({ format, valid, invalid }) => {
      expect(valid.length).toBeGreaterThan(0)
      expect(invalid.length > 0).toBe(format !== 'record')
      for (const all of [valid, invalid]) expect(new Set(all.map(({ name }) => name)).size).toBe(all.length)
    },
  )

  it('are what is made today, byte by byte: nothing that is sealed or signed changed its form', () => {
    execFileSync(process.execPath, [fileURLToPath(here('generate.ts')), '--check'], { stdio: 'pipe' })
  })
})
