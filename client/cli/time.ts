/**
 * Dates of the command line: ISO 8601, or a duration from now (`24h`, `30d`, `P1M`). A day alone is local: its first
 * moment as a start, its last as an end. `m` alone could be minutes or months, so it is `min` or `mo`.
 */
import { usage } from './told.ts'

const SECOND = 1000
const units: Record<string, number> = {
  s: SECOND,
  min: 60 * SECOND,
  h: 3600 * SECOND,
  d: 86_400 * SECOND,
  w: 7 * 86_400 * SECOND,
}

export function parseTime(text: string, edge: 'start' | 'end', now: Date = new Date()): Date {
  const found = simpleDuration(text, now) ?? isoDuration(text, now) ?? day(text, edge) ?? instant(text)
  if (found && !Number.isNaN(found.getTime())) return found
  throw usage(
    `« ${text} » n’est ni une date (2027-01-31) ni une durée (24h, 30d, 2w, 3mo, 1y).`,
    `"${text}" is neither a date (2027-01-31) nor a duration (24h, 30d, 2w, 3mo, 1y).`,
  )
}

function simpleDuration(text: string, now: Date): Date | null {
  const [, count, unit = ''] = /^(\d{1,6})(s|min|h|d|w|mo|y)$/.exec(text) ?? []
  if (!count) return null
  const length = units[unit]
  if (length) return new Date(now.getTime() + Number(count) * length)
  return later(now, Number(count) * (unit === 'y' ? 12 : 1))
}

/** Of ISO 8601: P[nY][nM][nW][nD][T[nH][nM][nS]]. */
function isoDuration(text: string, now: Date): Date | null {
  const match = /^P(?=\d|T\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(
    text,
  )
  if (!match) return null
  const [years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = match
    .slice(1)
    .map(part => Number(part ?? 0))
  const length = ((weeks * 7 + days) * 86_400 + hours * 3600 + minutes * 60 + seconds) * SECOND
  return new Date(later(now, years * 12 + months).getTime() + length)
}

/** The same day of a later month, or the month's last day where it has no such day. */
function later(from: Date, months: number): Date {
  const moved = new Date(from)
  moved.setMonth(from.getMonth() + months)
  if (moved.getDate() !== from.getDate()) moved.setDate(0)
  return moved
}

function day(text: string, edge: 'start' | 'end'): Date | null {
  const [, year, month, date] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)?.map(Number) ?? []
  if (year === undefined || month === undefined || date === undefined) return null
  const clock = edge === 'start' ? ([0, 0, 0] as const) : ([23, 59, 59] as const)
  const found = new Date(year, month - 1, date, ...clock)
  return found.getMonth() === month - 1 && found.getDate() === date ? found : null
}

function instant(text: string): Date | null {
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?$/.test(text) ? new Date(text) : null
}
