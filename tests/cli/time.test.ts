import { describe, expect, test } from 'vitest'
import { parseTime } from '../../client/cli/time.ts'

const now = new Date('2026-01-31T10:00:00Z')
const iso = (text: string) => parseTime(text, 'end', now).toISOString()

describe('dates of the command line', () => {
  test.each([
    ['90s', '2026-01-31T10:01:30.000Z'],
    ['15min', '2026-01-31T10:15:00.000Z'],
    ['24h', '2026-02-01T10:00:00.000Z'],
    ['30d', '2026-03-02T10:00:00.000Z'],
    ['2w', '2026-02-14T10:00:00.000Z'],
    ['PT24H', '2026-02-01T10:00:00.000Z'],
    ['P1W2DT3H', '2026-02-09T13:00:00.000Z'],
    ['2027-05-01T12:30:00Z', '2027-05-01T12:30:00.000Z'],
    ['2027-05-01T12:30+02:00', '2027-05-01T10:30:00.000Z'],
  ])('%s', (text, expected) => expect(iso(text)).toBe(expected))

  test('a month later is the last day where the day does not exist', () => {
    for (const text of ['1mo', 'P1M']) expect(parseTime(text, 'end', new Date(2026, 0, 31, 10)).getDate()).toBe(28)
    expect(parseTime('1y', 'end', new Date(2028, 1, 29, 10)).getMonth()).toBe(1)
  })

  test('a day starts with its first moment and ends with its last second', () => {
    expect(parseTime('2027-05-01', 'start', now)).toEqual(new Date(2027, 4, 1))
    expect(parseTime('2027-05-01', 'end', now)).toEqual(new Date(2027, 4, 1, 23, 59, 59))
  })

  test.each([
    '',
    '3m',
    'tomorrow',
    '2027-02-30',
    '2027-13-01',
    '24',
    '-5d',
    'P',
    'PT',
    '1.5h',
    '2027-05-01T25:00Z',
    '9999999d',
  ])('refuses %j', text =>
    expect(() => parseTime(text, 'end', now)).toThrow(expect.objectContaining({ code: 'usage' })),
  )
})
