/** Columns of text, as wide as their widest cell; the last one runs on. */
import { stripVTControlCharacters } from 'node:util'

/** One line, and nothing in it that a terminal would obey: names come from files and from other people. */
export const printable = (text: string): string =>
  stripVTControlCharacters(text).replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\u200E\u200F\u202A-\u202E\u2066-\u2069]+/gu, ' ')

export function table(rows: readonly (readonly string[])[]): string {
  const cells = rows.map(row => row.map(printable))
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map(row => row[column]?.length ?? 0)))
  return cells
    .map(row => row.map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at] ?? 0))).join('  '))
    .join('\n')
}
