/** Facets in everyday words, as a sentence lists them. */
import { facet } from '#vocab'
import type { Text } from './text.ts'

/** "The image" says little by itself: leaves get the name of what they are part of. */
function words(path: string, { pick }: Text): string {
  const [own, parent] = [facet(path), facet(path.slice(0, path.lastIndexOf('/')))]
  if (!own) return path
  return parent && /^[^/]+\/(entry|source)$/.test(path) ? `${pick(parent.label)} (${pick(own.label)})` : pick(own.label)
}

export const facetWords = (paths: readonly string[], text: Text): string =>
  new Intl.ListFormat(text.language, { type: 'conjunction' }).format(paths.map(path => words(path, text)))
