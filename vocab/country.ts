/** The country that the words of a place end with, as family trees and addresses write them: `Lyon, Rhône, France`. */

const BOTH = ['fr', 'en'] as const
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.split('')
const folded = (text: string): string => text.trim().toLowerCase().normalize('NFD').replaceAll(/\p{M}/gu, '')

/** ISO 3166-1 codes by the names that the platform knows (Unicode CLDR), in both languages; made when it is first needed. */
let known: ReadonlyMap<string, string> | null = null

function countries(): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const language of BOTH) {
    const names = new Intl.DisplayNames([language], { type: 'region', fallback: 'none' })
    for (const first of LETTERS)
      for (const second of LETTERS) {
        const name = names.of(first + second)
        if (name) found.set(folded(name), name)
      }
  }
  return found
}

/** null: they end with something else, which may be finer. */
export function countryIn(place: string): string | null {
  known ??= countries()
  return known.get(folded(place.split(',').at(-1)!)) ?? null
}
