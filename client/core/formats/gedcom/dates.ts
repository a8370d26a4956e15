/**
 * GEDCOM dates (5.5.1, DATE_VALUE). A plain Gregorian date becomes ISO 8601 of its own precision; about, before,
 * between and the like keep their words with the bounds they give; other calendars keep their words.
 */
import type { Json } from '#vocab'

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
const PLAIN = /^(?:(?:(\d{1,2})\s+)?([A-Z]{3})\s+)?(\d{3,4})$/
const pad = (number: number | string, width: number): string => String(number).padStart(width, '0')

function plain(text: string): string | null {
  const match = PLAIN.exec(text.replace(/^@#DGREGORIAN@\s*/, '').trim())
  if (!match) return null
  const [, day, name, year] = match
  if (name === undefined) return pad(year ?? '', 4)
  const month = MONTHS.indexOf(name) + 1
  if (month === 0) return null
  const iso = `${pad(year ?? '', 4)}-${pad(month, 2)}`
  if (day === undefined) return iso
  const date = new Date(`${iso}-${pad(day, 2)}T00:00:00Z`)
  return date.getUTCMonth() + 1 === month ? `${iso}-${pad(day, 2)}` : null
}

const bounds = (text: string, start: string | null, end: string | null): Json => ({
  text,
  ...(start !== null && { start }),
  ...(end !== null && { end }),
})

export function gedcomDate(value: string): Json | undefined {
  const text = value.trim()
  if (text === '') return undefined
  const upper = text.toUpperCase()
  const exact = plain(upper)
  if (exact !== null) return exact
  const two = /^(?:BET|FROM)\s+(.+?)\s+(?:AND|TO)\s+(.+)$/.exec(upper)
  if (two) return bounds(text, plain(two[1] ?? ''), plain(two[2] ?? ''))
  const one = /^(ABT|CAL|EST|AFT|FROM|BEF|TO|INT)\.?\s+([^(]+)/.exec(upper)
  const date = one ? plain((one[2] ?? '').trim()) : null
  const isEnd = one?.[1] === 'BEF' || one?.[1] === 'TO'
  return bounds(text, isEnd ? null : date, isEnd ? date : null)
}

/** The latest year that a date allows; null when it sets no upper bound that we can read. */
export function latestYear(value: string): number | null {
  const upper = value.toUpperCase()
  if (/^\s*(AFT|FROM(?!.*\sTO\s))/.test(upper) || /@#D(?!GREGORIAN|JULIAN)/.test(upper)) return null
  if (/B\.?\s?C\.?/.test(upper)) return 0
  const years = [...upper.matchAll(/\b(\d{3,4})\b/g)].map(match => Number(match[1]))
  return years.length > 0 ? Math.max(...years) : null
}
