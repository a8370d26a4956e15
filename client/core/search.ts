/** Search as people type it: accents and case aside, words in any order. */

export const fold = (text: string): string =>
  text
    .normalize('NFKD')
    .replaceAll(/\p{Diacritic}/gu, '')
    .toLowerCase()

/** Words recur: to fold one costs microseconds, to look it up a fraction of one. */
const folded = new Map<string, string>()
const REMEMBERED = 50_000

export function foldWord(word: string): string {
  let known = folded.get(word)
  if (known === undefined) {
    if (folded.size === REMEMBERED) folded.clear()
    folded.set(word, (known = fold(word)))
  }
  return known
}

export function forgetWords(): void {
  folded.clear()
}

export function matcher(query: string): (folded: string) => boolean {
  const words = fold(query).split(/\s+/).filter(Boolean)
  return folded => words.every(word => folded.includes(word))
}
