/**
 * French sets a space before « : ; ! ? » and inside guillemets, at which no line may end (Imprimerie nationale, Lexique des règles
 * typographiques). The texts are written with ordinary spaces, since the others cannot be told apart in an editor.
 */
import type { Language } from '#vocab'

const BEFORE = / (?=[;!?])/g
const AROUND = / (?=[:»])|(?<=«) /g

export const spaced = (text: string): string => text.replace(BEFORE, '\u202f').replace(AROUND, '\u00a0')

/** What core says in this language, as a page sets it. */
export const setIn = <T>(language: Language, said: T): T => (language === 'fr' ? (spacedIn(said) as T) : said)

type Texts = { readonly [name: string]: unknown }

/** All texts of a catalogue, those that a function makes too. */
export const allSpaced = <T extends Texts>(catalogue: T): T =>
  Object.fromEntries(Object.entries(catalogue).map(([name, value]) => [name, spacedIn(value)])) as T

function spacedIn(value: unknown): unknown {
  if (typeof value === 'string') return spaced(value)
  if (typeof value === 'function') return (...of: unknown[]) => spacedIn(Reflect.apply(value, undefined, of))
  if (Array.isArray(value)) return value.map(spacedIn)
  return typeof value === 'object' && value !== null ? allSpaced(value as Texts) : value
}
