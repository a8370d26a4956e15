/** The words of a new rescue kit, shown once and kept in memory only until the person says they have them. */
import { observable } from './observable.ts'

export const freshKit = observable<readonly string[] | null>(null)
