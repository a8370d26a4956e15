/**
 * ANSEL (ANSI/NISO Z39.47, with the additions of GEDCOM 5.5 appendix D), the old encoding of family trees.
 * ASCII below 0x80; letters and signs from 0xA1; from 0xE0 on, marks that come before the letter they sit on.
 */

/** Code points from a first byte on; a space stands for a byte that means nothing. */
const SIGNS: readonly [number, string][] = [
  [0xa1, 'ŁØĐÞÆŒʹ·♭®±ƠƯʼ'],
  [0xb0, 'ʻłøđþæœʺı£ð ơư□■'],
  [0xc0, '°ℓ℗©♯¿¡ß€'],
  [0xcd, 'eoß'],
]

/** Combining marks, in the order of the bytes 0xE0 to 0xFE. */
const MARKS =
  '\u0309\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030c\u030a\ufe20\ufe21\u0315\u030b\u0310\u0327\u0328\u0323\u0324\u0325\u0333\u0332\u0326\u031c\u032e\ufe22\ufe23 \u0303\u0313'

const table = new Map<number, string>()
for (const [first, signs] of SIGNS)
  for (const [index, sign] of Array.from(signs).entries()) table.set(first + index, sign)

const UNKNOWN = '\ufffd'

export interface Decoded {
  text: string
  /** Offset of the first byte that means nothing in the encoding, or -1. */
  bad: number
}

export function decodeAnsel(bytes: Uint8Array): Decoded {
  const out: string[] = []
  let marks = ''
  let bad = -1
  const unknown = (at: number): string => {
    if (bad < 0) bad = at
    return UNKNOWN
  }
  for (const [at, byte] of bytes.entries()) {
    if (byte >= 0xe0) {
      const mark = MARKS[byte - 0xe0]
      if (mark && mark !== ' ') marks += mark
      else out.push(unknown(at))
      continue
    }
    const sign = byte < 0x80 ? String.fromCharCode(byte) : (table.get(byte) ?? ' ')
    const char = byte >= 0x80 && sign === ' ' ? unknown(at) : sign
    out.push(marks === '' ? char : (char + marks).normalize('NFC'))
    marks = ''
  }
  if (marks !== '') out.push(unknown(bytes.length - 1))
  return { text: out.join(''), bad }
}
