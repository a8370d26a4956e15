/** Plurals by the rules of the language (CLDR, through Intl). */
import type { Language } from '#vocab'

/** French also has "many" (a million and more), whose words here are those of "other". */
interface Forms {
  one: (count: string) => string
  other: (count: string) => string
}

export function pluralOf(language: Language): (count: number, forms: Forms) => string {
  const rules = new Intl.PluralRules(language)
  const digits = new Intl.NumberFormat(language)
  return (count, { one, other }) => (rules.select(count) === 'one' ? one : other)(digits.format(count))
}
