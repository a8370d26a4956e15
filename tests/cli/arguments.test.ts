import { describe, expect, test } from 'vitest'
import { exitCodeOf } from '../../client/cli/exit-codes.ts'
import { languageOf } from '../../client/cli/language.ts'
import { readLine } from '../../client/cli/options.ts'
import { parseRange } from '../../client/cli/range.ts'
import { printable, table } from '../../client/cli/table.ts'

const usage = expect.objectContaining({ code: 'usage' }) as unknown

describe('command lines', () => {
  test('an option may stand anywhere', () => {
    const { values, positionals } = readLine(['--profile', 'p', 'show', '--json', 'abc'])
    expect(positionals).toEqual(['show', 'abc'])
    expect({ ...values }).toEqual({ profile: 'p', json: true })
  })

  test('an option that may be repeated takes what follows it', () => {
    const { values, positionals } = readLine(['grant', '--facet', 'a', 'b', '--facet', 'c', '--until', '1d', 'left'])
    expect(values.facet).toEqual(['a', 'b', 'c'])
    expect(values.until).toBe('1d')
    expect(positionals).toEqual(['grant', 'left'])
  })

  test.each([[['--nope']], [['list', '--kind']], [['list', '--json=1']]])('refuses %j', line => {
    expect(() => readLine(line)).toThrow(usage)
  })
})

describe('ranges', () => {
  test.each([
    ['0-0', { start: 0, end: 1 }],
    ['10-19', { start: 10, end: 20 }],
    ['90-', { start: 90, end: 100 }],
    ['-5', { start: 95, end: 100 }],
    ['-500', { start: 0, end: 100 }],
    ['50-5000', { start: 50, end: 100 }],
  ])('%s of 100 bytes', (text, expected) => expect(parseRange(text)(100)).toEqual(expected))

  test.each(['', '-', '5', 'a-b', '9-3', '1-2,4-5'])('refuses %j', text =>
    expect(() => parseRange(text)).toThrow(usage),
  )
  test.each(['100-', '100-200', '-0'])('%s lies outside 100 bytes', text =>
    expect(() => parseRange(text)(100)).toThrow(usage),
  )
})

test('the language is that of the locale, LC_ALL first', () => {
  expect(languageOf({ LANG: 'fr_FR.UTF-8' })).toBe('fr')
  expect(languageOf({ LANG: 'fr_FR.UTF-8', LC_ALL: 'C' })).toBe('en')
  expect(languageOf({ LANG: 'fro' })).toBe('en')
  expect(languageOf({})).toBe('en')
})

test('alteration weighs more than any other problem', () => {
  expect(exitCodeOf([])).toBe(0)
  expect(exitCodeOf([{ code: 'offline' }, { code: 'forked' }])).toBe(4)
  expect(exitCodeOf([{ code: 'offline' }, { code: 'conflict' }])).toBe(5)
})

test('what others wrote cannot steer the terminal', () => {
  expect(printable('a\u001B[31mb\u001B]0;title\u0007c\nd\u202Ee')).toBe('abc d e')
  expect(
    table([
      ['a', 'bb'],
      ['ccc', 'd'],
    ]),
  ).toBe('a    bb\nccc  d')
})
