/** Options that a command cannot do without. */
import type { OptionName, Values } from './options.ts'
import { usage } from './told.ts'

export function required(options: Values, name: OptionName): string {
  const value = options[name]
  if (typeof value === 'string' && value.trim() !== '') return value.trim()
  throw usage(`Il manque --${name} ; voir --help.`, `--${name} is missing; see --help.`)
}

/** One of an option that other commands repeat. */
export function single(options: Values, name: 'facet' | 'collection'): string | undefined {
  const [value, ...more] = options[name] ?? []
  if (more.length) throw usage(`Un seul --${name} ici.`, `Only one --${name} here.`)
  return value
}
