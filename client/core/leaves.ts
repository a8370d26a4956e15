/** The leaf facets that sections may be sealed under. */
import { facets, isLeaf } from '#vocab'

let known: readonly string[] | null = null

export const leaves = (): readonly string[] => (known ??= facets.map(({ path }) => path).filter(isLeaf))
