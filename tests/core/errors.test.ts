/** Each code of an error: something throws it, people are told in plain words, the manual has it, the command line ends by it. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { AlveoleError, type ErrorCode } from '#crypto'
import { exitCode } from '../../client/cli/exit-codes.ts'
import { errorText } from '../../client/core/messages.ts'
import { faultOf } from '../../crypto/errors.ts'
import { failures, type Failures } from '../secrets/failures.ts'

const codes = Object.keys(faultOf) as ErrorCode[]
const root = join(import.meta.dirname, '../..')

describe('every code', () => {
  let ways: Failures
  beforeAll(async () => void (ways = await failures()))

  test.each(codes)('%s is thrown', async code => {
    await expect(ways[code]()).rejects.toMatchObject({ name: 'AlveoleError', code })
  })
})

describe('no other code is thrown', () => {
  const sources = ['vocab', 'crypto', 'client', 'pod-server'].flatMap(folder =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter(name => /\.tsx?$/.test(name) && !name.includes('node_modules'))
      .map(name => ({ name: join(folder, name), text: readFileSync(join(root, folder, name), 'utf8') })),
  )

  test('where it is written out', () => {
    const written = sources.flatMap(({ text }) => [...text.matchAll(/new (?:AlveoleError|Told)\(\s*'([^']*)'/g)])
    expect(written.length).toBeGreaterThan(100)
    expect([...new Set(written.map(([, code]) => code))].filter(code => !codes.includes(code as ErrorCode))).toEqual([])
  })

  /** The compiler sees to all other places; past it lead only these casts, of codes that reports hold as text. */
  test('by a cast', () => {
    const casts = sources.filter(({ text }) => / as ErrorCode\b/.test(text)).map(({ name }) => name)
    expect(casts.sort()).toEqual([
      'client/cli/commands/view.ts',
      'client/cli/problem-line.ts',
      'client/web/pages/shared.tsx',
    ])
  })
})

describe('people are told', () => {
  const languages = ['fr', 'en'] as const
  const fields = ['account', 'email', 'name']
  const errors = codes.flatMap(code => [
    new AlveoleError(code),
    ...fields.map(field => new AlveoleError(code, code, { detail: { field } })),
  ])

  test.each(languages)('in %s: what happened, and what to do', language => {
    for (const error of [...errors, new Error('a bug')]) {
      const sentences = errorText(error, language).match(/[^.!?]+[.!?]/g) ?? []
      expect({ code: error.message, sentences: sentences.length }).toEqual({
        code: error.message,
        sentences: expect.toSatisfy(n => n >= 2) as number,
      })
    }
  })

  test.each(languages)('in %s: no words of programmers, and of two codes never the same', language => {
    for (const error of errors) {
      const text = errorText(error, language)
      expect(text).not.toMatch(/HTTP|ETag|null|undefined|JSON|hash|exception|token|\b[45]\d\d\b|https?:|[{}<>_]/i)
    }
    expect(new Set(codes.map(code => errorText(new AlveoleError(code), language))).size).toBe(codes.length)
  })

  test('in each language its own words', () => {
    for (const error of errors) expect(errorText(error, 'fr')).not.toBe(errorText(error, 'en'))
  })

  test('never what the error itself says', () => {
    for (const code of codes)
      for (const language of languages)
        expect(errorText(new AlveoleError(code, 'sesame', { detail: { name: 'sesame' } }), language)).not.toContain(
          'sesame',
        )
  })
})

test('the manual has each, with whose doing it is and how the command line ends', () => {
  const manual = readFileSync(join(root, 'client/core/README.md'), 'utf8')
  const rows = [...manual.matchAll(/^\| `([a-z-]+)` \| (.+) \| (host|person|way) \| (.+) \| (\d+) \|$/gm)]
  const expected = codes.map(code => [code, faultOf[code], String(exitCode(new AlveoleError(code)))])
  expect(rows.map(([, code, , fault, , exit]) => [code, fault, exit]).sort()).toEqual(expected.sort())
})

test('the command line’s manual has the same exit codes', () => {
  const manual = readFileSync(join(root, 'client/cli/README.md'), 'utf8')
  const rows = [...manual.matchAll(/^\| (\d+) \| [^|]+ \| ((?:`[a-z-]+` ?)+)\|$/gm)]
  const told = rows.flatMap(([, exit, names]) => names!.match(/[a-z-]+/g)!.map(code => [code, exit]))
  expect(told.sort()).toEqual(codes.map(code => [code, String(exitCode(new AlveoleError(code)))]).sort())
})
