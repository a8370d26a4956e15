/** Inputs that once broke a parser, for ever; and some new ones of a fixed seed to each. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Parser } from './parser.ts'
import { parsers } from './parsers.ts'
import { randomFrom } from './random.ts'
import { attempt, draw, fromFile } from './try.ts'
import { watch } from './watch.ts'
import type { Task } from './worker.ts'

const corpus = new URL('corpus/', import.meta.url)
const files = existsSync(corpus) ? readdirSync(corpus) : []
/** Slow ones are large files or seal with X-Wing each time. */
const INPUTS = 40

const keptOf = ({ name }: Parser): string[] => files.filter(file => file.startsWith(`${name.replaceAll(' ', '_')}-`))

describe.each(parsers)('$name', parser => {
  it('takes its samples', async () => {
    const outcomes = await Promise.all(parser.samples.map(sample => attempt(parser, sample)))
    expect(outcomes).toContain('accepted')
  })

  it('refuses with a code whatever it does not take', async () => {
    const random = randomFrom(7)
    const findings: object[] = []
    for (let i = 0; i < INPUTS; i++) {
      const outcome = await attempt(parser, draw(random, parser))
      if (typeof outcome === 'object') findings.push(outcome)
    }
    expect(findings).toEqual([])
  })

  it.each(keptOf(parser))('withstands %s', async file => {
    const input = fromFile(new Uint8Array(readFileSync(new URL(file, corpus))))
    expect(await attempt(parser, input)).toBeTypeOf('string')
  })
})

describe('a worker that', () => {
  const program = new URL('misbehaving.ts', import.meta.url)
  const taskFor = (parser: string): Task => ({
    parser,
    seed: 0,
    milliseconds: 0,
    counts: new Int32Array(new SharedArrayBuffer(12)),
    current: new Uint8Array(new SharedArrayBuffer(2)),
  })
  const limits = { start: 600_000, input: 600_000, heap: 32, beside: 32, process: 4096 }
  const input = Uint8Array.of(0, 7)

  it.each([
    ['never starts', { start: 100 }, null, /does not start/],
    ['hangs', { input: 100 }, input, /hangs/],
    ['fills buffers', {}, input, /beside its heap/],
    ['fills buffers', { beside: 2 ** 20, process: 64 }, input, /the process grew/],
    ['fills its heap', {}, input, /memory/],
    ['throws behind its back', {}, input, /SyntaxError/],
    ['ends and says nothing', {}, input, /without a report/],
  ])('%s is a finding: %j', async (how, other, file, why) => {
    const { findings } = await watch(program, taskFor(how), { ...limits, ...other })
    expect(findings).toEqual([{ why: expect.stringMatching(why) as string, file }])
  })
})

it('keeps no input of a parser that is gone', () => {
  expect(files.filter(file => !parsers.some(parser => keptOf(parser).includes(file)))).toEqual([])
})

it('tells an error without a code, and bytes that are not written so, from a refusal', async () => {
  const throws: Parser = { name: 'x', samples: [], feed: () => (null as unknown as { a: string }).a.length }
  const loose: Parser = { name: 'x', samples: [], feed: () => 0, again: bytes => bytes.subarray(1) }
  const input = { base: 0, bytes: new Uint8Array(3) }
  for (const parser of [throws, loose]) expect(await attempt(parser, input)).toHaveProperty('finding')
})
