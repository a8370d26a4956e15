/** When an access ends: a length from now, or the end of a day of the person's own calendar. */

export interface Ending {
  how: '1' | '7' | '30' | 'quarter' | 'date'
  at: Date
}

const DAY = 24 * 3600_000

export const inDays = (days: 1 | 7 | 30): Ending => ({ how: `${days}`, at: new Date(Date.now() + days * DAY) })

export function inThreeMonths(): Ending {
  const at = new Date()
  at.setMonth(at.getMonth() + 3)
  return { how: 'quarter', at }
}

/** The whole of the last day is in, whatever the zone (`2027-01-31` → that evening at 23:59:59 here). */
export function endOfDay(day: string): Ending {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  return { how: 'date', at: new Date(year, month - 1, date, 23, 59, 59) }
}

/** `2027-01-31`, of this zone. */
export const dayOf = (date: Date): string =>
  [date.getFullYear(), date.getMonth() + 1, date.getDate()].map(part => String(part).padStart(2, '0')).join('-')
