/** Search as people type it: accents, ligatures and case aside, words in any order. */

/** What is left of these by no decomposition of Unicode's. */
const SPELLED: { [character: string]: string } = { œ: 'oe', Œ: 'oe', æ: 'ae', Æ: 'ae', ß: 'ss', ẞ: 'ss', '’': "'" }

/** Whatever is not ASCII recurs, in pieces of a letter or two: to decompose one costs microseconds, to look it up a fraction of one. */
const plain = new Map<string, string>()
const REMEMBERED = 10_000

function plainOf(piece: string): string {
  let known = plain.get(piece)
  if (known === undefined) {
    if (plain.size === REMEMBERED) plain.clear()
    const bare = piece.normalize('NFKD').replaceAll(/\p{Mn}/gu, '')
    plain.set(piece, (known = bare.replaceAll(/[œŒæÆßẞ’]/gu, character => SPELLED[character]!)))
  }
  return known
}

export const fold = (text: string): string => text.replaceAll(/[\u0080-\uffff]+/g, plainOf).toLowerCase()

export function forgetWords(): void {
  plain.clear()
}

export function matcher(query: string): (folded: string) => boolean {
  const words = fold(query).split(/\s+/).filter(Boolean)
  return folded => words.every(word => folded.includes(word))
}
