/** English. The French catalogue has the same type, so that a missing string fails the build. */
import { offers } from './en/offers.ts'
import { people } from './en/people.ts'
import { settings } from './en/settings.ts'
import { start } from './en/start.ts'
import { vault } from './en/vault.ts'

export const en = { ...start, ...vault, ...people, ...offers, ...settings }
