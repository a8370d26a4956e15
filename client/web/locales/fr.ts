/** French. */
import type { en } from './en.ts'
import { offers } from './fr/offers.ts'
import { people } from './fr/people.ts'
import { settings } from './fr/settings.ts'
import { allSpaced } from './fr/spaces.ts'
import { start } from './fr/start.ts'
import { vault } from './fr/vault.ts'

export const fr: typeof en = allSpaced({ ...start, ...vault, ...people, ...offers, ...settings })
