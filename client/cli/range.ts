/** Ranges of bytes as in HTTP (RFC 9110 §14.1.2): `0-499` has both ends in it, `500-` runs to the end, `-500` is the last 500. */
import { usage } from './told.ts'

/** As arrays have it: `end` is not in it. */
export interface Range {
  start: number
  end: number
}

export function parseRange(text: string): (size: number) => Range {
  const [, first, last] = /^(\d{0,15})-(\d{0,15})$/.exec(text) ?? []
  const isRange = (first || last) && !(first && last && Number(last) < Number(first))
  if (!isRange)
    throw usage(`« ${text} » n’est pas une plage d’octets (0-499).`, `"${text}" is not a range of bytes (0-499).`)
  return size => {
    const start = first ? Number(first) : Math.max(0, size - Number(last))
    const end = first && last ? Math.min(size, Number(last) + 1) : size
    if (start < end) return { start, end }
    throw usage(`La plage ${text} est hors des ${size} octets.`, `The range ${text} lies outside the ${size} bytes.`)
  }
}
