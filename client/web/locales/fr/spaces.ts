/**
 * French sets a space before « : ; ! ? » and inside guillemets, at which no line may end (Imprimerie nationale, Lexique des règles
 * typographiques). The texts are written with ordinary spaces, since the others cannot be told apart in an editor.
 */
const BEFORE = / (?=[;!?])/g
const AROUND = / (?=[:»])|(?<=«) /g

export const spaced = (text: string): string => text.replace(BEFORE, '\u202f').replace(AROUND, '\u00a0')

type Texts = { readonly [name: string]: unknown }

/** All texts of a catalogue, those that a function makes too. */
export const allSpaced = <T extends Texts>(catalogue: T): T =>
  Object.fromEntries(Object.entries(catalogue).map(([name, value]) => [name, spacedValue(value)])) as T

function spacedValue(value: unknown): unknown {
  if (typeof value === 'string') return spaced(value)
  if (typeof value === 'function') return (...of: unknown[]) => spacedValue(Reflect.apply(value, undefined, of))
  if (Array.isArray(value)) return value.map(spacedValue)
  return typeof value === 'object' && value !== null ? allSpaced(value as Texts) : value
}
